"""The callbacks against the double over a real socket, and what they answer to Synapse."""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

from double import Double, Judge
from prometheus_client import REGISTRY
from synapse.api.room_versions import RoomVersions
from synapse.events import EventBase, make_event_from_dict
from synapse.module_api import NOT_SPAM
from synapse.module_api.errors import Codes, SynapseError
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from synapse_vigie.client import VigieClient
from synapse_vigie.config import Config
from synapse_vigie.module import VigieModule

WORDS = {
    "block": ["tungstène"],
    "redact": ["baryum"],
    "warn": ["cobalt"],
    "everywhere": ["polonium"],
}
# Twisted's interfaces are no types that a checker can read.
REACTOR: Any = reactor

PUBLIC = {"m.room.join_rules": {"join_rule": "public"}}
PRIVATE = {
    "m.room.join_rules": {"join_rule": "invite"},
    "m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2"},
}

# What each fault of the double is to the module.
FAULTS = {
    "close-mid-frame": "lost",
    "close": "lost",
    "garbage": "garbled",
    "too-long": "garbled",
    "not-json": "garbled",
    "not-an-object": "garbled",
    "short": "garbled",
    "wrong-number": "garbled",
    "wrong-kind": "garbled",
    "unknown-kind": "garbled",
    "no-verdict": "garbled",
    "odd-verdict": "garbled",
    "protocol-2": "garbled",
    "refuse-hello": "lost",
    "error-frame": "refused",
}


class FakeApi:
    """The part of Synapse's ModuleApi that the module uses."""

    server_name = "here"

    def __init__(self) -> None:
        self.callbacks: dict[str, Any] = {}
        self.state: dict[str, Any] = PUBLIC
        self.is_broken = False

    def register_spam_checker_callbacks(self, **callbacks: Any) -> None:
        self.callbacks.update(callbacks)

    def register_third_party_rules_callbacks(self, **callbacks: Any) -> None:
        self.callbacks.update(callbacks)

    def is_mine(self, user: str) -> bool:
        return user.endswith(":here")

    async def get_room_state(self, room: str, keys: Any) -> dict[tuple[str, str], Any]:
        if self.is_broken:
            raise RuntimeError("database")
        return state(self.state)


def state(contents: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """State as Synapse gives it."""
    return {(kind, ""): SimpleNamespace(content=one) for kind, one in contents.items()}


def event(
    body: str = "", kind: str = "m.room.message", sender: str = "@ann:here", **content: Any
) -> EventBase:
    """An event as Synapse makes it."""
    if body:
        content.update(msgtype="m.text", body=body)
    return make_event_from_dict(
        {
            "type": kind,
            "room_id": "!room",
            "sender": sender,
            "content": content,
            "origin_server_ts": 1,
            "depth": 1,
            "auth_events": ["$a"],
            "prev_events": ["$b"],
            "hashes": {"sha256": "x"},
            "signatures": {},
            "unsigned": {"age_ts": 1},
        },
        RoomVersions.V11,
    )


def counted(name: str, **labels: str) -> float:
    """A metric as it stands."""
    return REGISTRY.get_sample_value(name, labels) or 0


class ModuleTests(TestCase):
    timeout = 30

    def setUp(self) -> None:
        # Sockets have short paths: not the deep directory that trial gives each test.
        self.directory = tempfile.mkdtemp(prefix="vigie-")
        self.path = os.path.join(self.directory, "s")
        self.judge = Judge(WORDS, None, self.directory)
        self.double = Double(REACTOR, self.judge)
        self.api = FakeApi()
        self.client: VigieClient | None = None
        self.listen()
        self.make()
        self.logs: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: self.logs.append(record.getMessage())  # type: ignore[method-assign]
        logger = logging.getLogger("synapse_vigie")
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        self.addCleanup(logger.removeHandler, handler)

    def listen(self) -> None:
        self.port = REACTOR.listenUNIX(self.path, self.double)

    def make(self, **config: Any) -> None:
        """A module with a configuration of its own."""
        if self.client is not None:
            self.client.close()
        # Where a test waits for the timeout it is short; elsewhere a loaded machine must not fail.
        parsed = Config.parse({"socket": self.path, "timeout_ms": 20_000, **config})
        self.client = VigieClient(REACTOR, self.path)
        self.module = VigieModule(parsed, self.api, self.client)  # type: ignore[arg-type]

    async def tearDown(self) -> None:  # type: ignore[override]
        assert self.client is not None
        self.client.close()
        await self.port.stopListening()
        gone: Deferred[None] = Deferred()
        REACTOR.callLater(0, gone.callback, None)
        await gone
        for connection in list(self.double.connections):
            connection.transport.abortConnection()
        shutil.rmtree(self.directory)

    async def send(self, *arguments: Any, **options: Any) -> Any:
        return await self.module.check_event_for_spam(event(*arguments, **options))

    async def refused(self, asked: Coroutine[Any, Any, Any]) -> SynapseError:
        try:
            await asked
        except SynapseError as error:
            return error
        self.fail("nothing was refused")

    # Events

    async def test_what_is_sent(self) -> None:
        self.assertEqual(await self.send("bonjour"), NOT_SPAM)
        kind, request = self.judge.seen[0]
        self.assertEqual(kind, 0x04)
        self.assertEqual(request["language"], "fr")
        self.assertEqual(request["room"]["join_rule"], "public")
        self.assertIsNone(request["room"]["encryption"])
        self.assertEqual(request["event"]["content"], {"msgtype": "m.text", "body": "bonjour"})
        self.assertTrue(request["event"]["event_id"].startswith("$"))
        self.assertNotIn("auth_events", request["event"])

    async def test_a_refusal_in_the_words_of_the_client(self) -> None:
        code, fields = await self.send("du tungstène ici")
        self.assertEqual(code, Codes.FORBIDDEN)
        self.assertEqual(fields["errcode"], "ORG_VIGIE_BLOCKED")
        self.assertEqual(fields["error"], "Non envoyé : « é ».\nNot sent.")
        summary = fields["org.vigie"]
        self.assertEqual(summary["verdict"], "block")
        self.assertEqual(summary["tip"]["en"], "Not sent.")
        self.assertEqual(summary["findings_total"], 1)
        found = summary["findings"][0]
        self.assertEqual(found["rule"], "double.word")
        self.assertEqual(found["range"], [3, 12])
        for key in ("fingerprint", "evidence", "confidence"):
            self.assertNotIn(key, found)

    async def test_namespace_errcode_and_language_are_the_operators(self) -> None:
        self.make(namespace="fr.example.dlp", errcode="FR_EXAMPLE", languages="de")
        _, fields = await self.send("tungstène")
        self.assertEqual(fields["errcode"], "FR_EXAMPLE")
        self.assertEqual(fields["error"], "Not sent.", "English where no language fits")
        self.assertIn("fr.example.dlp", fields)

    async def test_all_that_people_write(self) -> None:
        word = "Tungstène"
        written: list[tuple[str, dict[str, Any]]] = [
            ("m.room.message", {"msgtype": "m.text", "body": word}),
            (
                "m.room.message",
                {
                    "msgtype": "m.text",
                    "body": "* ok",
                    "m.new_content": {"msgtype": "m.text", "body": word},
                    "m.relates_to": {"rel_type": "m.replace", "event_id": "$x"},
                },
            ),
            ("m.room.message", {"msgtype": "m.image", "body": word, "filename": "a.png"}),
            ("m.room.message", {"msgtype": "m.file", "body": "ok", "filename": word + ".pdf"}),
            (
                "m.room.message",
                {
                    "msgtype": "m.text",
                    "body": word,
                    "m.relates_to": {"rel_type": "m.thread", "event_id": "$x"},
                },
            ),
            (
                "m.poll.start",
                {"m.poll": {"question": {"m.text": "?"}, "answers": [{"m.text": word}]}},
            ),
            ("m.room.topic", {"topic": word}),
            ("m.room.name", {"name": word}),
            ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "key": word}}),
        ]
        for kind, content in written:
            answer = await self.module.check_event_for_spam(event(kind=kind, **content))
            self.assertEqual(answer[0], Codes.FORBIDDEN, (kind, content))

    async def test_the_room_decides(self) -> None:
        self.api.state = PRIVATE
        self.assertEqual(await self.send("tungstène"), NOT_SPAM)

    async def test_state_that_cannot_be_read_is_unknown(self) -> None:
        self.api.is_broken = True
        self.assertEqual((await self.send("tungstène"))[0], Codes.FORBIDDEN)
        self.assertEqual(self.judge.seen[0][1]["room"], {"id": "!room"})

    async def test_state_that_cannot_be_understood_is_unknown(self) -> None:
        self.api.state = {"m.room.join_rules": 7}
        self.assertEqual((await self.send("tungstène"))[0], Codes.FORBIDDEN)
        self.assertEqual(self.judge.seen[0][1]["room"], {"id": "!room"})
        self.double.fault = "close"
        _, fields = await self.send("x")
        self.assertEqual(fields["errcode"], "ORG_VIGIE_NOT_JUDGED")

    async def test_encrypted_events_are_sent_too(self) -> None:
        self.api.state = PRIVATE
        self.assertEqual(await self.send(kind="m.room.encrypted", ciphertext="x"), NOT_SPAM)
        self.assertEqual(self.judge.seen[0][1]["event"]["type"], "m.room.encrypted")

    async def test_warn_is_refused_with_a_way_out(self) -> None:
        _, fields = await self.send("cobalt")
        self.assertEqual(fields["org.vigie"]["verdict"], "warn")
        token = fields["org.vigie"]["override"]["token"]
        override = {"org.vigie.override": {"token": token, "justification": "oui"}}
        self.assertEqual(await self.send("cobalt", **override), NOT_SPAM)

    async def test_warn_can_pass(self) -> None:
        self.make(warn="pass")
        self.assertEqual(await self.send("cobalt"), NOT_SPAM)
        self.assertEqual((await self.send("tungstène"))[0], Codes.FORBIDDEN)

    # Redaction

    async def test_redaction_without_the_option_is_a_refusal(self) -> None:
        self.assertNotIn("check_event_allowed", self.api.callbacks)
        self.assertEqual((await self.send("baryum"))[0], Codes.FORBIDDEN)

    async def test_redaction_replaces_the_content(self) -> None:
        self.make(redact=True)
        allowed, replaced = await self.module.check_event_allowed(event("du BARYUM"), state(PUBLIC))
        assert replaced is not None
        self.assertTrue(allowed)
        self.assertEqual(replaced["content"]["body"], "du █")
        self.assertEqual(replaced["sender"], "@ann:here")
        self.assertEqual(await self.send("du █"), NOT_SPAM)
        self.assertEqual(len(self.judge.seen), 1, "judged twice")

    async def test_redaction_refuses_and_passes_too(self) -> None:
        self.make(redact=True)
        asked = self.module.check_event_allowed(event("tungstène"), state(PUBLIC))
        error = await self.refused(asked)
        self.assertEqual((error.code, error.errcode), (403, "ORG_VIGIE_BLOCKED"))
        self.assertIn("org.vigie", error.error_dict(None))
        passed = await self.module.check_event_allowed(event("tungstène"), state(PRIVATE))
        self.assertEqual(passed, (True, None))

    async def test_redaction_has_the_same_fail_policy(self) -> None:
        self.make(redact=True)
        self.double.fault = "close"
        error = await self.refused(self.module.check_event_allowed(event("x"), state(PUBLIC)))
        self.assertEqual((error.code, error.errcode), (403, "ORG_VIGIE_NOT_JUDGED"))
        passed = await self.module.check_event_allowed(event("x"), state(PRIVATE))
        self.assertEqual(passed, (True, None))

    async def test_redaction_leaves_events_of_other_servers_to_the_other_callback(self) -> None:
        self.make(redact=True)
        self.assertEqual((await self.send("baryum", sender="@bob:there"))[0], Codes.FORBIDDEN)

    async def test_members_are_not_asked_about(self) -> None:
        self.make(redact=True)
        member = event(kind="m.room.member", membership="join", displayname="Tungstène")
        passed = await self.module.check_event_allowed(member, state(PUBLIC))
        self.assertEqual((passed, self.judge.seen), ((True, None), []))

    # Rooms to be created

    async def test_rooms_to_be_created(self) -> None:
        create = self.module.user_may_create_room
        self.assertEqual(await create("@ann:here", {"name": "Annonces"}), NOT_SPAM)
        self.assertEqual(await create("@ann:here", {}), NOT_SPAM)
        for request in (
            {"name": "Tungstène"},
            {"name": "ok", "topic": "Tungstène"},
            {"initial_state": [{"type": "m.room.topic", "content": {"topic": "Tungstène"}}]},
        ):
            answer = await create("@ann:here", request)
            self.assertEqual(answer[0], Codes.FORBIDDEN, request)
            self.assertEqual(answer[1]["errcode"], "ORG_VIGIE_BLOCKED")  # type: ignore[index]

    # Uploads

    def upload(self, text: str, **info: Any) -> Any:
        path = os.path.join(self.directory, "upload")
        with open(path, "w") as file:
            file.write(text)
        facts = {"server_name": None, "file_id": "abc", "url_cache": False, "thumbnail": None}
        wrapper: Any = SimpleNamespace(path=path)
        return self.module.check_media_file_for_spam(wrapper, SimpleNamespace(**{**facts, **info}))  # type: ignore[arg-type]

    async def test_an_upload_is_inspected_and_remembered(self) -> None:
        self.assertEqual(await self.upload("du tungstène"), NOT_SPAM, "its room may allow it")
        self.assertEqual(self.judge.seen[0][1]["id"], "mxc://here/abc")
        file = {"msgtype": "m.file", "body": "a.pdf", "url": "mxc://here/abc"}
        self.assertEqual((await self.send(**file))[0], Codes.FORBIDDEN)

    async def test_an_upload_that_no_room_may_hold(self) -> None:
        error = await self.refused(self.upload("du polonium"))
        self.assertEqual((error.code, error.errcode), (403, "ORG_VIGIE_BLOCKED"))
        self.assertEqual(error.error_dict(None)["org.vigie"]["verdict"], "block")

    async def test_files_of_other_servers_have_their_name(self) -> None:
        await self.upload("x", server_name="there")
        self.assertEqual(self.judge.seen[0][1]["id"], "mxc://there/abc")

    async def test_thumbnails_and_previews_are_left_out(self) -> None:
        self.assertEqual(await self.upload("polonium", thumbnail=object()), NOT_SPAM)
        self.assertEqual(await self.upload("polonium", url_cache=True), NOT_SPAM)
        self.assertEqual(self.judge.seen, [])

    async def test_uploads_can_be_left_out(self) -> None:
        self.api.callbacks.clear()
        self.make(uploads=False)
        self.assertIsNone(self.api.callbacks["check_media_file_for_spam"])

    async def test_the_media_store_may_have_another_path_for_vigie(self) -> None:
        self.make(media_root={"synapse": self.directory, "vigie": "/srv/media"})
        await self.upload("x")
        self.assertEqual(self.judge.seen[0][1]["path"], "/srv/media/upload")

    # Faults

    async def test_each_fault_gives_the_fail_policy_a_log_line_and_a_count_and_heals(self) -> None:
        for fault, reason in FAULTS.items():
            for room, fail in ((PUBLIC, "closed"), (PRIVATE, "open")):
                self.make()
                self.api.state = room
                self.double.fault = fault
                labels = {"hook": "event", "reason": reason, "fail": fail}
                before = counted("vigie_module_failures_total", **labels)
                self.logs.clear()
                answer = await self.send("des bonbons")
                self.assertEqual(answer == NOT_SPAM, fail == "open", (fault, fail))
                after = counted("vigie_module_failures_total", **labels)
                self.assertEqual(after - before, 1, (fault, reason))
                lines = [line for line in self.logs if "not judged" in line]
                self.assertEqual(len(lines), 1, self.logs)
                self.assertIn(f"{reason} after", lines[0])
                self.assertIn(f"fail policy {fail}", lines[0])
                self.assertNotIn("bonbons", "".join(self.logs))
                if fail == "closed":
                    self.assertEqual(answer[1]["errcode"], "ORG_VIGIE_NOT_JUDGED")
                    self.assertEqual(answer[1]["org.vigie"]["failure"], reason)
                    self.assertIn("vérifié", answer[1]["error"])
                self.double.fault = "none"
                await self.heals()

    async def heals(self) -> None:
        """Judges again, without being told, within the longest back-off."""
        for _ in range(300):
            answer = await self.send("tungstène") if self.api.state is PUBLIC else await self.send()
            failed = answer != NOT_SPAM and "failure" in answer[1]["org.vigie"]
            if not failed and self.judge.seen:
                return
            pause: Deferred[None] = Deferred()
            REACTOR.callLater(0.01, pause.callback, None)
            await pause
        self.fail("it did not heal")

    async def test_hung(self) -> None:
        self.make(timeout_ms=30)
        self.double.fault = "hang"
        _, fields = await self.send("x")
        self.assertEqual(fields["org.vigie"]["failure"], "late")
        self.assertEqual(fields["errcode"], "ORG_VIGIE_NOT_JUDGED")
        self.double.fault = "none"
        self.make()
        self.assertEqual(await self.send("x"), NOT_SPAM)

    async def test_nobody_listens_and_comes_back(self) -> None:
        await self.port.stopListening()
        _, fields = await self.send("x")
        self.assertEqual(fields["org.vigie"]["failure"], "absent")
        self.assertEqual(await self.upload("polonium"), NOT_SPAM, "uploads fail open")
        self.listen()
        await self.heals()

    async def test_the_servers_own_fail_policy_is_told_apart(self) -> None:
        for fault, word in (("own-failure", "late"), ("odd-failure", "?")):
            self.double.fault = fault
            labels = {"hook": "event", "reason": word, "fail": "closed"}
            before = counted("vigie_module_failures_total", **labels)
            _, fields = await self.send("x")
            self.assertEqual(fields["errcode"], "ORG_VIGIE_NOT_JUDGED")
            self.assertEqual(counted("vigie_module_failures_total", **labels) - before, 1)
        self.assertNotIn("\n", "".join(self.logs))

    async def test_odd_lists_do_not_hide_a_verdict(self) -> None:
        self.double.fault = "odd-lists"
        _, fields = await self.send("tungstène")
        self.assertEqual(fields["org.vigie"]["findings"], [])
        self.assertIn("refusé", fields["error"])

    async def test_moderation_is_never_refused_because_nobody_judged(self) -> None:
        self.double.fault = "close"
        for kind in ("m.room.redaction", "m.room.power_levels", "m.room.join_rules"):
            self.assertEqual(await self.send(kind=kind), NOT_SPAM)
        self.double.fault = "none"
        await self.heals()
        answer = await self.send(kind="m.room.redaction", reason="tungstène")
        self.assertEqual(answer[0], Codes.FORBIDDEN, "but it is judged")

    async def test_events_of_other_servers_have_their_own_fail_policy(self) -> None:
        self.double.fault = "close"
        self.assertEqual(await self.send("x", sender="@bob:there"), NOT_SPAM)
        self.make(fail={"remote": "closed"})
        self.assertEqual((await self.send("x", sender="@bob:there"))[0], Codes.FORBIDDEN)

    async def test_rooms_to_be_created_are_redacted_where_events_can_be(self) -> None:
        request = {"name": "baryum"}
        answer = await self.module.user_may_create_room("@ann:here", request)
        self.assertEqual(answer[0], Codes.FORBIDDEN)
        self.make(redact=True)
        self.assertEqual(await self.module.user_may_create_room("@ann:here", request), NOT_SPAM)

    async def test_rooms_to_be_created_have_a_fail_policy(self) -> None:
        self.double.fault = "close"
        create = self.module.user_may_create_room
        self.assertEqual(await create("@ann:here", {"name": "x"}), NOT_SPAM)
        self.make()
        request = {"name": "x", "topic": "y", "preset": "public_chat"}
        answer = await self.module.user_may_create_room("@ann:here", request)
        self.assertEqual(answer[0], Codes.FORBIDDEN)

    async def test_an_event_that_cannot_be_sent_is_a_failure_not_an_exception(self) -> None:
        broken: Any = SimpleNamespace(
            sender="@ann:here", room_id="!room", type="m.room.message", event_id="$e"
        )
        answer: Any = await self.module.check_event_for_spam(broken)
        self.assertEqual(answer[1]["org.vigie"]["failure"], "internal")

    async def test_logs_hold_no_text(self) -> None:
        await self.send("tungstène confidentiel")
        refused = [line for line in self.logs if "refused" in line]
        self.assertEqual(len(refused), 1)
        self.assertIn("double.word", refused[0])
        self.assertNotIn("tungst", json.dumps(self.logs, ensure_ascii=False).lower())
