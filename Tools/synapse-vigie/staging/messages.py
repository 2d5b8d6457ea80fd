"""Act one: what people write, in rooms of each kind, and what clients and rooms have afterwards."""

from __future__ import annotations

from typing import Any

from staging.scene import ENCRYPTION, Scene
from staging.vigie import CLEAN, MARKED, NOWHERE, PERSONAL

_TITLE = "DIFFUSION RESTREINTE"


def play(scene: Scene) -> None:
    """Sends messages and asserts."""
    _texts(scene)
    _places(scene)
    _encrypted(scene)
    _warn(scene)
    _names(scene)
    _quiet(scene)


def _texts(scene: Scene) -> None:
    report, ann, bob = scene.report, scene.ann, scene.bob
    report.section("messages")
    scene.stored("a harmless message in a public room", ann.say(scene.public, CLEAN))
    report.check("the room holds it", bob.holds(scene.public, CLEAN))
    answer = ann.say(scene.public, MARKED)
    summary = scene.refused("a marked message in a public room", answer, level="restricted")
    report.check("the room does not hold it", not bob.holds(scene.public, _TITLE))
    findings = summary.get("findings") or [{}]
    report.check("the summary says where", "range" in findings[0], summary)
    report.check("the summary does not quote", _TITLE not in str(summary), summary)
    hidden = {"fingerprint", "evidence", "confidence"} & set(findings[0])
    report.equal("the summary keeps evidence to itself", hidden, set())
    report.check("the error is in both languages", "\n" in str(answer.body.get("error")), answer)
    report.check("both tips are there", {"fr", "en"} <= set(summary.get("tip") or {}), summary)
    scene.refused("the same in a private room without encryption", ann.say(scene.private, MARKED))
    scene.stored("the same in a private encrypted room", ann.say(scene.encrypted, MARKED))


def _places(scene: Scene) -> None:
    scene.report.section("edits, captions, file names, threads, polls, reactions")
    ann, room = scene.ann, scene.public
    first = ann.say(room, CLEAN).body["event_id"]
    text: dict[str, Any] = {"msgtype": "m.text", "body": MARKED}
    edit = {**text, "body": f"* {MARKED}", "m.new_content": text}
    edit["m.relates_to"] = {"rel_type": "m.replace", "event_id": first}
    scene.refused("an edit", ann.send(room, edit))
    hidden = {**edit, "body": "* ok"}
    scene.refused("an edit whose fallback hides it", ann.send(room, hidden))
    fine = {**edit, "body": f"* {CLEAN}", "m.new_content": {**text, "body": CLEAN}}
    scene.stored("a harmless edit", ann.send(room, fine))
    media = ann.upload(b"png", "a.png", "image/png").body["content_uri"]
    image: dict[str, Any] = {"msgtype": "m.image", "url": media, "body": MARKED}
    image |= {"filename": "a.png"}
    scene.refused("a caption", ann.send(room, image))
    name = "DIFFUSION RESTREINTE note.png"
    scene.refused("a file name", ann.send(room, {**image, "body": name, "filename": name}))
    scene.stored("a harmless image", ann.send(room, {**image, "body": "a.png"}))
    thread = {"rel_type": "m.thread", "event_id": first}
    scene.refused("an answer in a thread", ann.send(room, {**text, "m.relates_to": thread}))
    html = {"format": "org.matrix.custom.html", "formatted_body": f"<b>{_TITLE}</b><br>Note"}
    scene.refused("HTML", ann.send(room, {"msgtype": "m.text", "body": "Note", **html}))
    for kind, poll in _polls():
        scene.refused(f"a poll ({kind})", ann.send(room, poll, kind))
    reaction = {"rel_type": "m.annotation", "event_id": first, "key": _TITLE}
    scene.refused("a reaction", ann.send(room, {"m.relates_to": reaction}, "m.reaction"))
    thumb = {"rel_type": "m.annotation", "event_id": first, "key": "👍"}
    scene.stored("a harmless reaction", ann.send(room, {"m.relates_to": thumb}, "m.reaction"))
    scene.report.check("the room holds none of it", not scene.bob.holds(room, _TITLE))
    redact = ann.call("PUT", f"client/v3/rooms/{room}/redact/{first}/r1", {"reason": "erreur"})
    scene.stored("a redaction", redact)


def _polls() -> list[tuple[str, dict[str, Any]]]:
    old = {
        "org.matrix.msc3381.poll.start": {
            "question": {"org.matrix.msc1767.text": "Où ?"},
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "answers": [{"id": "1", "org.matrix.msc1767.text": MARKED}],
        }
    }
    new = {
        "m.text": [{"body": "Où ?"}],
        "m.poll": {
            "question": {"m.text": [{"body": MARKED}]},
            "answers": [{"m.id": "1", "m.text": [{"body": "Ici"}]}],
        },
    }
    return [("org.matrix.msc3381.poll.start", old), ("m.poll.start", new)]


def _encrypted(scene: Scene) -> None:
    scene.report.section("what is encrypted end to end")
    ciphertext = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEpABqOCAaP6NqXQcEWZLBSU5D6",
        "session_id": "s",
        "device_id": "D",
    }
    answer = scene.ann.send(scene.encrypted, ciphertext, "m.room.encrypted")
    scene.stored("an encrypted event in an encrypted room", answer)
    scene.report.check(
        "the room holds its ciphertext", scene.bob.holds(scene.encrypted, ciphertext["ciphertext"])
    )
    file = {"url": f"mxc://{scene.server.name}/none", "v": "v2", "key": {}, "iv": "", "hashes": {}}
    content = {"msgtype": "m.file", "body": "a.pdf", "file": file}
    scene.stored("an encrypted file", scene.ann.send(scene.encrypted, content))


def _warn(scene: Scene) -> None:
    report, ann = scene.report, scene.ann
    report.section("warnings and their override")
    said = scene.refused("personal data", ann.say(scene.private, PERSONAL), verdict="warn")
    report.check("the room does not hold it", not scene.bob.holds(scene.private, "1 85 05"))
    override = said.get("override") or {}
    if not report.check("the sender may override", bool(override.get("token")), said):
        return
    wish = {"token": override["token"], "justification": "demande de la personne"}
    again = ann.say(scene.private, PERSONAL, **{"org.vigie.override": wish})
    scene.stored("sent again with the token and a reason", again)
    report.check("the room holds it", scene.bob.holds(scene.private, "1 85 05"))
    forged = {**wish, "token": "forged"}
    answer = ann.say(scene.private, PERSONAL, **{"org.vigie.override": forged})
    scene.refused("a token that is not from Vigie", answer, verdict="warn")


def _names(scene: Scene) -> None:
    report, ann = scene.report, scene.ann
    report.section("names and topics of rooms")
    for kind, key in (("m.room.topic", "topic"), ("m.room.name", "name")):
        scene.refused(f"a {key}", ann.set(scene.public, kind, {key: f"{_TITLE} - note"}))
        scene.stored(f"a harmless {key}", ann.set(scene.public, kind, {key: "Annonces"}))
    public = {"preset": "public_chat", "room_alias_name": "never"}
    for what, settings in (
        ("name", {"name": f"{_TITLE} - note"}),
        ("topic", {"topic": f"{_TITLE} - note"}),
        (
            "state",
            {"initial_state": [{"type": "m.room.topic", "content": {"topic": f"{_TITLE} - x"}}]},
        ),
    ):
        scene.refused(f"createRoom, {what}", ann.create_room(**public, **settings))
    alias = ann.call("GET", "client/v3/directory/room/%23never:" + scene.server.name)
    report.equal("no room came of it", alias.status, 404)
    encrypted = {"preset": "private_chat", "initial_state": [ENCRYPTION]}
    answer = ann.create_room(name=f"{_TITLE} - note", **encrypted)
    scene.stored("createRoom where the policy allows it", answer)
    answer = ann.create_room(name=NOWHERE, **encrypted)
    scene.refused("createRoom with what no room may hold", answer, level="top-secret")
    answer = ann.call("POST", f"client/v3/rooms/{scene.private}/upgrade", {"new_version": "11"})
    scene.stored("an upgrade of a room", answer)


def _quiet(scene: Scene) -> None:
    scene.report.section("no second leak")
    log = scene.server.log_since(0)
    scene.report.check("Synapse's log tells of refusals", "refused: verdict block" in log)
    for word in (_TITLE, "1 85 05", "réunion", "note.png"):
        scene.report.check(f"Synapse's log does not say {word!r}", word not in log)
    audit = scene.vigie.audit_text()
    scene.report.check("Vigie's audit has reviews", '"verdict":"block"' in audit.replace(" ", ""))
    for word in (_TITLE, "1 85 05", "note.png"):
        scene.report.check(f"Vigie's audit does not say {word!r}", word not in audit)
    judged = scene.server.metrics("vigie_module_judged_total", outcome="refused")
    scene.report.check("refusals are counted", judged > 0, judged)
    failures = scene.server.metrics("vigie_module_failures_total")
    scene.report.equal("nothing went unjudged", failures, 0.0)
