"""Frames of a running vigie-serve, and how it starts, stops, reloads and dies."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from frames import CHECK, ERROR, EVENT, FILE, HELLO, Connection, frame
from running import TOKEN, Server
from shared import MARKED, PRIVATE, PUBLIC, ROOT, SERVE, VIGIE, Shared


class FrameTests(Shared):
    """The framed protocol."""

    def test_messages_events_and_faults(self) -> None:
        connection = Connection(self.server.socket)
        self.assertEqual(connection.identity[0], 0x81)
        self.assertEqual(connection.ask(CHECK, {"id": "1", "body": MARKED})["verdict"], "block")
        event = {"type": "m.room.topic", "sender": "@a:b", "state_key": "", "content": {"topic": MARKED}}
        for rule, verdict in (("public", "block"), ("invite", "log")):
            room = {"id": "!r", "join_rule": rule, "encryption": None if rule == "public" else "m.megolm.v1.aes-sha2"}
            self.assertEqual(connection.ask(EVENT, {"event": event, "room": room})["verdict"], verdict)
        for kind, payload in ((CHECK, b"{"), (CHECK, b""), (EVENT, b"[]"), (EVENT, {"event": 1}), (FILE, {"id": "x"}), (99, {})):
            connection.send(kind, 5, payload)
            self.assertEqual(connection.receive()[:2], (ERROR, 5))
        self.assertEqual(connection.ask(CHECK, {"id": "2"})["verdict"], "allow")
        connection.close()

    def test_version(self) -> None:
        for first in (frame(CHECK, 1, {"id": "1"}), frame(HELLO, 1, {"protocol": 2}), frame(HELLO, 1, b"x")):
            connection = Connection(self.server.socket, hello=False)
            connection.socket.sendall(first)
            self.assertEqual(connection.receive()[0], ERROR)
            self.assertIsNone(connection.receive())
            connection.close()

    def test_lengths_nobody_sends(self) -> None:
        for head in (b"\x01\x00\x00\x01", b"\x00\x00\x00\x00", b"\x00\x00\x00\x04"):
            connection = Connection(self.server.socket)
            connection.socket.sendall(head)
            self.assertEqual(connection.receive()[0], ERROR)
            self.assertIsNone(connection.receive())
            connection.close()

    def test_pipeline(self) -> None:
        connection = Connection(self.server.socket)
        path = os.path.join(self.folder.name, "many.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(MARKED)
        data = b"".join(
            frame(FILE, n, {"id": f"mxc://a/{n}", "path": path})
            if n % 50 == 0
            else frame(CHECK, n, {"id": str(n), "body": MARKED if n % 7 == 0 else "bonjour"})
            for n in range(1, 2001)
        )
        threading.Thread(target=connection.socket.sendall, args=(data,)).start()
        answers = [connection.receive() for _ in range(2000)]
        self.assertEqual(sorted(answer[1] for answer in answers), list(range(1, 2001)))
        for kind, number, review in answers:
            if number % 50:
                self.assertEqual((kind, review["id"]), (0x82, str(number)))
                self.assertEqual(review["verdict"], "block" if number % 7 == 0 else "allow")
            else:
                self.assertEqual((kind, review["id"]), (0x83, f"mxc://a/{number}"))
        connection.close()

    def test_who_does_not_read_is_not_read_from(self) -> None:
        connection = Connection(self.server.socket)
        one = frame(CHECK, 1, {"id": "1", "body": MARKED})
        connection.socket.settimeout(2)
        sent = 0
        with self.assertRaises(TimeoutError):
            while sent < 1 << 28:
                sent += connection.socket.send(one * 100)
        connection.close()
        self.assertEqual(self.server.ask("GET", "/healthz")[0], 200)

    def test_half_frames_and_silence(self) -> None:
        for data in (b"", b"\x00", b"\x00\x00\x01", frame(HELLO, 0, {"protocol": 1})[:-1], b"G", b"GET / HT"):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(self.server.socket)
                client.sendall(data)
        self.assertEqual(self.server.ask("GET", "/healthz")[0], 200)

    def test_redaction(self) -> None:
        event = {"type": "m.room.message", "sender": "@a:b", "content": {"body": f"ci-joint\n{MARKED}"}}
        policy = os.path.join(self.folder.name, "redact.yaml")
        with open(policy, "w", encoding="utf-8") as file:
            file.write("policy: redact\ntitle: t\ncases:\n  - { name: all, verdict: redact }\n  - { name: gaps, when: { gap: any }, verdict: log }\n")
        with Server(SERVE, "--policy", policy, tcp=False) as server:
            connection = Connection(server.socket)
            review = connection.ask(EVENT, {"event": event})
            self.assertEqual(review["verdict"], "redact")
            self.assertEqual(review["content"]["body"], "ci-joint\n█████████ ██████████\nNote de service")
            event["content"] = {"body": "NATO SECRET.pdf", "url": "mxc://a/b", "msgtype": "m.file"}
            review = connection.ask(EVENT, {"event": event})
            self.assertEqual(review["verdict"], "block")
            self.assertNotIn("content", review)
            connection.close()
            self.assertEqual(server.stop(), 0)


class LifeTests(unittest.TestCase):
    """Starting, stopping, reloading, dying."""

    def test_start_refusals(self) -> None:
        for options, words in (
            ((), "no address"),
            (("--listen", "127.0.0.1:0"), "needs a token"),
            (("--listen", "nowhere"), "needs a token"),
            (("--socket", "x" * 200), "1 to 106 bytes"),
            (("--socket", "/nowhere/at/all.sock"), "the server ended: --socket /nowhere/at/all.sock: no such file or directory\n  mend: make the folder"),
            (("--socket", __file__), "a file that is no socket"),
            (("--socket", "/tmp/x.sock", "--audit", "/proc/none"), "/proc/none: cannot be made"),
            (("--socket", "/tmp/x.sock", "--audit", "/sys/none"), "/sys/none: cannot be made: operation not permitted"),
            (("--socket", "/tmp/x.sock", "--attachment-root", "/nowhere"), "mend: name a folder that exists"),
            (("--socket", "/tmp/x.sock", "--rules", "/nowhere"), "nowhere"),
            (("--socket", "/tmp/x.sock", "--fail-from", "x=y"), "LEVEL=MODE"),
            (("--socket", "/tmp/x.sock", "--threads", "0"), "at least 1"),
            (("--socket", "/tmp/x.sock", "--audit-file-size", "5"), "--audit-file-size says nothing without --audit"),
            (("--socket", "/tmp/x.sock", "--audit-days", "5"), "--audit-days says nothing without --audit"),
            (("--socket", "/tmp/x.sock", "--audit", "/tmp/x", "--audit-days", "5x"), "no age"),
            (("--socket", "/tmp/x.sock", "--audit", "/tmp/x", "--audit-days", "12h"), "between 1 and 365000"),
            (("--socket", "/tmp/"), "ends in a name"),
            (("--socket", "/tmp/x.sock", "--policy-server-name", "x"), "go together"),
        ):
            environment = {k: v for k, v in os.environ.items() if k != "VIGIE_TOKEN"}
            ended = subprocess.run([SERVE, *options], capture_output=True, timeout=60, env=environment, check=False)
            with self.subTest(options=options):
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertIn(words, ended.stderr.decode())
        known = {**os.environ, "VIGIE_TOKEN": TOKEN}
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            for where, words in (
                (address, f"--listen {address}: address already in use\n  mend: another process listens there"),
                # No name of so many letters is asked of a name server: RFC 1035, 2.3.4 allows 63 between two dots.
                (f"{'n' * 64}:80", f"the name '{'n' * 64}' is not known here\n  mend: name an address of this machine"),
            ):
                ended = subprocess.run([SERVE, "--listen", where], capture_output=True, timeout=60, env=known, check=False)
                self.assertEqual(ended.returncode, 2, ended.stderr)
                self.assertIn(words, ended.stderr.decode())
        weak = {**os.environ, "VIGIE_TOKEN": "short"}
        ended = subprocess.run([SERVE, "--listen", "127.0.0.1:0"], capture_output=True, timeout=60, env=weak, check=False)
        self.assertEqual(ended.returncode, 2)

    def test_no_server_takes_the_socket_of_another(self) -> None:
        with Server(SERVE, tcp=False) as server:
            second = subprocess.run([SERVE, "--socket", server.socket], capture_output=True, timeout=60, check=False)
            self.assertEqual(second.returncode, 2)
            self.assertIn("another process answers", second.stderr.decode())
            self.assertEqual(server.ask("GET", "/healthz")[0], 200)

    def test_stop_finishes_what_is_under_way(self) -> None:
        with Server(SERVE, "--deadline", "20000", tcp=False) as server:
            connection = Connection(server.socket)
            text = "la note est classée secret, voir DR et SF, réunion NATO " * 20_000
            connection.send(CHECK, 9, {"id": "slow", "body": text})
            # Once it is under way: what is still being read when the server stops was never taken.
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            answer = connection.receive()
            self.assertEqual((answer[1], answer[2]["id"]), (9, "slow"))
            self.assertNotIn("failure", answer[2])
            self.assertIsNone(connection.receive())
            self.assertEqual(server.process.wait(30), 0)
            self.assertFalse(os.path.exists(server.socket))

    def test_killed_server_comes_back(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-killed-") as folder:
            with Server(SERVE, tcp=False, folder=folder) as server:
                connection = Connection(server.socket)
                self.assertEqual(connection.ask(CHECK, {"id": "1", "body": MARKED})["verdict"], "block")
                server.stop(signal.SIGKILL)
                self.assertIsNone(connection.receive())
            with Server(SERVE, tcp=False, folder=folder) as server:
                connection = Connection(server.socket)
                self.assertEqual(connection.ask(CHECK, {"id": "2", "body": MARKED})["verdict"], "block")
                self.assertEqual(server.stop(), 0)
            audit = subprocess.run([VIGIE, "audit", "verify", os.path.join(folder, "audit")], capture_output=True, check=False)
            self.assertEqual(audit.returncode, 0, audit.stdout)

    def test_reload(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-rules-") as folder:
            site = os.path.join(folder, "markings")
            os.makedirs(site)
            file = os.path.join(site, "own.yaml")

            def write(text: str) -> None:
                with open(file, "w", encoding="utf-8") as target:
                    target.write(text)

            rule = (
                "family: own\ntitle: Own\nsources: { site: the site }\nrules:\n  - id: own.orange\n    title: Orange\n"
                "    scheme: business\n    level: restricted\n    cites: site\n    phrases: [\"circulaire orangée\"]\n"
                "    examples:\n      applied: [\"⟦CIRCULAIRE ORANGÉE⟧\\nNote\"]\n"
            )
            write(rule)
            with Server(SERVE, "--site", folder, tcp=False) as server:
                body = {"id": "1", "body": "CIRCULAIRE ORANGÉE\nNote"}
                first = server.json("POST", "/v1/check", body)
                self.assertEqual(first["verdict"], "block")
                write(rule.replace("level: restricted", "level: restrcted"))
                status, _, data = server.ask("POST", "/v1/reload")
                self.assertEqual(status, 409)
                self.assertIn("own.yaml:8", json.loads(data)["error"]["message"])
                kept = server.json("POST", "/v1/check", body)
                self.assertEqual((kept["verdict"], kept["ruleset"]), ("block", first["ruleset"]))
                # Who reads the log gets the fault with its place, line by line.
                server.process.send_signal(signal.SIGHUP)
                end = time.monotonic() + 20
                # The refusal over HTTP is there already.
                while server.complaints().count("nothing was loaded") < 2 and time.monotonic() < end:
                    time.sleep(0.05)
                self.assertIn("those before are in use\n", server.complaints())
                self.assertIn("\n  mend: did you mean 'restricted'?\n", server.complaints())
                os.remove(file)
                server.process.send_signal(signal.SIGHUP)
                for _ in range(200):
                    now = server.json("POST", "/v1/check", body)
                    if now["ruleset"] != first["ruleset"]:
                        break
                    time.sleep(0.05)
                self.assertEqual(now["verdict"], "allow")
                self.assertEqual(server.metric('vigie_hook_reloads_total{outcome="refused"}'), 2)
                self.assertEqual(server.metric('vigie_hook_reloads_total{outcome="replaced"}'), 1)
                self.assertEqual(server.stop(), 0)

    def test_rules_that_were_replaced_are_freed(self) -> None:
        with Server(SERVE, tcp=False) as server:
            held = []
            for _ in range(24):
                self.assertEqual(server.ask("POST", "/v1/reload")[0], 200)
                self.assertEqual(server.json("POST", "/v1/check", {"id": "1", "body": MARKED})["verdict"], "block")
                held.append(server.holds()["kilobytes"])
            # A set of rules has some ten megabytes; each thread that loads one leaves its heap in pieces.
            self.assertLess(held[-1] - held[7], 80_000, held)
            self.assertEqual(server.stop(), 0)

    def test_shadow_mode(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-shadow-") as folder:
            policy = os.path.join(folder, "shadow.yaml")
            with open(os.path.join(ROOT, "Rules/policies/default.yaml"), encoding="utf-8") as file:
                text = file.read()
            with open(policy, "w", encoding="utf-8") as file:
                file.write(text.replace("policy: default", "policy: default\nobserve: true"))
            with Server(SERVE, "--policy", policy, tcp=False, folder=folder) as server:
                for number in range(5):
                    review = server.json("POST", "/v1/check", {"id": str(number), "body": MARKED, "channel": PUBLIC})
                    self.assertEqual((review["verdict"], review["observed"]), ("log", "block"))
                self.assertEqual(server.stop(), 0)
            report = subprocess.run(
                [VIGIE, "audit", "report", os.path.join(folder, "audit"), "--json"], capture_output=True, check=True
            )
            counts = json.loads(report.stdout)
            self.assertEqual(counts["observed"]["block"], 5, counts)
            self.assertEqual(counts["verdicts"]["log"], 5, counts)

    def test_late_and_overloaded_get_the_fail_policy(self) -> None:
        text = "la note est classée secret, voir DR et SF, réunion NATO " * 20_000
        with Server(SERVE, "--deadline", "20", "--threads", "1", "--waiting", "2", "--fail", "hold", tcp=False) as server:
            connection = Connection(server.socket)
            for number in range(12):
                connection.send(CHECK, number, {"id": str(number), "body": text, "channel": PRIVATE})
            start = time.monotonic()
            answers = [connection.receive()[2] for _ in range(12)]
            self.assertLess(time.monotonic() - start, 15)
            failures = {answer.get("failure") for answer in answers}
            self.assertIn("overloaded", failures)
            self.assertIn("late", failures)
            for answer in answers:
                if "failure" in answer:
                    self.assertEqual(answer["verdict"], "hold")
                    self.assertEqual(answer["gaps"][0]["reason"], "timeout")
            self.assertGreater(server.metric('vigie_hook_failures_total{reason="late"}'), 0)
            # Short messages do not wait behind long ones, and the server recovers by itself.
            self.assertEqual(connection.ask(CHECK, {"id": "x", "body": MARKED})["verdict"], "block")
            connection.close()
            self.assertEqual(server.stop(), 0)
            kept = [entry.get("failure") for entry in server.entries()]
            for reason in ("late", "overloaded"):
                self.assertEqual(kept.count(reason), [answer.get("failure") for answer in answers].count(reason))

    def test_full_disk(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-full-") as folder:
            # A file that may not grow fails like one on a full disk, and this can be lifted again.
            with Server(SERVE, tcp=False, folder=folder) as server:
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))
                connection = Connection(server.socket)
                for number in range(60):
                    answer = connection.ask(CHECK, {"id": str(number), "body": MARKED, "channel": PUBLIC})
                    self.assertEqual(answer["verdict"], "block")
                lost = server.metric("vigie_audit_lost")
                self.assertGreater(lost, 0)
                status, _, _ = server.ask("POST", "/v1/files?id=mxc://a/1", b"x" * (3 << 20))
                self.assertEqual(status, 507)
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
                self.assertEqual(connection.ask(CHECK, {"id": "z", "body": MARKED})["verdict"], "block")
                self.assertEqual(server.metric("vigie_audit_lost"), 0)
                self.assertEqual(server.ask("POST", "/v1/files?id=mxc://a/1", b"x" * (3 << 20))[0], 200)
                self.assertEqual(server.stop(), 0)
            audit = subprocess.run([VIGIE, "audit", "verify", os.path.join(folder, "audit")], capture_output=True, check=False)
            self.assertEqual(audit.returncode, 0, audit.stdout)
            self.assertEqual([entry["count"] for entry in server.entries() if entry["event"] == "lost"], [lost])

    def test_disk_that_is_full_twice(self) -> None:
        def limit(count: int) -> None:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (count, resource.RLIM_INFINITY))

        with tempfile.TemporaryDirectory(prefix="vigie-full-") as folder, Server(SERVE, tcp=False, folder=folder) as server:
            connection = Connection(server.socket)

            def ask(count: int) -> None:
                for number in range(count):
                    self.assertEqual(connection.ask(CHECK, {"id": str(number), "body": MARKED})["verdict"], "block")

            ask(3)
            whole = os.path.getsize(os.path.join(server.audit, "audit-000000000001.jsonl"))
            # Room for a part of an entry. Standard error is a file too, and has room for what is said of it.
            limit(whole + 100)
            ask(1)
            time.sleep(2.5)
            self.assertIn("the audit cannot be written: file too large", server.complaints())
            # Room for nothing in the file that is begun to say so; for a part of what it says; for nothing again.
            for count in (0, 60, 0):
                limit(count)
                ask(3)
            self.assertGreater(server.metric("vigie_audit_lost"), 0)
            limit(resource.RLIM_INFINITY)
            ask(3)
            self.assertEqual(server.metric("vigie_audit_lost"), 0)
            time.sleep(2.5)
            self.assertEqual(server.stop(), 0)
            audit = subprocess.run([VIGIE, "audit", "verify", server.audit], capture_output=True, check=False)
            self.assertEqual(audit.returncode, 0, audit.stdout)
            self.assertIn(b"100 bytes of a torn entry", audit.stdout)
            self.assertIn("the audit is written again", server.complaints())

    def test_connections_are_bounded(self) -> None:
        with Server(SERVE, "--connections", "4", tcp=False) as server:
            open_ones = [Connection(server.socket) for _ in range(4)]
            with self.assertRaises(TimeoutError):
                Connection(server.socket, timeout=1)
            open_ones.pop().close()
            time.sleep(0.2)
            late = Connection(server.socket)
            self.assertEqual(late.ask(CHECK, {"id": "1"})["verdict"], "allow")

    def test_bodies_that_nobody_reads_end(self) -> None:
        with Server(SERVE, "--max-body", "1000", tcp=True) as server:
            authorization = f"Authorization: Bearer {TOKEN}\r\n"
            for field, status in (("", b"401"), (authorization, b"413")):
                with self.subTest(status=status), socket.socket() as client:
                    client.settimeout(20)
                    client.connect(("127.0.0.1", server.port))
                    head = f"POST /v1/check HTTP/1.1\r\nHost: x\r\n{field}Content-Length: 1000000000\r\n\r\n"
                    client.sendall(head.encode() + b"x" * 2000)
                    self.assertIn(status, client.recv(100))
                    started = time.monotonic()
                    with self.assertRaises(OSError):
                        while time.monotonic() - started < 30:
                            client.sendall(b"x")
                            time.sleep(0.1)
            # Who comes to an end in time goes on over the same connection.
            with socket.socket() as client:
                client.settimeout(20)
                client.connect(("127.0.0.1", server.port))
                client.sendall(b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc")
                self.assertIn(b"401", client.recv(4096))
                client.sendall(b"de")
                time.sleep(6)
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertIn(b"200", client.recv(4096))

    def test_silent_connections_of_http_end(self) -> None:
        with Server(SERVE, "--idle", "1", tcp=True) as server, socket.socket() as client:
            client.settimeout(20)
            client.connect(("127.0.0.1", server.port))
            client.sendall(b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n")
            self.assertEqual(client.recv(100), b"")
