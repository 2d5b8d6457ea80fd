"""Act seven: a policy server (MSC4284), whose signature a real Synapse verifies."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from staging.federation import FRONT_TIMEOUT, Federation
from staging.homeserver import Answer, Client, request
from staging.processes import StageError, wait_until
from staging.report import Report
from staging.scene import NAMESPACE, SLACK, Scene
from staging.vigie import CLEAN, MARKED

_TITLE = "DIFFUSION RESTREINTE"
_KEY = "ed25519:policy_server"


@dataclass
class _Act:
    """What every part of the act needs."""

    report: Report
    world: Federation
    ann: Client
    # The member that the policy server must have.
    watch: Client
    room: str

    def room_of(self, version: str) -> str:
        """A room with a policy server, and its member in it."""
        room = self.ann.room(preset="public_chat", room_version=version)
        self.watch.join(room, self.world.near.name)
        set_policy = self.ann.set(room, "m.room.policy", self.world.policy())
        if set_policy.status != 200:
            raise StageError(f"no policy server: {set_policy}")
        return room

    def refused(self, what: str, answer: Answer) -> dict[str, Any]:
        """Asserts that Vigie's own refusal reached the client; returns its summary."""
        body = answer.body if isinstance(answer.body, dict) else {}
        summary: dict[str, Any] = body.get(NAMESPACE) or {}
        seen = (answer.status, body.get("errcode"), summary.get("verdict"))
        holds = seen == (400, "M_FORBIDDEN", "block") and "mention" in str(body.get("error"))
        self.report.check(f"{what}: 400 M_FORBIDDEN and Vigie's text", holds, answer)
        return summary

    def signed(self, what: str, answer: Answer) -> None:
        """Asserts that an event was taken, with the signature of the policy server."""
        stored = answer.status == 200
        keys = self.world.signatures(answer.body["event_id"]) if stored else set()
        self.report.check(f"{what}: 200, and signed", keys == {_KEY}, (answer, keys))


def play(scene: Scene) -> None:
    """Sends and asserts."""
    report = scene.report
    report.section("a policy server")
    vigie = scene.programs.vigie
    if scene.vigie.is_double or vigie is None:
        report.skip("a policy server", "needs --serve, as the double does not sign, and --vigie")
        return
    with Federation(scene, vigie) as world:
        ann, watch = world.near.register("ann"), world.far.register("watch")
        act = _Act(report, world, ann, watch, "")
        act.room = act.room_of("12")
        _judged(act)
        _others(act)
        _versions(act)
        _member(act)
        _forged(act)
        _broken(act)


def _judged(act: _Act) -> None:
    report, ann, room = act.report, act.ann, act.room
    act.signed("a harmless message", ann.say(room, CLEAN))
    summary = act.refused("a marked message", ann.say(room, MARKED))
    report.equal("the summary says the level", summary.get("level"), "restricted")
    report.check("the summary does not quote", _TITLE not in str(summary), summary)
    topic = ann.set(room, "m.room.topic", {"topic": f"{_TITLE} - note"})
    act.refused("a marked topic", topic)
    topic = ann.set(room, "m.room.topic", {"topic": "Annonces"})
    act.signed("a harmless topic", topic)
    report.check("the room holds nothing of it", not ann.holds(room, _TITLE))
    ciphertext = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA", "session_id": "s"}
    answer = ann.send(room, {**ciphertext, "device_id": "D"}, "m.room.encrypted")
    act.signed("an encrypted event", answer)
    url = f"http://127.0.0.1:{act.world.vigie.port}/v1/check"
    report.equal("the rest of Vigie needs its token", request("POST", url, {}).status, 401)


def _others(act: _Act) -> None:
    """Servers that do not ask the policy server themselves are asked about."""
    act.report.section("a message of a server that did not ask")
    # Synapse never asks a policy server of its own name, so that this one sends without asking.
    for text in (MARKED, CLEAN):
        sent = act.watch.say(act.room, f"{text}, d'ailleurs")
        act.report.equal("its own server takes it", sent.status, 200)
    wait_until("a message of the other server", lambda: act.ann.holds(act.room, "d'ailleurs"), 20)
    act.report.check("a harmless one arrives", act.ann.holds(act.room, f"{CLEAN}, d'ailleurs"))
    act.report.check("a marked one does not", not act.ann.holds(act.room, _TITLE))


def _versions(act: _Act) -> None:
    """What a signature covers depends on the room's version, which events do not show."""
    report, ann, world = act.report, act.ann, act.world
    report.section("versions of rooms")
    eleven, ten = act.room_of("11"), act.room_of("10")
    for room, version in ((eleven, "11"), (ten, "10")):
        act.signed(f"a harmless message in a room of version {version}", ann.say(room, CLEAN))
    act.signed("power levels in a room of version 11", _invite(act, eleven, 10))
    answer = _invite(act, ten, 10)
    report.equal("those of version 10 are refused", answer.status, 403)
    world.start_vigie(None, "--room-version", "10")
    act.signed("with --room-version 10 they pass", _invite(act, ten, 20))
    act.signed("and messages of version 12 still", ann.say(act.room, CLEAN))
    world.start_vigie()


def _invite(act: _Act, room: str, level: int) -> Answer:
    path = f"client/v3/rooms/{room}/state/m.room.power_levels"
    levels = act.ann.call("GET", path).body
    return act.ann.set(room, "m.room.power_levels", {**levels, "invite": level})


def _member(act: _Act) -> None:
    report, ann = act.report, act.ann
    report.section("the member of the policy server")
    room = ann.room(preset="public_chat")
    ann.set(room, "m.room.policy", act.world.policy())
    answer = ann.say(room, MARKED)
    report.equal("where it has none, nobody is asked: a marked message", answer.status, 200)
    act.world.far.stop()
    act.signed("its server need not run: a harmless message", ann.say(act.room, CLEAN))
    act.refused("a marked one", ann.say(act.room, MARKED))


def _forged(act: _Act) -> None:
    report, world = act.report, act.world
    report.section("a signature that is not the policy server's")
    world.start_vigie(world.other_key)
    answer = act.ann.say(act.room, "rien de spécial")
    report.equal("another key: refused", answer.status, 403)
    report.check("the room does not hold it", not act.ann.holds(act.room, "rien de spécial"))
    world.start_vigie()
    answer = act.ann.say(act.room, CLEAN)
    act.signed("the right key", answer)
    # A signature covers the hash of a content, not the content: it would be good for another one.
    event = world.event(answer.body["event_id"])
    url = f"http://127.0.0.1:{world.vigie.port}/_matrix/policy/v1/sign"
    again = request("POST", url, event)
    report.equal("an event as it is, sent by hand, is signed", again.status, 200)
    event["content"]["body"] = "rien de spécial"
    again = request("POST", url, event)
    report.equal("one whose hash is that of another content is not", again.status, 400)


def _broken(act: _Act) -> None:
    report, world = act.report, act.world
    report.section("no policy server")
    world.vigie.hang()
    _closed(act, "it hangs, and the front gives up", FRONT_TIMEOUT)
    world.vigie.wake()
    act.signed("awake", act.ann.say(act.room, CLEAN))
    world.vigie.kill()
    _closed(act, "it is gone, and the front says so")
    world.far_front.stop()
    _closed(act, "the front is gone")
    world.start_far_front()
    world.start_vigie()
    wait_until("the policy server", lambda: act.ann.say(act.room, CLEAN).status == 200, 10)
    act.signed("back", act.ann.say(act.room, CLEAN))
    act.refused("back, a marked message", act.ann.say(act.room, MARKED))


def _closed(act: _Act, what: str, least: float = 0) -> None:
    started = time.monotonic()
    answer = act.ann.say(act.room, "perdu")
    seconds = time.monotonic() - started
    act.report.equal(f"{what}: refused", answer.status, 500)
    act.report.check(f"in {seconds:.2f} s", seconds < least + SLACK, seconds)
    act.report.check("the room does not hold it", not act.ann.holds(act.room, "perdu"))
