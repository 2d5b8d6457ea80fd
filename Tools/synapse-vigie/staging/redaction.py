"""Act three: the verdict `redact` changes what is stored."""

from __future__ import annotations

from staging.scene import Scene
from staging.vigie import BLACKED, CLEAN, MARKED

_WORD = "TLP:AMBER"


def play(scene: Scene) -> None:
    """Sends with and without the option and asserts."""
    report, ann, bob = scene.report, scene.ann, scene.bob
    report.section("redaction is off")
    scene.refused("it is a refusal then", ann.say(scene.public, BLACKED), verdict="redact")
    report.section("redaction is on")
    scene.server.start([scene.module(redact=True)])
    html = {"format": "org.matrix.custom.html", "formatted_body": f"<p>{_WORD}</p><p>Note</p>"}
    answer = ann.say(scene.public, BLACKED, **html)
    scene.stored("a message with a part that is blacked out", answer)
    report.check("the room does not hold that part", not bob.holds(scene.public, _WORD))
    report.check("the room holds the rest", bob.holds(scene.public, "Note de situation"))
    report.check("the room shows that something is gone", bob.holds(scene.public, "█"))
    body = ann.history(scene.public)[0]["content"]["body"]
    report.check("the sender sees the same", _WORD not in body, body)
    scene.refused("a marked message is refused still", ann.say(scene.public, MARKED))
    scene.stored("a harmless message passes", ann.say(scene.public, CLEAN))
    refused = ann.create_room(preset="public_chat", name="DIFFUSION RESTREINTE - note")
    scene.refused("a marked name of a room is refused", refused)
    made = ann.create_room(preset="public_chat", topic=BLACKED)
    scene.stored("a room whose topic has a part to black out", made)
    if made.status == 200:
        room = made.body["room_id"]
        topic = ann.call("GET", f"client/v3/rooms/{room}/state/m.room.topic").body.get("topic")
        report.check("its topic is blacked out", _WORD not in topic and "█" in topic, topic)
        bob.join(room)
        report.check("others can join it", bob.holds(room, "█"))
    before = scene.server.metrics("vigie_module_judged_total", hook="event")
    ann.say(scene.public, CLEAN)
    after = scene.server.metrics("vigie_module_judged_total", hook="event")
    report.equal("a message is judged once, not by both callbacks", after - before, 1.0)
    scene.server.start([scene.module()])
