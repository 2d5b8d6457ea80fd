"""Frames of the protocol that vigie-serve speaks on its Unix socket, version 1.

A frame is a 4-byte big-endian length of what follows, a kind (1 byte), a request number (4 bytes,
big-endian) and UTF-8 JSON. The length is left to the transport (`Int32StringReceiver`).
"""

from __future__ import annotations

import enum
import json
import struct
from dataclasses import dataclass
from typing import Any

PROTOCOL = 1

# What follows the length; the server closes on longer frames.
MAX_FRAME_BYTES = 16 * 1024 * 1024

# Made once: json.dumps makes an encoder each time that it is asked for anything unusual.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

_HEAD = struct.Struct(">BI")


class Kind(enum.IntEnum):
    """What a frame holds: requests have bit 7 clear, their replies have it set."""

    HELLO = 0x01
    CHECK = 0x02
    FILE = 0x03
    EVENT = 0x04
    HELLO_REPLY = 0x81
    CHECK_REPLY = 0x82
    FILE_REPLY = 0x83
    EVENT_REPLY = 0x84
    ERROR = 0xFF

    @property
    def reply(self) -> Kind:
        """The kind that answers this one."""
        return Kind(self | 0x80)


class FrameFault(Exception):
    """Bytes that are no frame of the protocol. Its text never quotes them."""


@dataclass(frozen=True)
class Frame:
    """One frame, its JSON read."""

    kind: Kind
    number: int
    payload: dict[str, Any]


def encode(kind: Kind, number: int, payload: dict[str, Any]) -> bytes:
    """The bytes of a frame, without its length.

    JSON is written in ASCII: a lone surrogate, which events may hold, has no UTF-8 form.
    Raises FrameFault for what is longer than a frame may be or cannot be JSON.
    """
    try:
        text = _encode(payload)
    except (TypeError, ValueError, RecursionError) as error:
        raise FrameFault("the request cannot be written as JSON") from error
    frame = _HEAD.pack(kind, number) + text.encode("ascii")
    if len(frame) > MAX_FRAME_BYTES:
        raise FrameFault("the request is longer than a frame may be")
    return frame


def decode(frame: bytes) -> Frame:
    """Reads a frame without its length; raises FrameFault."""
    if len(frame) < _HEAD.size:
        raise FrameFault("a frame is shorter than its head")
    code, number = _HEAD.unpack_from(frame)
    try:
        kind = Kind(code)
    except ValueError:
        raise FrameFault(f"a frame has the unknown kind {code:#04x}") from None
    try:
        payload = json.loads(frame[_HEAD.size :])
    except (ValueError, RecursionError):
        raise FrameFault("a frame does not hold JSON") from None
    if not isinstance(payload, dict):
        raise FrameFault("a frame does not hold a JSON object")
    return Frame(kind, number, payload)
