"""The callbacks that Synapse calls, and what they do where nobody judged."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from synapse.events import EventBase
from synapse.logging.context import make_deferred_yieldable
from synapse.module_api import NOT_SPAM, ModuleApi
from synapse.module_api.errors import Codes, SynapseError
from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred

from synapse_vigie import metrics
from synapse_vigie.client import Failure, Reason, Reply, VigieClient
from synapse_vigie.config import Config, Fail
from synapse_vigie.frames import Kind
from synapse_vigie.reviews import Refusal, Review, ReviewFault, refusal_unjudged
from synapse_vigie.rooms import (
    STATE_KEYS,
    Room,
    events_of_request,
    room_of_request,
    room_of_state,
)

if TYPE_CHECKING:
    from synapse.media._base import FileInfo
    from synapse.media.media_storage import ReadableFileWrapper

logger = logging.getLogger(__name__)

SpamAnswer = Literal["NOT_SPAM"] | tuple[Codes, dict[str, Any]]

# Vigie has no use for these keys of an event, and they are half of its bytes.
_UNSENT = {"auth_events", "prev_events", "hashes", "signatures", "depth", "unsigned"}

# Events that moderators need most when something goes wrong, and that hold no words people read:
# they are judged like all others, but never refused because nobody could judge.
_NEVER_REFUSED_UNJUDGED = {
    "m.room.redaction",
    "m.room.power_levels",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.room.guest_access",
    "m.room.encryption",
    "m.room.server_acl",
}

_WORD = re.compile(r"[A-Za-z0-9._-]{1,100}")

# What check_event_allowed sees and check_event_for_spam does not, and holds no message.
_NOT_ASKED = {"m.room.member", "m.room.create"}


@dataclass(frozen=True)
class _Case:
    """One thing to be judged: which callback, what logs may say of it, and its fail policy."""

    hook: str
    subject: str
    fail: Fail
    # Whether content can be stored in place of what was sent; else `redact` is a refusal.
    is_redactable: bool = False


@dataclass(frozen=True)
class _Outcome:
    """Passes with neither; a refusal is not stored, a content is stored instead."""

    refusal: Refusal | None = None
    content: dict[str, Any] | None = None


class VigieModule:
    """Asks Vigie about events, rooms to be created and uploads before they are stored."""

    def __init__(self, config: Config, api: ModuleApi, client: VigieClient | None = None) -> None:
        self._config = config
        self._api = api
        self._client = client or VigieClient(reactor, config.socket)
        api.register_spam_checker_callbacks(
            check_event_for_spam=self.check_event_for_spam,
            user_may_create_room=self.user_may_create_room,
            check_media_file_for_spam=self.check_media_file_for_spam if config.uploads else None,
        )
        if config.redact:
            # Only here can an event be changed. Synapse reads the whole state of the room for it,
            # every member included, so it is not registered unless somebody wants it.
            api.register_third_party_rules_callbacks(check_event_allowed=self.check_event_allowed)

    @staticmethod
    def parse_config(config: dict[str, Any]) -> Config:
        """Called by Synapse before it starts; ConfigError stops it with a message."""
        return Config.parse(config)

    async def check_event_for_spam(self, event: EventBase) -> SpamAnswer:
        """Judges an event of a client (but not those inside createRoom) or of another server."""
        is_ours = self._api.is_mine(event.sender)
        if self._config.redact and is_ours:
            return NOT_SPAM  # check_event_allowed has just judged it
        room = await self._room(event.room_id)
        fail = room.fail(self._config.fail) if is_ours else self._config.fail.remote
        case = _Case("event", f"event {event.event_id}", _fail_of(event.type, fail))
        return _spam_answer(await self._judge_event(case, event, room))

    async def check_event_allowed(
        self, event: EventBase, state: Mapping[tuple[str, str], EventBase]
    ) -> tuple[bool, dict[str, Any] | None]:
        """Judges an event of a client and replaces its content on the verdict `redact`."""
        if event.type in _NOT_ASKED or not self._api.is_mine(event.sender):
            return True, None
        room = _facts(event.room_id, state)
        fail = _fail_of(event.type, room.fail(self._config.fail))
        case = _Case("event", f"event {event.event_id}", fail, is_redactable=True)
        outcome = await self._judge_event(case, event, room)
        if outcome.refusal is not None:
            raise _error(outcome.refusal)
        if outcome.content is not None:
            return True, {**event.get_dict(), "content": outcome.content}
        return True, None

    async def user_may_create_room(self, user: str, request: dict[str, Any]) -> SpamAnswer:
        """Judges the name, the topic and the first state of a room before it exists."""
        try:
            room = room_of_request(request)
            events = [e for e in events_of_request(user, request) if e["type"] not in _NOT_ASKED]
        except Exception as error:  # noqa: BLE001 (what clients send is not checked wholly yet)
            case = _Case("room", "a room to be created", self._config.fail.unknown)
            name = type(error).__name__
            return _spam_answer(self._unjudged(case, Reason.INTERNAL.value, 0, name))
        # All at once: together they take no longer than the timeout of one.
        answers = [(event["type"], self._ask_event(event, room)) for event in events]
        outcome = _Outcome()
        for kind, answer in answers:
            fail = _fail_of(kind, room.fail(self._config.fail))
            # Redacting is left to check_event_allowed, which will see these events too.
            case = _Case("room", "a room to be created", fail, is_redactable=self._config.redact)
            judged = await self._judge(case, answer)
            if judged.refusal is not None and outcome.refusal is None:
                outcome = judged
        return _spam_answer(outcome)

    async def check_media_file_for_spam(
        self, file: ReadableFileWrapper, info: FileInfo
    ) -> Literal["NOT_SPAM"]:
        """Has an upload, or a file that came from another server, inspected once.

        Thumbnails are left out: Synapse makes them of files that came through here. Previews of
        web pages are left out: nobody wrote them here, and they belong to no message.
        """
        if info.thumbnail is not None or info.url_cache:
            return NOT_SPAM
        path = os.path.abspath(file.path)
        if self._config.media_root is not None:
            path = self._config.media_root.path(path)
        media = f"mxc://{info.server_name or self._api.server_name}/{info.file_id}"
        answer = self._ask(
            Kind.FILE, {"id": media, "path": path}, self._config.upload_timeout_ms / 1000
        )
        case = _Case("upload", f"upload {media}", self._config.fail.upload)
        outcome = await self._judge(case, answer)
        if outcome.refusal is not None:
            # As a return value it would reach the client as 400 "Bad content", without a reason.
            raise _error(outcome.refusal)
        return NOT_SPAM

    async def _room(self, room_id: str) -> Room:
        try:
            state = await self._api.get_room_state(room_id, STATE_KEYS)
        except CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 (a room we know nothing of is still judged)
            logger.warning("state of room %s not read: %s", room_id, type(error).__name__)
            return Room(room_id)
        return _facts(room_id, state)

    async def _judge_event(self, case: _Case, event: EventBase, room: Room) -> _Outcome:
        try:
            raw = {key: value for key, value in event.get_dict().items() if key not in _UNSENT}
            raw["event_id"] = event.event_id
        except Exception as error:  # noqa: BLE001 (anything else would be a 500 to every client)
            return self._unjudged(case, Reason.INTERNAL.value, 0, type(error).__name__)
        return await self._judge(case, self._ask_event(raw, room))

    def _ask_event(self, event: dict[str, Any], room: Room) -> Deferred[Reply | Failure]:
        request = {"event": event, "room": room.facts(), "language": self._config.languages[0]}
        return self._ask(Kind.EVENT, request, self._config.timeout_ms / 1000)

    def _ask(
        self, kind: Kind, request: dict[str, Any], timeout: float
    ) -> Deferred[Reply | Failure]:
        # Nothing in there calls back before the reactor runs again, so the log context of this
        # request is neither kept nor lost; _judge leaves it when it waits.
        return self._client.request(kind, request, timeout)

    async def _judge(self, case: _Case, answer: Deferred[Reply | Failure]) -> _Outcome:
        started = time.monotonic()
        try:
            reply = await make_deferred_yieldable(answer)
            if isinstance(reply, Failure):
                return self._unjudged(case, reply.reason.value, time.monotonic() - started)
            return self._judged(case, Review.read(reply))
        except CancelledError:
            raise
        except ReviewFault as fault:
            seconds = time.monotonic() - started
            return self._unjudged(case, Reason.GARBLED.value, seconds, str(fault))
        except Exception as error:  # noqa: BLE001 (anything else would be a 500 to every client)
            seconds = time.monotonic() - started
            return self._unjudged(case, Reason.INTERNAL.value, seconds, type(error).__name__)
        finally:
            metrics.seconds(case.hook).observe(time.monotonic() - started)

    def _judged(self, case: _Case, review: Review) -> _Outcome:
        if review.failure is not None:
            fail = Fail.OPEN if review.passes(self._config) else Fail.CLOSED
            metrics.FAILURES.labels(case.hook, _label(review.failure), fail.value).inc()
            logger.warning(
                "%s not judged by Vigie: %s; its own fail policy says %s",
                case.subject,
                _label(review.failure),
                review.verdict.name.lower(),
            )
        outcome, word = _Outcome(), "passed"
        if not review.passes(self._config):
            content = review.content() if case.is_redactable else None
            if content is not None:
                outcome, word = _Outcome(content=content), "redacted"
            else:
                outcome, word = _Outcome(refusal=review.refusal(self._config)), "refused"
            logger.info(
                "%s %s: verdict %s by %s",
                case.subject,
                word,
                review.verdict.name.lower(),
                ", ".join(_label(rule) for rule in review.rules) or "no rule",
            )
        metrics.judged(case.hook, word).inc()
        return outcome

    def _unjudged(self, case: _Case, reason: str, seconds: float, detail: str = "") -> _Outcome:
        metrics.FAILURES.labels(case.hook, reason, case.fail.value).inc()
        logger.warning(
            "%s not judged by Vigie: %s after %.0f ms%s; fail policy %s",
            case.subject,
            reason,
            seconds * 1000,
            f" ({detail})" if detail else "",
            case.fail.value,
        )
        if case.fail is Fail.OPEN:
            return _Outcome()
        return _Outcome(refusal=refusal_unjudged(self._config, reason))


def _facts(room_id: str, state: Mapping[tuple[str, str], EventBase]) -> Room:
    try:
        return room_of_state(room_id, state)
    except Exception as error:  # noqa: BLE001 (a room we know nothing of is still judged)
        logger.warning("state of room %s not understood: %s", room_id, type(error).__name__)
        return Room(room_id)


def _fail_of(kind: str, fail: Fail) -> Fail:
    return Fail.OPEN if kind in _NEVER_REFUSED_UNJUDGED else fail


def _spam_answer(outcome: _Outcome) -> SpamAnswer:
    refusal = outcome.refusal
    if refusal is None:
        return NOT_SPAM
    # Synapse merges these fields last, so `error` and `errcode` take the place of its own.
    told = {"error": refusal.error, "errcode": refusal.errcode}
    return Codes.FORBIDDEN, {**refusal.fields, **told}


def _error(refusal: Refusal) -> SynapseError:
    return SynapseError(403, refusal.error, refusal.errcode, refusal.fields)


def _label(word: str) -> str:
    """A word from the server as logs and metrics may hold it, whoever the server is."""
    return word if _WORD.fullmatch(word) else "?"
