"""A double of vigie-serve: the framed protocol, a judgement by words, and faults at a switch.

In tests it lives in the reactor of the test; `python double.py --socket PATH …` is a process of its
own for the stage. It judges by `words.json` in its rules directory, read again on SIGHUP:
`{"block": [...], "redact": [...], "warn": [...], "everywhere": [...]}`; `everywhere` is what no
room may hold, so that an upload is refused too.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import struct
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.internet.protocol import Factory
from twisted.protocols.basic import Int32StringReceiver

HELLO, CHECK, FILE, EVENT, ERROR = 0x01, 0x02, 0x03, 0x04, 0xFF

ORDER = ["allow", "log", "warn", "redact", "hold", "block"]
NOT_TEXT = {"msgtype", "url", "ciphertext", "session_id", "algorithm", "event_id", "rel_type"}


class Judge:
    """Judges by words; keeps what uploads held and, given a directory, an audit."""

    def __init__(self, words: dict[str, list[str]], audit: Path | None, root: str | None) -> None:
        self.words = words
        self.audit = audit
        self.root = root
        self.lost = 0
        self.files: dict[str, str] = {}
        self.seen: list[tuple[int, dict[str, Any]]] = []

    def answer(self, kind: int, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The kind and the payload of the reply."""
        self.seen.append((kind, request))
        try:
            if kind == CHECK:
                reply = self._line(request["id"], request.get("body", ""), True)
            elif kind == FILE:
                reply = self._file(request)
            elif kind == EVENT:
                reply = self._event(request)
            else:
                return ERROR, fault("kind", "unknown kind")
        except (KeyError, TypeError, OSError) as error:
            return ERROR, fault("request", type(error).__name__)
        return kind | 0x80, self._noted(reply)

    def unjudged(self, kind: int, reason: str) -> tuple[int, dict[str, Any]]:
        """A reply of the fail policy of the server: closed."""
        reply = {**self._line("", "", True), "verdict": "block", "failure": reason}
        return kind | 0x80, reply

    def _noted(self, reply: dict[str, Any]) -> dict[str, Any]:
        entry = {"event": "review", "message": reply["id"], "verdict": reply["verdict"]}
        if reply.get("failure"):
            entry["failure"] = reply["failure"]
        self.note(entry)
        return reply

    def note(self, entry: dict[str, Any]) -> None:
        """Writes an audit line; what a full disk does not take is counted and said later."""
        if self.audit is None:
            return
        lines = json.dumps(entry) + "\n"
        if self.lost:
            lines = json.dumps({"event": "lost", "count": self.lost}) + "\n" + lines
        try:
            with (self.audit / "audit-1.jsonl").open("a") as file:
                file.write(lines)
            self.lost = 0
        except OSError:
            self.lost += 1

    def _file(self, request: dict[str, Any]) -> dict[str, Any]:
        path = Path(request["path"]).resolve()
        if self.root is not None and not path.is_relative_to(self.root):
            raise KeyError("path")
        self.files[request["id"]] = text = path.read_text(errors="replace")
        everywhere = any(word in text.lower() for word in self.words.get("everywhere", ()))
        return self._line(request["id"], text if everywhere else "", True)

    def _event(self, request: dict[str, Any]) -> dict[str, Any]:
        event, room = request["event"], request["room"]
        content = event["content"]
        texts = list(strings(content))
        gap = "encrypted" if event["type"] == "m.room.encrypted" else None
        url = content.get("url")
        if isinstance(url, str):
            texts.append(self.files.get(url, ""))
            gap = gap if url in self.files else "missing"
        is_open = room.get("join_rule", "public") == "public" or not room.get("encryption")
        reply = self._line(event.get("event_id", ""), "\n".join(texts), is_open)
        token = content.get("org.vigie.override", {}).get("token")
        if reply["verdict"] == "warn":
            if token == "token-1":
                reply["verdict"] = "log"
            else:
                reply["override"] = {"token": "token-1", "expires": "2099-01-01T00:00:00Z"}
        if reply["verdict"] == "redact":
            reply["content"] = self._redacted(content)
        if gap is not None:
            reply["gaps"] = [{"place": {"part": "body"}, "reason": gap, "detail": ""}]
            reply["verdict"] = max(reply["verdict"], "log", key=ORDER.index)
        return reply

    def _redacted(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._redacted(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._redacted(one) for one in value]
        if isinstance(value, str):
            for word in self.words.get("redact", ()):
                while word in value.lower():
                    start = value.lower().index(word)
                    value = value[:start] + "█" + value[start + len(word) :]
        return value

    def _line(self, name: str, text: str, is_open: bool) -> dict[str, Any]:
        folded = text.lower()
        findings = []
        verdict, reached = "allow", "public"
        for level in ("warn", "redact", "block", "everywhere"):
            for word in self.words.get(level, ()):
                if word in folded:
                    wanted = "block" if level == "everywhere" else level
                    one = wanted if is_open or level == "everywhere" else "log"
                    verdict = max(verdict, one, key=ORDER.index)
                    mark = "top-secret" if level == "everywhere" else "restricted"
                    reached = mark if reached != "top-secret" else reached
                    findings.append(finding(folded, word))
        stopped = ORDER.index(verdict) >= ORDER.index("warn")
        return {
            "id": name,
            "verdict": verdict,
            "level": reached,
            "findings": findings,
            "gaps": [],
            "tip": {"fr": "Non envoyé : « é ».", "en": "Not sent."} if stopped else None,
            "ruleset": "double",
            "elapsed_us": 1,
        }


def finding(text: str, word: str) -> dict[str, Any]:
    """A finding as in a line out, with what a client must not get."""
    start = text.index(word)
    return {
        "rule": "double.word",
        "scheme": "fr",
        "level": "restricted",
        "usage": "applied",
        "confidence": 0.9,
        "place": {"part": "body", "path": [], "role": "body", "where": ""},
        "range": [start, start + len(word)],
        "line": 1,
        "column": start + 1,
        "masked": word[0] + "·" * (len(word) - 1),
        "fingerprint": "f" * 64,
        "evidence": [{"name": "prior", "weight": 1}],
    }


def strings(value: Any) -> Iterator[str]:
    """Every text in a content, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in NOT_TEXT:
                yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def fault(code: str, message: str) -> dict[str, Any]:
    """The payload of an error frame."""
    return {"error": {"code": code, "message": message, "line": None}}


class DoubleConnection(Int32StringReceiver):
    """One client."""

    MAX_LENGTH = 16 * 1024 * 1024
    transport: Any
    factory: Double

    def connectionMade(self) -> None:
        self.factory.connections.add(self)
        if self.factory.fault == "refuse-hello":
            self.transport.loseConnection()

    def connectionLost(self, reason: object = None) -> None:
        self.factory.connections.discard(self)

    def stringReceived(self, string: bytes) -> None:
        self.factory.received(self, string)

    def reply(self, kind: int, number: int, payload: Any) -> None:
        """Sends a frame."""
        self.transport.write(frame(packed(kind, number, payload)))


class Double(Factory):
    """The server: a queue of bounded length, served one after the other."""

    protocol: Any = DoubleConnection
    noisy = False

    def __init__(
        self, reactor: Any, judge: Judge, service_ms: float = 0, max_waiting: int = 100
    ) -> None:
        self.reactor = reactor
        self.judge = judge
        self.fault = "none"
        self.connections: set[DoubleConnection] = set()
        self.hellos = 0
        self._service = service_ms / 1000
        self._max_waiting = max_waiting
        self._waiting: deque[tuple[DoubleConnection, int, int, dict[str, Any]]] = deque()

    def received(self, connection: DoubleConnection, data: bytes) -> None:
        """Takes a frame."""
        kind, number = struct.unpack_from(">BI", data)
        request = json.loads(data[5:])
        if kind == HELLO:
            self.hellos += 1
            protocol = 2 if self.fault == "protocol-2" else request["protocol"]
            hello = {"protocol": protocol, "server": "double", "ruleset": "double"}
            connection.reply(0x81, number, hello)
        elif self._service == 0:
            self._serve(connection, kind, number, request)
        elif len(self._waiting) >= self._max_waiting:
            answer, payload = self.judge.unjudged(kind, "overloaded")
            self.judge.note({"event": "review", "message": "", "failure": "overloaded"})
            connection.reply(answer, number, payload)
        else:
            self._waiting.append((connection, kind, number, request))
            if len(self._waiting) == 1:
                self.reactor.callLater(self._service, self._next)

    def _next(self) -> None:
        self._serve(*self._waiting[0])
        self._waiting.popleft()
        if self._waiting:
            self.reactor.callLater(self._service, self._next)

    def _serve(
        self, connection: DoubleConnection, kind: int, number: int, request: dict[str, Any]
    ) -> None:
        if self.fault == "hang":
            return
        if self.fault == "slow":
            self.reactor.callLater(0.3, self._finish, connection, kind, number, request)
            return
        self._finish(connection, kind, number, request)

    def _finish(
        self, connection: DoubleConnection, kind: int, number: int, request: dict[str, Any]
    ) -> None:
        answer, payload = self.judge.answer(kind, request)
        whole = packed(answer, number, payload)
        if self.fault in ("none", "slow", "protocol-2", "refuse-hello"):
            connection.transport.write(frame(whole))
            return
        head = whole[:5]
        raw = {
            "close-mid-frame": struct.pack(">I", len(whole)) + whole[: len(whole) // 2],
            "close": b"",
            "garbage": b"HTTP/1.1 200 OK\r\n\r\n",
            "too-long": struct.pack(">I", 2**31),
            "not-json": frame(head + b"{"),
            "not-an-object": frame(head + b"[]"),
            "short": frame(b"\x84"),
            "wrong-number": frame(struct.pack(">BI", answer, number + 1000) + whole[5:]),
            "wrong-kind": frame(struct.pack(">BI", answer ^ 1, number) + whole[5:]),
            "unknown-kind": frame(struct.pack(">BI", 0x99, number) + whole[5:]),
            "error-frame": frame(packed(ERROR, number, fault("internal", "double"))),
            "no-verdict": frame(packed(answer, number, {"id": ""})),
            "odd-verdict": frame(packed(answer, number, {**payload, "verdict": ["block"]})),
            "odd-lists": frame(packed(answer, number, {**payload, "findings": 7, "tip": [1]})),
            "own-failure": frame(packed(answer, number, self.judge.unjudged(kind, "late")[1])),
            "odd-failure": frame(packed(answer, number, self.judge.unjudged(kind, "a\nb c")[1])),
        }
        connection.transport.write(raw[self.fault])
        if self.fault.startswith("close"):
            connection.transport.loseConnection()


def frame(body: bytes) -> bytes:
    """A frame with its length."""
    return struct.pack(">I", len(body)) + body


def packed(kind: int, number: int, payload: Any) -> bytes:
    """A frame without its length."""
    return struct.pack(">BI", kind, number) + json.dumps(payload).encode()


def main() -> None:
    """A process with the options that the stage gives to vigie-serve."""
    # Only here: in tests the reactor is that of the test.
    from twisted.internet import reactor as installed  # noqa: PLC0415

    reactor: Any = installed
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--rules", required=True, type=Path)
    parser.add_argument("--audit", type=Path)
    parser.add_argument("--attachment-root")
    parser.add_argument("--service-ms", type=float, default=0)
    parser.add_argument("--max-waiting", type=int, default=100)
    arguments = parser.parse_args()
    if os.path.exists(arguments.socket):
        os.unlink(arguments.socket)

    def words() -> dict[str, list[str]]:
        read: dict[str, list[str]] = json.loads((arguments.rules / "words.json").read_text())
        return read

    root = arguments.attachment_root and os.path.realpath(arguments.attachment_root)
    judge = Judge(words(), arguments.audit, root)
    double = Double(reactor, judge, arguments.service_ms, arguments.max_waiting)

    def reload(*_: object) -> None:
        try:
            judge.words = words()
        except ValueError:
            print("the rules in use stay: words.json cannot be read", file=sys.stderr)
            judge.note({"event": "refused"})

    reactor.listenUNIX(arguments.socket, double, mode=0o600)
    signal.signal(signal.SIGHUP, lambda *_: reactor.callFromThread(reload))
    reactor.run()


if __name__ == "__main__":
    main()
