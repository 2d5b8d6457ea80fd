"""Frames: what is written is read again, and hostile bytes are faults."""

from __future__ import annotations

import json
from typing import Any
from unittest import TestCase

from synapse_vigie.frames import MAX_FRAME_BYTES, FrameFault, Kind, decode, encode


class FramesTests(TestCase):
    def test_round_trip(self) -> None:
        payload: dict[str, Any] = {"body": "é🤫\ud800", "list": [1, None, {"a": 2**70}]}
        frame = decode(encode(Kind.EVENT, 2**32 - 1, payload))
        self.assertEqual((frame.kind, frame.number), (Kind.EVENT, 2**32 - 1))
        self.assertEqual(frame.payload, payload)

    def test_layout_is_that_of_the_protocol(self) -> None:
        self.assertEqual(
            encode(Kind.HELLO, 258, {"protocol": 1}), b'\x01\0\0\x01\x02{"protocol":1}'
        )

    def test_each_request_has_its_reply(self) -> None:
        replies = {kind: kind.reply for kind in (Kind.HELLO, Kind.CHECK, Kind.FILE, Kind.EVENT)}
        self.assertEqual([reply.value for reply in replies.values()], [0x81, 0x82, 0x83, 0x84])

    def test_hostile_bytes_are_faults_that_do_not_quote_them(self) -> None:
        head = b"\x84\0\0\0\x01"
        deep = b"[" * 200_000
        for bad in (
            b"",
            b"\x84",
            head,
            head + b"secret",
            head + b'"secret"',
            head + b"\xff",
            head + deep,
        ):
            with self.subTest(bad[:20]), self.assertRaises(FrameFault) as caught:
                decode(bad)
            self.assertNotIn("secret", str(caught.exception))
        with self.assertRaises(FrameFault):
            decode(b"\x99\0\0\0\x01{}")

    def test_what_cannot_be_a_frame_is_a_fault(self) -> None:
        deep: list[Any] = []
        for _ in range(200_000):
            deep = [deep]
        bads: list[dict[str, Any]] = [
            {"x": float("nan")},
            {"x": {1, 2}},
            {"x": deep},
            {"x": "y" * MAX_FRAME_BYTES},
        ]
        for bad in bads:
            with self.subTest(str(type(bad["x"]))), self.assertRaises(FrameFault):
                encode(Kind.EVENT, 1, bad)

    def test_the_longest_frame_passes(self) -> None:
        spare = len(encode(Kind.EVENT, 1, {"x": ""}))
        whole = encode(Kind.EVENT, 1, {"x": "y" * (MAX_FRAME_BYTES - spare)})
        self.assertEqual(len(whole), MAX_FRAME_BYTES)
        self.assertEqual(json.loads(whole[5:])["x"][:2], "yy")
