"""Faults of a running vigie-serve: each gives the fail policy by the deadline, an entry, a count, and heals."""

from __future__ import annotations

import hashlib
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
from typing import Any

from frames import CHECK, Connection
from running import TOKEN, Server
from shared import MARKED, PRIVATE, PUBLIC, SERVE, VIGIE

# What each fail policy says of a message that nobody judged.
VERDICTS = {"open": "log", "closed": "block", "hold": "hold"}
# Long enough that one thread is busy with it beyond the deadline.
SLOW = "la note est classée secret, voir DR et SF, réunion NATO " * 20_000
DEADLINE = 0.05
# A machine that is shared.
SLACK = 2.0


def backdate(audit: str, count: int) -> set[str]:
    """Has a log begin years ago: its first entries, chained anew; the names of the files that are old as a whole."""
    old, previous, number = set(), None, 0
    for name in sorted(os.listdir(audit)):
        if not name.endswith(".jsonl"):
            continue
        path = os.path.join(audit, name)
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for index, line in enumerate(lines):
            number += 1
            entry = json.loads(line)
            body = line[: line.index(',"hash":')]
            if previous:
                body = body.replace(entry["previous"], previous)
            if number <= count:
                body = body.replace(entry["time"], "2001-01-01T00:00:00.000Z")
            previous = hashlib.sha256(body.encode()).hexdigest()
            lines[index] = f'{body},"hash":"{previous}"}}'
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        if number <= count:
            old.add(name)
    return old


class FaultTests(unittest.TestCase):
    """Everything that goes wrong, under each fail policy."""

    def not_judged(self, answer: dict[str, Any], mode: str) -> None:
        """Asserts what the client is told of a message that nobody judged."""
        self.assertEqual(answer["verdict"], VERDICTS[mode])
        self.assertEqual([gap["reason"] for gap in answer["gaps"]], ["timeout"])
        self.assertEqual(answer["findings"], [])

    def heals(self, server: Server) -> None:
        """Asserts that messages are judged again, without anybody doing anything."""
        connection = Connection(server.socket)
        self.assertEqual(connection.ask(CHECK, {"id": "healed", "body": MARKED})["verdict"], "block")
        connection.close()
        self.assertEqual(server.json("POST", "/v1/check", {"id": "healed", "body": "bonjour"})["verdict"], "allow")

    def accounted(self, server: Server, failures: list[str]) -> None:
        """Asserts an entry and a count for each failure, and a log that holds."""
        for reason in set(failures):
            self.assertEqual(server.metric(f'vigie_hook_failures_total{{reason="{reason}"}}'), failures.count(reason))
        self.assertEqual(server.stop(), 0)
        entries = server.entries()
        self.assertEqual(sorted(entry["failure"] for entry in entries if entry.get("failure")), sorted(failures))
        verify = subprocess.run([VIGIE, "audit", "verify", server.audit], capture_output=True, check=False)
        self.assertEqual(verify.returncode, 0, verify.stdout)

    def test_overload_under_each_fail_policy(self) -> None:
        # Ten times what it takes: one thread and two places, by four connections.
        limits = ("--deadline", str(int(DEADLINE * 1000)), "--threads", "1", "--waiting", "2")
        for mode in VERDICTS:
            with self.subTest(mode=mode), Server(SERVE, *limits, "--fail", mode, tcp=False) as server:
                answers: list[dict[str, Any]] = []

                def ask(server: Server = server, answers: list[dict[str, Any]] = answers) -> None:
                    connection = Connection(server.socket)
                    for number in range(8):
                        started = time.monotonic()
                        answer = connection.ask(CHECK, {"id": str(number), "body": SLOW, "channel": PRIVATE})
                        answer["seconds"] = time.monotonic() - started
                        answers.append(answer)
                    connection.close()

                threads = [threading.Thread(target=ask) for _ in range(4)]
                for thread in threads:
                    thread.start()
                # Short messages are judged meanwhile, whatever waits.
                connection = Connection(server.socket)
                while any(thread.is_alive() for thread in threads):
                    self.assertEqual(connection.ask(CHECK, {"id": "s", "body": MARKED})["verdict"], "block")
                    time.sleep(0.02)
                connection.close()
                failed = [answer for answer in answers if "failure" in answer]
                self.assertEqual(len(answers), 32)
                self.assertEqual({answer["failure"] for answer in failed}, {"late", "overloaded"})
                for answer in failed:
                    self.not_judged(answer, mode)
                    self.assertLess(answer["seconds"], DEADLINE + SLACK)
                    self.assertLess(answer["elapsed_us"], (DEADLINE + SLACK) * 1e6)
                # The same over HTTP.
                started = time.monotonic()
                review = server.json("POST", "/v1/check", {"id": "h", "body": SLOW, "channel": PRIVATE})
                self.assertLess(time.monotonic() - started, DEADLINE + SLACK)
                self.not_judged(review, mode)
                self.heals(server)
                self.accounted(server, [answer["failure"] for answer in [*failed, review]])

    def test_fail_policy_of_the_level_that_a_channel_is_made_for(self) -> None:
        policy = (
            "policy: levels\ntitle: t\nceilings:\n  - { channel: { name: \"cellule-*\" }, level: secret }\n"
            "cases:\n  - { name: all, verdict: log }\n  - { name: gaps, when: { gap: any }, verdict: log }\n"
        )
        with tempfile.TemporaryDirectory(prefix="vigie-levels-") as folder:
            path = os.path.join(folder, "levels.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(policy)
            options = ("--policy", path, "--deadline", "20", "--fail", "open", "--fail-from", "restricted=hold")
            with Server(SERVE, *options, tcp=False) as server:
                connection = Connection(server.socket)
                for name, mode in (("salon", "open"), ("cellule-crise", "hold")):
                    channel = {**PRIVATE, "name": name}
                    self.not_judged(connection.ask(CHECK, {"id": name, "body": SLOW, "channel": channel}), mode)
                connection.close()

    def test_hung(self) -> None:
        for mode in VERDICTS:
            options = ("--deadline", "200", "--fail", mode)
            with self.subTest(mode=mode), Server(SERVE, *options, tcp=False) as server:
                connection = Connection(server.socket, timeout=0.5)
                connection.send(CHECK, 1, {"id": "1", "body": SLOW * 2, "channel": PRIVATE})
                time.sleep(0.1)
                server.process.send_signal(signal.SIGSTOP)
                # Who asks has a time limit of its own: what it does then is its own fail policy.
                with self.assertRaises(TimeoutError):
                    connection.receive()
                server.process.send_signal(signal.SIGCONT)
                connection.socket.settimeout(30)
                answer = connection.receive()[2]
                self.assertEqual(answer["failure"], "late")
                self.not_judged(answer, mode)
                connection.close()
                self.heals(server)
                self.accounted(server, ["late"])

    def test_killed_in_the_middle_of_a_request(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-killed-") as folder:
            with Server(SERVE, "--deadline", "20000", tcp=True, folder=folder) as server:
                framed = Connection(server.socket)
                framed.send(CHECK, 1, {"id": "1", "body": SLOW * 4})
                http = socket.create_connection(("127.0.0.1", server.port), timeout=30)
                head = f"POST /v1/check HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\n"
                http.sendall(head.encode())
                self.assertEqual(framed.ask(CHECK, {"id": "2", "body": MARKED}, number=2)["verdict"], "block")
                started = time.monotonic()
                server.stop(signal.SIGKILL)
                # Both see the end at once, not after a timeout.
                self.assertIsNone(framed.receive())
                self.assertEqual(http.recv(100), b"")
                self.assertLess(time.monotonic() - started, SLACK)
                with self.assertRaises(OSError):
                    Connection(server.socket)
                framed.close()
                http.close()
            # The file of its socket is still there: the next start takes it.
            with Server(SERVE, tcp=False, folder=folder) as server:
                self.heals(server)
                self.assertIn("2", [entry["message"] for entry in server.entries() if entry["event"] == "review"])
                self.accounted(server, [])

    def test_crash_leaves_nothing_of_a_message(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-crash-") as folder:
            _, hard = resource.getrlimit(resource.RLIMIT_CORE)
            # As systemd starts services.
            allowed = lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))  # noqa: E731
            with Server(SERVE, tcp=False, folder=folder, before=allowed) as server:
                self.heals(server)
                with open(f"/proc/{server.process.pid}/limits", encoding="utf-8") as file:
                    core = next(line for line in file if line.startswith("Max core file size"))
                self.assertEqual(core.split()[4], "0")
                self.assertEqual(server.stop(signal.SIGSEGV), -signal.SIGSEGV)
                # What it judged by, and nothing of how it died.
                lines = server.complaints().splitlines()
                self.assertEqual(len(lines), 1, lines)
                self.assertIn("judging by", lines[0])
            self.assertEqual([name for name in os.listdir(folder) if "core" in name], [])

    def test_old_entries_of_the_audit_go(self) -> None:
        for way in ("30", "30d", "command"):
            with self.subTest(way=way), tempfile.TemporaryDirectory(prefix="vigie-old-") as folder:
                audit = os.path.join(folder, "audit")
                for _ in range(2):
                    with Server(SERVE, "--audit-file-size", "1000", tcp=False, folder=folder) as server:
                        connection = Connection(server.socket)
                        for number in range(6):
                            connection.ask(CHECK, {"id": str(number), "body": MARKED})
                        connection.close()
                        self.assertEqual(server.stop(), 0)
                files = backdate(audit, 8)
                self.assertGreaterEqual(len(files), 2)
                if way != "command":
                    with Server(SERVE, "--audit-days", way, tcp=False, folder=folder) as server:
                        end = time.monotonic() + 10
                        while files & set(os.listdir(audit)) and time.monotonic() < end:
                            time.sleep(0.05)
                        self.heals(server)
                        self.assertEqual(server.stop(), 0)
                else:
                    purge = [VIGIE, "audit", "purge", audit, "--older-than", "30d"]
                    done = subprocess.run(purge, capture_output=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn(f"removed {len(files)} files".encode(), done.stdout)
                self.assertEqual(files & set(os.listdir(audit)), set())
                verify = subprocess.run([VIGIE, "audit", "verify", audit], capture_output=True, check=False)
                self.assertEqual(verify.returncode, 0, verify.stdout)
                self.assertIn(b"no more there: purged", verify.stdout)
                # A log that does not hold is evidence: nothing of it is taken away.
                left = sorted(name for name in os.listdir(audit) if name.endswith(".jsonl"))
                with open(os.path.join(audit, left[0]), "r+b") as damaged:
                    damaged.write(b"[")
                purge = [VIGIE, "audit", "purge", audit, "--older-than", "0d"]
                done = subprocess.run(purge, capture_output=True, check=False)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(left, sorted(name for name in os.listdir(audit) if name.endswith(".jsonl")))

    def test_full_disk_and_broken_rules_leave_the_verdict_alone(self) -> None:
        for mode in VERDICTS:
            with self.subTest(mode=mode), tempfile.TemporaryDirectory(prefix="vigie-site-") as site:
                with Server(SERVE, "--site", site, "--fail", mode, tcp=False) as server:
                    with open(os.path.join(site, "overrides.yaml"), "w", encoding="utf-8") as file:
                        file.write("overrides: [\n")
                    status, _, data = server.ask("POST", "/v1/reload")
                    self.assertEqual(status, 409)
                    self.assertIn(b"overrides.yaml:", data)
                    self.heals(server)
                    self.assertEqual(server.metric('vigie_hook_reloads_total{outcome="refused"}'), 1)
                    os.remove(os.path.join(site, "overrides.yaml"))
                    self.assertEqual(server.ask("POST", "/v1/reload")[0], 200)
                    self.assertEqual(server.json("POST", "/v1/check", {"id": "1", "body": MARKED, "channel": PUBLIC})["verdict"], "block")
                    self.assertEqual([e["event"] for e in server.entries() if e["event"] in ("refused", "replaced")], ["refused", "replaced"])
                    self.accounted(server, [])
