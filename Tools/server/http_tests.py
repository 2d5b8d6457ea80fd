"""HTTP of a running vigie-serve: against its own OpenAPI document, and what homeservers ask."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from running import TOKEN
from shared import MARKED, PRIVATE, PUBLIC, VIGIE, Shared


class HTTPTests(Shared):
    """HTTP, against its own OpenAPI document."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.document = cls.server.json("GET", "/openapi.json")

    def valid(self, method: str, path: str, status: int, data: bytes, template: str | None = None) -> Any:
        """The JSON of an answer, which must be one that the document describes."""
        responses = self.document["paths"][template or path][method]["responses"]
        self.assertIn(str(status), responses)
        content = responses[str(status)]["content"]
        if "application/json" not in content:
            return data.decode()
        value = json.loads(data)
        schema = {**content["application/json"]["schema"], "components": self.document["components"]}
        faults = [error.message for error in Draft202012Validator(schema).iter_errors(value)]
        self.assertEqual(faults, [])
        return value

    def ask(self, method: str, path: str, body: Any = None, template: str | None = None, **options: Any) -> tuple[int, Any]:
        status, _, data = self.server.ask(method.upper(), path, body, **options)
        return status, self.valid(method, path, status, data, template)

    def test_document_is_valid(self) -> None:
        validate(self.document)

    def test_every_operation_answers_as_described(self) -> None:
        event = {"type": "m.room.message", "sender": "@a:b", "content": {"body": MARKED}}
        asked = set()
        for method, path, body, template, expected in [
            ("post", "/v1/check", {"id": "1", "body": MARKED}, None, 200),
            ("post", "/v1/check", {"id": "1", "bodi": "x"}, None, 400),
            ("post", "/v1/check", b"\xff\x00", None, 400),
            ("post", "/v1/files?id=mxc://a/1&name=a.txt", MARKED.encode(), "/v1/files", 200),
            ("post", "/v1/files", b"x", None, 400),
            ("post", "/v1/events", {"event": event, "room": {"id": "!r", "join_rule": "public"}}, None, 200),
            ("post", "/v1/events", {"event": event, "room": {"id": "!r", "joinrule": "public"}}, None, 400),
            ("post", "/v1/events", {"event": {}}, None, 400),
            ("post", "/v1/synapse/check_event_for_spam", {"event": event}, "/v1/synapse/{callback}", 403),
            ("post", "/v1/synapse/check_event_for_spam", {"event": {}}, "/v1/synapse/{callback}", 400),
            ("post", "/v1/synapse/ping", {"id": "x"}, "/v1/synapse/{callback}", 200),
            ("get", "/v1/rules", None, None, 200),
            ("post", "/v1/reload", None, None, 200),
            ("get", "/healthz", None, None, 200),
            ("get", "/readyz", None, None, 200),
            ("get", "/metrics", None, None, 200),
            ("get", "/openapi.json", None, None, 200),
        ]:
            with self.subTest(path=path, body=str(body)[:40]):
                status, _ = self.ask(method, path, body, template)
                self.assertEqual(status, expected)
            asked.add(template or path)
        self.assertEqual(asked | {"/v1/batch", "/_matrix/policy/v1/sign"}, set(self.document["paths"]))

    def test_token(self) -> None:
        for token in (None, "", "wrong", TOKEN + "x", TOKEN[:-1]):
            status, headers, data = self.server.ask("POST", "/v1/check", {"id": "1"}, tcp=True, token=token)
            self.assertEqual(status, 401)
            self.assertEqual(headers["www-authenticate"], "Bearer")
            self.valid("post", "/v1/check", 401, data)
        self.assertEqual(self.server.ask("POST", "/v1/check", {"id": "1"}, tcp=True)[0], 200)
        self.assertEqual(self.server.ask("GET", "/healthz", tcp=True, token=None)[0], 200)
        self.assertEqual(self.server.ask("GET", "/metrics", tcp=True, token=None)[0], 401)

    def test_unknown_paths(self) -> None:
        self.assertEqual(self.server.ask("GET", "/nothing")[0], 404)
        self.assertEqual(self.server.ask("POST", "/v1/check/", {"id": "1"})[0], 200)

    def test_methods(self) -> None:
        for method, path, allowed in (
            ("GET", "/v1/check", "POST"),
            ("HEAD", "/v1/check", "POST"),
            ("OPTIONS", "/v1/events", "POST"),
            ("GET", "/v1/reload", "POST"),
            ("POST", "/metrics", "GET"),
            ("GET", "/v1/synapse/ping", "POST"),
            ("PUT", "/healthz", "GET, HEAD"),
        ):
            with self.subTest(method=method, path=path):
                status, headers, _ = self.server.ask(method, path)
                self.assertEqual((status, headers["allow"]), (405, allowed))
        # A balancer that asks with HEAD, and without a token.
        for path in ("/healthz", "/readyz"):
            status, _, data = self.server.ask("HEAD", path, tcp=True, token=None)
            self.assertEqual((status, data), (200, b""))
        self.assertEqual(self.server.ask("HEAD", "/v1/check", tcp=True, token=None)[0], 401)

    def test_refusals_say_what_to_do(self) -> None:
        for path, body, status, words in (
            ("/v1/check", b" " * ((16 << 20) + 1), 413, b"longer than 16777216 bytes (--max-body)"),
            ("/v1/synapse/check_event_for_spam", b"{", 400, b"M_NOT_JSON"),
            ("/v1/synapse/check_event_for_spam", b"[]", 400, b"M_BAD_JSON"),
            ("/v1/synapse/check_event_for_spam", b'{"type":"m.room.message"}', 400, b"'event' is missing"),
        ):
            with self.subTest(path=path, words=words):
                got, _, data = self.server.ask("POST", path, body)
                self.assertEqual(got, status)
                self.assertIn(words, data)
                self.assertNotIn(b"Bad Request", data)
        packed = gzip.compress(b'{"id":"1"}')
        status, _, data = self.server.ask("POST", "/v1/check", packed, headers={"Content-Encoding": "gzip"})
        self.assertEqual(status, 415)
        self.assertIn(b"Content-Encoding", data)

    def test_metrics_page(self) -> None:
        self.server.ask("POST", "/v1/check", {"id": "1", "attachments": [{"name": "n.txt", "media": "mxc://a/none"}]})
        page = self.server.ask("GET", "/metrics")[2].decode()
        kinds = dict(line.split(" ")[2:4] for line in page.splitlines() if line.startswith("# TYPE "))
        told = {line.split(" ")[2] for line in page.splitlines() if line.startswith("# HELP ")}
        self.assertEqual(told, set(kinds))
        self.assertIn("vigie_audit_lost", kinds)
        for line in page.splitlines():
            if not line.startswith("#"):
                name = re.split(r"[ {]", line)[0]
                self.assertIn(re.sub(r"_(bucket|sum|count)$", "", name), kinds, line)
        # What waited is judged: nothing waits any more.
        self.assertEqual(self.server.metric("vigie_hook_waiting"), 0)

    def test_batch_keeps_the_order_and_goes_on_after_a_fault(self) -> None:
        lines = [json.dumps({"id": str(n), "body": MARKED if n % 100 == 0 else "bonjour"}) for n in range(5000)]
        lines[7] = '{"id":"7"'
        _, headers, data = self.server.ask("POST", "/v1/batch", "\n".join(lines).encode())
        self.assertEqual(headers["content-type"], "application/jsonl")
        answers = [json.loads(line) for line in data.decode().splitlines()]
        self.assertEqual([answer["id"] for answer in answers], [str(n) for n in range(5000)])
        self.assertEqual(answers[7]["error"]["line"], 8)
        blocked = [n for n, answer in enumerate(answers) if answer.get("verdict") == "block"]
        self.assertEqual(blocked, list(range(0, 5000, 100)))

    def test_channels(self) -> None:
        for channel, verdict in ((PUBLIC, "block"), (PRIVATE, "log")):
            body = {"id": "1", "body": MARKED, "channel": channel}
            self.assertEqual(self.ask("post", "/v1/check", body)[1]["verdict"], verdict)

    def test_upload_is_judged_where_it_is_posted(self) -> None:
        media = "mxc://agence.example/upload"
        status, review = self.ask("post", f"/v1/files?id={media}&name=n.txt", MARKED.encode(), "/v1/files")
        # A private room may have it, so an upload, which has no room, passes.
        self.assertEqual((status, review["verdict"]), (200, "log"))
        for channel, verdict in ((PUBLIC, "block"), (PRIVATE, "log"), (PUBLIC, "block")):
            body = {
                "id": "1",
                "channel": channel,
                "attachments": [{"name": "x"}, {"name": "n.txt", "media": media}],
            }
            review = self.ask("post", "/v1/check", body)[1]
            self.assertEqual(review["verdict"], verdict)
            self.assertEqual(review["findings"][0]["place"]["part"], "attachments/1")
        body["attachments"] = [{"name": "n.txt", "media": "mxc://agence.example/never"}]
        review = self.ask("post", "/v1/check", body)[1]
        self.assertEqual([gap["reason"] for gap in review["gaps"]], ["missing"])

    def test_large_upload(self) -> None:
        data = b"ligne ordinaire\n" * (1 << 18) + MARKED.encode()
        review = self.ask("post", "/v1/files?id=mxc://a/large", data, "/v1/files")[1]
        self.assertEqual(review["findings"][0]["range"][0], len(data) - len(MARKED))

    def test_override(self) -> None:
        nir = "Mon numéro de sécurité sociale est le 1 85 05 78 006 084 91."
        body = {"id": "1", "body": nir, "sender": "@a:b", "channel": PUBLIC}
        review = self.ask("post", "/v1/check", body)[1]
        self.assertEqual(review["verdict"], "warn")
        wish = {"token": review["override"]["token"], "justification": "c'est le mien"}
        again = self.ask("post", "/v1/check", {**body, "override": wish})[1]
        self.assertEqual(again["verdict"], "log")
        self.assertNotIn("override", again)
        for change in ({"body": nir + "!"}, {"sender": "@c:b"}, {"channel": {**PUBLIC, "id": "!q"}}):
            review = self.ask("post", "/v1/check", {**body, **change, "override": wish})[1]
            self.assertEqual(review["verdict"], "warn")
        marked = self.ask("post", "/v1/check", {**body, "body": MARKED})[1]
        self.assertEqual(marked["verdict"], "block")
        self.assertNotIn("override", marked)

    def test_files_beneath_the_root_only(self) -> None:
        root = self.folder.name
        with open(os.path.join(root, "a.txt"), "w", encoding="utf-8") as file:
            file.write(MARKED)
        os.makedirs(os.path.join(root, "d", "e"), exist_ok=True)
        shutil.copy(os.path.join(root, "a.txt"), os.path.join(root, "d", "e", "b.txt"))
        for link, target in (("link", "a.txt"), ("etc", "/etc"), ("pipe", None)):
            path = os.path.join(root, link)
            if not os.path.lexists(path):
                os.symlink(target, path) if target else os.mkfifo(path)

        def check(path: str) -> tuple[int, Any]:
            return self.ask("post", "/v1/check", {"id": "1", "attachments": [{"name": "n", "path": path}]})

        for path in ("a.txt", "d/e/b.txt", os.path.join(root, "a.txt"), os.path.join(root, "d/e/b.txt")):
            status, review = check(path)
            self.assertEqual((status, review["verdict"]), (200, "block"), path)
        for path in (
            "/etc/passwd", "../a.txt", "d/../a.txt", "./a.txt", "d//e/b.txt", "link", "etc/passwd", "pipe", "d",
            "", "/", root, "a.txt/", "none", "a.txt\u0000x", root + "x/a.txt",
        ):
            status, answer = check(path)
            self.assertEqual((status, answer["error"]["code"]), (400, "not-allowed"), path)
            self.assertNotIn("passwd", json.dumps(answer))

    def test_hostile_bodies(self) -> None:
        for body in (b"", b"[" * 100_000, b'{"id":"1","body":"\\ud800"}', b'{"id":1}', b"null", b'{"id":"1","id":"2"}'):
            status, _ = self.ask("post", "/v1/check", body)
            self.assertIn(status, (200, 400))
        status, _, data = self.server.ask("POST", "/v1/check", b'{"id":"1","body":"' + b"a" * (1 << 24) + b'"}')
        self.assertEqual(status, 413)
        self.valid("post", "/v1/check", 413, data)
        self.assertEqual(self.server.ask("GET", "/healthz")[0], 200)

    def test_nothing_of_a_message_is_logged(self) -> None:
        self.ask("post", "/v1/check", {"id": "1", "body": "Zanzibarbapapa DIFFUSION RESTREINTE"})
        self.ask("post", "/v1/check", b'{"id":"1","body":"Zanzibarbapapa')
        kept = self.server.complaints()
        for name in os.listdir(self.server.audit):
            with open(os.path.join(self.server.audit, name), encoding="utf-8") as file:
                kept += file.read()
        self.assertNotIn("Zanzibar", kept)


class MatrixTests(Shared):
    """What homeservers ask over HTTP."""

    options = ("--policy-server-name", "policy.example", "--language", "en")

    @classmethod
    def setUpClass(cls) -> None:
        cls.keys = tempfile.TemporaryDirectory(prefix="vigie-key-")
        key = os.path.join(cls.keys.name, "key")
        subprocess.run([VIGIE, "rules", "bundle", "--generate-key", "--key", key], check=True, capture_output=True)
        cls.options = (*cls.options, "--policy-server-key", key)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.keys.cleanup()

    @staticmethod
    def event(body: str, **members: Any) -> dict[str, Any]:
        """An event as homeservers send it to one another, its hash included."""
        event = {
            "type": "m.room.message", "sender": "@a:b", "room_id": "!r:b", "auth_events": [], "prev_events": [],
            "depth": 3, "origin_server_ts": 1780303800000, "content": {"msgtype": "m.text", "body": body}, **members,
        }
        canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = base64.b64encode(hashlib.sha256(canonical.encode()).digest()).decode().rstrip("=")
        return {**event, "hashes": {"sha256": digest}, "signatures": {}}

    def test_policy_server_signs_what_may_pass(self) -> None:
        for path in ("/_matrix/policy/v1/sign", "/_matrix/policy/unstable/org.matrix.msc4284/sign"):
            # Homeservers have no token of ours.
            status, _, data = self.server.ask("POST", path, self.event("bonjour"), tcp=True, token=None)
            self.assertEqual(status, 200)
            answer = json.loads(data)
            self.assertEqual(list(answer), ["policy.example"])
            self.assertEqual(len(answer["policy.example"]["ed25519:policy_server"]), 86)
            status, _, data = self.server.ask("POST", path, self.event(MARKED), tcp=True, token=None)
            self.assertEqual((status, json.loads(data)["errcode"]), (400, "M_FORBIDDEN"))
            self.assertIn("protective marking", json.loads(data)["error"])
        # A signature covers the hash: a harmless text under the hash of another one gets none.
        swapped = {**self.event("bonjour"), "hashes": self.event(MARKED)["hashes"]}
        for bad in (json.dumps(swapped).encode(), b"{", b"[]", b"{}", json.dumps(self.event("x", depth=1.5)).encode()):
            status, _, data = self.server.ask("POST", path, bad, tcp=True, token=None)
            self.assertEqual(status, 400, data)

    def test_a_client_that_waits_is_asked_for_its_body(self) -> None:
        body = json.dumps({"id": "1", "body": MARKED}).encode()
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(self.server.socket)
            client.sendall(
                b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                b"Connection: close\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
            )
            self.assertEqual(client.recv(4096).split(b"\r\n")[0], b"HTTP/1.1 100 Continue")
            client.sendall(body)
            answer = b""
            while data := client.recv(65536):
                answer += data
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer[:200])
        self.assertIn(b'"verdict":"block"', answer)

    def test_synapse_antispam(self) -> None:
        def ask(callback: str, body: Any) -> tuple[int, Any]:
            status, _, data = self.server.ask("POST", "/v1/synapse/" + callback, body)
            return status, json.loads(data)

        self.assertEqual(ask("ping", {"id": "abc"}), (200, {"id": "abc", "status": "ok"}))
        self.assertEqual(ask("check_event_for_spam", {"event": self.event("bonjour")}), (200, {}))
        status, refusal = ask("check_event_for_spam", {"event": self.event(MARKED)})
        self.assertEqual((status, refusal["errcode"]), (403, "M_FORBIDDEN"))
        self.assertEqual(refusal["org.vigie"]["findings"][0]["rule"], "fr.diffusion-restreinte")
        self.assertEqual(ask("user_may_invite", {"inviter": "@a:b"}), (200, {}))
        # A path misspelt in a configuration must not let everything pass.
        status, refusal = ask("check_event_for_spm", {"event": self.event(MARKED)})
        self.assertEqual((status, refusal["errcode"]), (404, "M_UNRECOGNIZED"))
        self.assertEqual(ask("check_username_for_spam", {"user_profile": {"display_name": "Ann"}}), (200, {}))
        self.assertEqual(ask("check_username_for_spam", {"user_profile": {"display_name": "NATO SECRET"}})[0], 403)
