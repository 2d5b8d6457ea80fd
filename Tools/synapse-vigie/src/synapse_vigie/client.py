"""A connection to vigie-serve that is kept open, carries many requests at once and heals itself.

Nothing here knows Synapse. A request always ends: in a reply, or in a `Failure` that says why there
is none, by its timeout at the latest.
"""

from __future__ import annotations

import enum
import logging
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.protocol import Factory, connectionDone
from twisted.protocols.basic import Int32StringReceiver
from twisted.python.failure import Failure as TwistedFailure

from synapse_vigie.frames import MAX_FRAME_BYTES, PROTOCOL, FrameFault, Kind, decode, encode

logger = logging.getLogger(__name__)

# Waiting requests beyond this are not worth their memory: they would all be late.
MAX_WAITING = 1000

# A server that owes replies and sends not one byte for so many times the timeout hangs: the
# connection is given up for a new one.
MAX_SILENT_TIMEOUTS = 3

# Seconds between two attempts to connect: doubled from the first to the second. Requests in
# between fail at once, so a server that is gone or hung costs no waiting.
FIRST_BACKOFF = 0.05
LAST_BACKOFF = 1.0

_NUMBERS = 2**32


class Reason(enum.Enum):
    """Why a request has no reply."""

    ABSENT = "absent"  # nobody listens at the socket
    LATE = "late"  # no reply within the timeout
    LOST = "lost"  # the connection ended first
    GARBLED = "garbled"  # the other side does not speak the protocol
    REFUSED = "refused"  # the server answered with an error frame
    OVERLOADED = "overloaded"  # too many requests wait already
    UNSENDABLE = "unsendable"  # the request cannot be a frame
    INTERNAL = "internal"  # a fault of this module


@dataclass(frozen=True)
class Failure:
    """A request without a reply. A value, not an exception: nobody can forget to catch it."""

    reason: Reason


Reply = dict[str, Any]


class _Call(Protocol):
    def active(self) -> bool: ...

    def cancel(self) -> None: ...


class _Clock(Protocol):
    """The clock of a reactor (IReactorTime, which type checkers cannot read)."""

    def seconds(self) -> float: ...

    def callLater(
        self, delay: float, function: Callable[..., object], *arguments: object
    ) -> _Call: ...


@dataclass
class _Request:
    kind: Kind
    frame: bytes
    answer: Deferred[Reply | Failure]


class VigieClient:
    """Requests to one vigie-serve, over one connection that is opened when it is first needed."""

    def __init__(self, reactor: Any, path: str) -> None:
        self._reactor: Any = reactor
        self._clock: _Clock = reactor
        self._path = path
        self._connection: _Connection | None = None
        self._connecting = False
        self._requests: dict[int, _Request] = {}
        self._abandoned: set[int] = set()
        self._last_number = 0
        # Since when the server owes replies and says nothing; None while it owes none.
        self._silent_since: float | None = None
        self._backoff = FIRST_BACKOFF
        self._not_before = 0.0

    def request(
        self, kind: Kind, payload: dict[str, Any], timeout: float
    ) -> Deferred[Reply | Failure]:
        """Asks; the result comes within `timeout` seconds and is never an exception."""
        if len(self._requests) >= MAX_WAITING:
            return _failed(Reason.OVERLOADED)
        if self._connection is None and not self._connecting and self._is_backing_off():
            return _failed(Reason.ABSENT)
        number = self._next_number()
        try:
            frame = encode(kind, number, payload)
        except FrameFault:
            return _failed(Reason.UNSENDABLE)
        answer: Deferred[Reply | Failure] = Deferred()
        self._requests[number] = _Request(kind, frame, answer)
        deadline = self._clock.callLater(timeout, self._time_out, number, timeout)

        def settle(result: Reply | Failure) -> Reply | Failure:
            if deadline.active():
                deadline.cancel()
            return result

        answer.addCallback(settle)
        if self._connection is not None:
            if self._silent_since is None:
                self._silent_since = self._clock.seconds()
            self._connection.send(frame)
        elif not self._connecting:
            self._connect(timeout)
        return answer

    def close(self) -> None:
        """Ends the connection; requests on their way fail."""
        self._drop(Reason.LOST)

    def _is_backing_off(self) -> bool:
        return self._clock.seconds() < self._not_before

    def _next_number(self) -> int:
        # 0 is the hello. After 2^32 requests numbers start again; those still waiting are skipped.
        while True:
            self._last_number = (self._last_number + 1) % _NUMBERS
            number = self._last_number
            if number and number not in self._requests and number not in self._abandoned:
                return number

    def _connect(self, timeout: float) -> None:
        self._connecting = True
        endpoint: Any = UNIXClientEndpoint(  # type: ignore[no-untyped-call]
            self._reactor, self._path, timeout=timeout
        )
        factory: Factory = Factory.forProtocol(lambda: _Connection(self))
        factory.noisy = False
        endpoint.connect(factory).addCallbacks(self._connected, self._not_connected)

    def _connected(self, connection: _Connection) -> None:
        self._connecting = False
        if connection.is_lost:  # accepted and closed at once
            self._fail_all(Reason.LOST)
            self._back_off()
            return
        self._connection = connection
        self._silent_since = self._clock.seconds()
        logger.info("connected to Vigie")
        connection.send(encode(Kind.HELLO, 0, {"protocol": PROTOCOL}))
        for request in self._requests.values():
            connection.send(request.frame)

    def _not_connected(self, _: TwistedFailure) -> None:
        self._connecting = False
        self._back_off()
        self._fail_all(Reason.ABSENT)

    def _back_off(self) -> None:
        self._not_before = self._clock.seconds() + self._backoff
        self._backoff = min(self._backoff * 2, LAST_BACKOFF)

    def received(self, connection: _Connection, data: bytes) -> None:
        """Takes one frame from a connection."""
        if connection is not self._connection:
            return
        try:
            frame = decode(data)
        except FrameFault as fault:
            self.fault(connection, str(fault))
            return
        self._silent_since = self._clock.seconds()
        if frame.kind is Kind.HELLO_REPLY:
            if frame.payload.get("protocol") != PROTOCOL:
                self.fault(connection, "the server speaks another version of the protocol")
                return
            self._backoff = FIRST_BACKOFF
        elif frame.number in self._abandoned:
            self._abandoned.discard(frame.number)
        else:
            self._answer(connection, frame.kind, frame.number, frame.payload)
        if not self._requests and not self._abandoned:
            self._silent_since = None

    def _answer(self, connection: _Connection, kind: Kind, number: int, payload: Reply) -> None:
        request = self._requests.get(number)
        if request is None:
            self.fault(connection, "a reply has the number of no request")
        elif kind is Kind.ERROR:
            del self._requests[number]
            request.answer.callback(Failure(Reason.REFUSED))
        elif kind is not request.kind.reply:
            self.fault(connection, "a reply is of another kind than its request")
        else:
            del self._requests[number]
            request.answer.callback(payload)

    def fault(self, connection: _Connection, what: str) -> None:
        """Ends a connection whose other side does not keep to the protocol."""
        if connection is self._connection:
            logger.warning("connection to Vigie given up: %s", what)
            self._back_off()
            self._drop(Reason.GARBLED)

    def lost(self, connection: _Connection) -> None:
        """Takes the end of a connection that the other side closed."""
        if connection is self._connection:
            logger.info("connection to Vigie ended")
            self._connection = None
            # A server that took no request before it closed would be asked in a tight loop.
            if not connection.was_answered:
                self._back_off()
            self._abandoned.clear()
            self._fail_all(Reason.LOST)

    def _time_out(self, number: int, timeout: float) -> None:
        request = self._requests.pop(number, None)
        if request is None:
            return
        if self._connection is not None:
            self._abandoned.add(number)
            since = self._silent_since
            silence = 0.0 if since is None else self._clock.seconds() - since
            if silence >= MAX_SILENT_TIMEOUTS * timeout or len(self._abandoned) > MAX_WAITING:
                logger.warning("connection to Vigie given up: replies do not come")
                self._back_off()
                self._drop(Reason.LATE)
        request.answer.callback(Failure(Reason.LATE))

    def _drop(self, reason: Reason) -> None:
        connection, self._connection = self._connection, None
        self._abandoned.clear()
        if connection is not None and connection.transport is not None:
            connection.transport.abortConnection()
        self._fail_all(reason)

    def _fail_all(self, reason: Reason) -> None:
        requests, self._requests = self._requests, {}
        for request in requests.values():
            request.answer.callback(Failure(reason))


class _Connection(Int32StringReceiver):
    """Cuts the bytes of one connection into frames."""

    MAX_LENGTH = MAX_FRAME_BYTES
    transport: Any

    def __init__(self, client: VigieClient) -> None:
        self._client = client
        self.is_lost = False
        self.was_answered = False
        self._socket: socket.socket | None = None

    def connectionMade(self) -> None:
        handle = getattr(self.transport, "getHandle", lambda: None)()
        self._socket = handle if isinstance(handle, socket.socket) else None

    def send(self, frame: bytes) -> None:
        """Sends a frame, its length first.

        Straight into the socket where that takes it: through the transport each request costs
        Synapse another turn of its reactor, which is more than everything else here.
        """
        data = struct.pack(">I", len(frame)) + frame
        if self._socket is not None:
            try:
                sent = self._socket.send(data)
            except OSError:
                # Full, or gone: the transport waits for room, or sees the end of the connection.
                sent = 0
            if sent == len(data):
                return
            # From now on bytes wait in the transport: none may overtake them.
            self._socket = None
            data = data[sent:]
        self.transport.write(data)

    def stringReceived(self, string: bytes) -> None:
        self.was_answered = True
        self._client.received(self, string)

    def lengthLimitExceeded(self, length: int) -> None:
        self._client.fault(self, "a frame is longer than a frame may be")

    def connectionLost(self, reason: TwistedFailure = connectionDone) -> None:
        self.is_lost = True
        self._socket = None
        self._client.lost(self)


def _failed(reason: Reason) -> Deferred[Reply | Failure]:
    answer: Deferred[Reply | Failure] = Deferred()
    answer.callback(Failure(reason))
    return answer
