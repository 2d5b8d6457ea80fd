"""The client against a fake transport with a clock that stands still until it is told to move."""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
from typing import Any

from double import frame, packed
from twisted.internet import reactor as installed
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone, ConnectionRefusedError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.protocols.basic import Int32StringReceiver
from twisted.python.failure import Failure as TwistedFailure
from twisted.trial.unittest import TestCase

from synapse_vigie.client import (
    FIRST_BACKOFF,
    LAST_BACKOFF,
    MAX_SILENT_TIMEOUTS,
    MAX_WAITING,
    Failure,
    Reason,
    VigieClient,
)
from synapse_vigie.frames import Kind, decode


class Wire(StringTransport):
    """What the server would see; ends like a real transport."""

    protocol: Any = None
    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True
        self.protocol.connectionLost(TwistedFailure(ConnectionDone()))

    def frames(self) -> list[Any]:
        """The frames written so far."""
        data, found = self.value(), []
        while data:
            (length,) = struct.unpack_from(">I", data)
            found.append(decode(data[4 : 4 + length]))
            data = data[4 + length :]
        return found


class ClientTests(TestCase):
    def setUp(self) -> None:
        self.reactor: Any = MemoryReactorClock()
        self.client = VigieClient(self.reactor, "/vigie.sock")
        self.silent: list[Wire] = []

    def ask(self, kind: Kind = Kind.EVENT, timeout: float = 1) -> Deferred[Any]:
        return self.client.request(kind, {"event": {}}, timeout)

    def connect(self) -> Wire:
        """Takes the attempt to connect that the client made last."""
        factory = self.reactor.unixClients[-1][1]
        protocol = factory.buildProtocol(None)
        wire = Wire()
        wire.protocol = protocol
        protocol.makeConnection(wire)
        return wire

    def refuse(self) -> None:
        """Nobody listens for the attempt to connect that the client made last."""
        factory = self.reactor.unixClients[-1][1]
        factory.clientConnectionFailed(None, TwistedFailure(ConnectionRefusedError()))

    def say(self, wire: Wire, kind: int, number: int, payload: Any) -> None:
        wire.protocol.dataReceived(frame(packed(kind, number, payload)))

    def fails(self, answer: Deferred[Any], reason: Reason) -> None:
        self.assertEqual(self.successResultOf(answer), Failure(reason))

    def test_hello_and_requests_go_out_at_once_and_replies_come_in_any_order(self) -> None:
        first, second = self.ask(), self.ask(Kind.FILE)
        wire = self.connect()
        third = self.ask()
        sent = wire.frames()
        self.assertEqual([one.kind for one in sent], [1, 4, 3, 4])
        self.assertEqual([one.number for one in sent], [0, 1, 2, 3])
        self.say(wire, 0x84, 3, {"n": 3})
        self.say(wire, 0x81, 0, {"protocol": 1})
        self.say(wire, 0x83, 2, {"n": 2})
        self.say(wire, 0x84, 1, {"n": 1})
        found = [self.successResultOf(one)["n"] for one in (first, second, third)]
        self.assertEqual(found, [1, 2, 3])
        self.assertEqual(len(self.reactor.unixClients), 1)
        self.assertEqual(self.reactor.getDelayedCalls(), [], "no timer is left behind")

    def test_a_reply_may_come_byte_by_byte(self) -> None:
        answer = self.ask()
        wire = self.connect()
        for byte in frame(packed(0x84, 1, {"verdict": "allow"})):
            self.assertNoResult(answer)
            wire.protocol.dataReceived(bytes([byte]))
        self.assertEqual(self.successResultOf(answer), {"verdict": "allow"})

    def test_nobody_listens(self) -> None:
        answer = self.ask()
        self.refuse()
        self.fails(answer, Reason.ABSENT)
        attempts = len(self.reactor.unixClients)
        self.fails(self.ask(), Reason.ABSENT)
        self.assertEqual(len(self.reactor.unixClients), attempts, "asked again too early")
        self.reactor.advance(FIRST_BACKOFF)
        self.assertNoResult(self.ask())
        self.assertEqual(len(self.reactor.unixClients), attempts + 1)

    def test_backoff_grows_to_its_limit_and_a_hello_resets_it(self) -> None:
        def waits() -> float:
            """Seconds until the client tries again after a refusal."""
            self.ask()
            self.refuse()
            waited, attempts = 0.0, len(self.reactor.unixClients)
            while len(self.reactor.unixClients) == attempts:
                self.reactor.advance(FIRST_BACKOFF / 2)
                waited += FIRST_BACKOFF / 2
                last = self.ask()
            self.refuse()
            self.fails(last, Reason.ABSENT)
            self.reactor.advance(LAST_BACKOFF)
            return waited

        grown = [waits() for _ in range(4)]
        self.assertEqual(grown, sorted(grown))
        self.assertAlmostEqual(grown[-1], LAST_BACKOFF, delta=FIRST_BACKOFF)
        answer = self.ask()
        wire = self.connect()
        self.say(wire, 0x81, 0, {"protocol": 1})
        self.say(wire, 0x84, self.number(wire), {})
        self.assertEqual(self.successResultOf(answer), {})
        wire.abortConnection()
        self.assertAlmostEqual(waits(), FIRST_BACKOFF, delta=FIRST_BACKOFF / 2)

    def number(self, wire: Wire) -> int:
        """The number of the request sent last."""
        number: int = wire.frames()[-1].number
        return number

    def test_connection_lost_fails_what_waits_and_the_next_request_connects(self) -> None:
        first, second = self.ask(), self.ask()
        wire = self.connect()
        self.say(wire, 0x84, 1, {})
        self.assertEqual(self.successResultOf(first), {})
        wire.protocol.connectionLost(TwistedFailure(ConnectionDone()))
        self.fails(second, Reason.LOST)
        third = self.ask()
        wire = self.connect()
        self.say(wire, 0x84, 3, {})
        self.assertEqual(self.successResultOf(third), {})

    def test_closed_at_once_backs_off(self) -> None:
        answer = self.ask()
        self.connect().protocol.connectionLost(TwistedFailure(ConnectionDone()))
        self.fails(answer, Reason.LOST)
        self.fails(self.ask(), Reason.ABSENT)

    def test_late_reply_is_dropped_and_the_connection_stays(self) -> None:
        late = self.ask(timeout=1)
        wire = self.connect()
        self.reactor.advance(1)
        self.fails(late, Reason.LATE)
        self.say(wire, 0x84, 1, {"n": 1})
        next_one = self.ask()
        self.say(wire, 0x84, 2, {"n": 2})
        self.assertEqual(self.successResultOf(next_one), {"n": 2})
        self.assertFalse(wire.aborted)

    def test_timeout_covers_the_time_to_connect(self) -> None:
        answer = self.ask(timeout=1)
        self.reactor.advance(0.9)
        self.assertNoResult(answer)
        self.reactor.advance(0.1)
        self.fails(answer, Reason.LATE)
        self.assertEqual(self.connect().frames()[1:], [], "nobody waits for that any more")

    def test_a_silent_server_is_given_up_and_asked_again_later(self) -> None:
        for _ in range(MAX_SILENT_TIMEOUTS):
            answers = [self.ask(timeout=1) for _ in range(9)]
            if not self.silent:
                self.silent.append(self.connect())
            wire = self.silent[0]
            self.assertFalse(wire.aborted, "many at once are one silence")
            self.reactor.advance(0.9)
            younger = self.ask(timeout=1)
            self.reactor.advance(0.1)
            for answer in answers:
                self.fails(answer, Reason.LATE)
        self.fails(younger, Reason.LATE)
        self.assertTrue(wire.aborted)
        self.fails(self.ask(), Reason.ABSENT)
        self.reactor.advance(FIRST_BACKOFF)
        healed = self.ask()
        wire = self.connect()
        self.say(wire, 0x84, self.number(wire), {"n": 9})
        self.assertEqual(self.successResultOf(healed), {"n": 9})

    def test_a_server_that_owes_nothing_may_be_silent(self) -> None:
        first = self.ask(timeout=1)
        wire = self.connect()
        self.say(wire, 0x84, 1, {})
        self.assertEqual(self.successResultOf(first), {})
        self.reactor.advance(1000)
        late = self.ask(timeout=1)
        self.reactor.advance(1)
        self.fails(late, Reason.LATE)
        self.assertFalse(wire.aborted)

    def test_a_slow_server_is_not_a_silent_one(self) -> None:
        self.ask()
        wire = self.connect()
        for number in range(1, 4 * MAX_SILENT_TIMEOUTS):
            self.reactor.advance(1)
            self.say(wire, 0x84, number, {})  # a second late
            self.ask()
        self.assertFalse(wire.aborted)

    def test_faults_of_the_server_end_the_connection(self) -> None:
        faults = {
            "number of no request": frame(packed(0x84, 77, {})),
            "other kind": frame(packed(0x83, 1, {})),
            "a request": frame(packed(0x04, 1, {})),
            "no JSON": frame(b"\x84\0\0\0\x01{"),
            "too long": struct.pack(">I", 2**31),
            "other version": frame(packed(0x81, 0, {"protocol": 2})),
            "error outside requests": frame(packed(0xFF, 0, {"error": {}})),
        }
        for name, data in faults.items():
            with self.subTest(name):
                self.setUp()
                answer = self.ask()
                wire = self.connect()
                wire.protocol.dataReceived(data)
                self.fails(answer, Reason.GARBLED)
                self.assertTrue(wire.aborted)
                self.reactor.advance(FIRST_BACKOFF)
                again = self.ask()
                wire = self.connect()
                self.say(wire, 0x84, self.number(wire), {})
                self.assertEqual(self.successResultOf(again), {})

    def test_error_frame_fails_its_request_alone(self) -> None:
        first, second = self.ask(), self.ask()
        wire = self.connect()
        self.say(wire, 0xFF, 1, {"error": {"code": "x", "message": "y", "line": None}})
        self.fails(first, Reason.REFUSED)
        self.say(wire, 0x84, 2, {})
        self.assertEqual(self.successResultOf(second), {})

    def test_too_many_requests_fail_at_once(self) -> None:
        waiting = [self.ask() for _ in range(MAX_WAITING)]
        self.fails(self.ask(), Reason.OVERLOADED)
        self.refuse()
        self.assertEqual({self.successResultOf(one) for one in waiting}, {Failure(Reason.ABSENT)})

    def test_a_server_that_answers_some_and_forgets_others_is_given_up(self) -> None:
        self.ask()
        wire = self.connect()
        for _ in range(MAX_WAITING + 2):
            if wire.aborted:
                break
            self.reactor.advance(1)
            self.say(wire, 0x81, 0, {"protocol": 1})
            self.ask()
        self.assertTrue(wire.aborted, "what it forgot would be remembered for ever")

    def test_what_cannot_be_sent_is_not_sent(self) -> None:
        self.fails(self.client.request(Kind.EVENT, {"x": {1}}, 1), Reason.UNSENDABLE)
        self.assertEqual(self.reactor.unixClients, [])

    def test_numbers_start_again(self) -> None:
        self.client._last_number = 2**32 - 2
        last, first = self.ask(), self.ask()
        wire = self.connect()
        self.assertEqual([one.number for one in wire.frames()], [0, 2**32 - 1, 1])
        self.say(wire, 0x84, 1, {"n": 1})
        self.say(wire, 0x84, 2**32 - 1, {"n": 0})
        self.assertEqual([self.successResultOf(one)["n"] for one in (last, first)], [0, 1])

    def test_a_caller_that_asks_again_in_its_callback_is_served(self) -> None:
        asked: list[Deferred[Any]] = []
        self.ask().addCallback(lambda _: asked.append(self.ask()))
        wire = self.connect()
        wire.protocol.connectionLost(TwistedFailure(ConnectionDone()))
        self.fails(asked[0], Reason.ABSENT)  # backing off: it closed before any answer


class SocketTests(TestCase):
    """Over real sockets, where frames go out past the transport."""

    async def test_a_server_that_does_not_read_gets_every_byte_in_order_later(self) -> None:
        reactor: Any = installed
        directory = tempfile.mkdtemp(prefix="vigie-")
        path = os.path.join(directory, "s")
        server = Slow()
        port = reactor.listenUNIX(path, server)
        client = VigieClient(reactor, path)
        text = "x" * 50_000
        answers = [client.request(Kind.CHECK, {"n": n, "text": text}, 60) for n in range(100)]
        found = [(await answer) for answer in answers]
        self.assertEqual([one["n"] for one in found], list(range(100)))  # type: ignore[index]
        # Bytes waited in the transport: none may go past them, now or later.
        again = await client.request(Kind.CHECK, {"n": 100, "text": text}, 60)
        self.assertEqual(again, {"n": 100})
        client.close()
        await port.stopListening()
        shutil.rmtree(directory)


class Slow(Factory):
    """Reads nothing at first, so that the buffer of the kernel fills."""

    noisy = False

    def buildProtocol(self, _: Any) -> Any:
        return SlowConnection()


class SlowConnection(Int32StringReceiver):
    """Answers with the number it is sent."""

    MAX_LENGTH = 1 << 24
    transport: Any

    def connectionMade(self) -> None:
        self.transport.pauseProducing()
        reactor: Any = installed
        reactor.callLater(0.1, self.transport.resumeProducing)

    def stringReceived(self, string: bytes) -> None:
        asked = decode(string)
        if asked.kind is Kind.CHECK:
            reply = {"n": asked.payload["n"]}
            self.transport.write(frame(packed(0x82, asked.number, reply)))
