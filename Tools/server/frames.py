"""A client of the framed protocol, for tests and benchmarks."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

HELLO, CHECK, FILE, EVENT, ERROR = 0x01, 0x02, 0x03, 0x04, 0xFF


def frame(kind: int, number: int, payload: Any) -> bytes:
    """The bytes of one frame; a payload that is no bytes is written as JSON."""
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return struct.pack(">IBI", len(data) + 5, kind, number) + data


class Connection:
    """One connection that has said hello, unless told not to."""

    def __init__(self, path: str, hello: bool = True, timeout: float = 30) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(path)
        self.held = b""
        if hello:
            self.send(HELLO, 0, {"protocol": 1})
            self.identity = self.receive()

    def send(self, kind: int, number: int, payload: Any) -> None:
        self.socket.sendall(frame(kind, number, payload))

    def receive(self) -> tuple[int, int, Any] | None:
        """The next frame, or nothing where the other side has closed."""
        while True:
            if len(self.held) >= 4:
                (count,) = struct.unpack(">I", self.held[:4])
                if len(self.held) >= 4 + count:
                    body, self.held = self.held[4 : 4 + count], self.held[4 + count :]
                    kind, number = struct.unpack(">BI", body[:5])
                    return kind, number, json.loads(body[5:])
            data = self.socket.recv(1 << 16)
            if not data:
                return None
            self.held += data

    def ask(self, kind: int, payload: Any, number: int = 1) -> Any:
        self.send(kind, number, payload)
        answer = self.receive()
        assert answer is not None and answer[1] == number, answer
        return answer[2]

    def close(self) -> None:
        self.socket.close()
