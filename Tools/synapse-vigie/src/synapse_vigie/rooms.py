"""What Vigie is told about a room, from its state or from a request to create it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from synapse_vigie.config import Fail, FailPolicy

StateKey = tuple[str, str]
Content = Mapping[str, Any]

# Where the French administration's Matrix clients note who may enter a room.
ACCESS_RULES = "im.vector.room.access_rules"

# Read for each event; one read of these costs some 0.1 ms once they are in Synapse's cache.
STATE_KEYS: tuple[StateKey, ...] = (
    ("m.room.join_rules", ""),
    ("m.room.history_visibility", ""),
    ("m.room.encryption", ""),
    ("m.room.create", ""),
    ("m.room.name", ""),
    (ACCESS_RULES, ""),
)

# What the presets of createRoom set.
# https://spec.matrix.org/v1.11/client-server-api/#post_matrixclientv3createroom
_PRESET_JOIN_RULES = {
    "public_chat": "public",
    "private_chat": "invite",
    "trusted_private_chat": "invite",
}

# Join rules of a door that somebody keeps: what Vigie calls a private channel.
_PRIVATE = {"invite", "private", "knock", "restricted", "knock_restricted"}

# Stands for the id of a room that does not exist yet.
NEW_ROOM = "!new"


@dataclass(frozen=True)
class Room:
    """The facts of the protocol's `room`; None is a fact that nobody knows, so it is not sent."""

    id: str
    join_rule: str | None = None
    history_visibility: str | None = None
    access_rule: str | None = None
    name: str | None = None
    federate: bool | None = None
    encryption: str | None = None
    is_encryption_known: bool = False

    def facts(self) -> dict[str, Any]:
        """The `room` of a request: a missing key is unknown, a null encryption is none."""
        known = {
            "join_rule": self.join_rule,
            "history_visibility": self.history_visibility,
            "access_rule": self.access_rule,
            "name": self.name,
            "federate": self.federate,
        }
        facts: dict[str, Any] = {"id": self.id}
        facts.update((key, value) for key, value in known.items() if value is not None)
        if self.is_encryption_known:
            facts["encryption"] = self.encryption
        return facts

    def fail(self, policy: FailPolicy) -> Fail:
        """What happens to an event of this room that nobody judged."""
        if self.join_rule == "public" or self.history_visibility == "world_readable":
            return policy.public
        return policy.private if self.join_rule in _PRIVATE else policy.unknown


def room_of_state(room_id: str, state: Mapping[StateKey, Any]) -> Room:
    """The facts of a room whose whole state of STATE_KEYS is given, as Synapse's events."""
    return _room(room_id, {key: state[key].content for key in STATE_KEYS if key in state})


def room_of_request(config: Content) -> Room:
    """The facts of a room that a client asks to create."""
    state: dict[StateKey, Content] = {}
    visibility = config.get("visibility")
    preset = config.get("preset") or ("public_chat" if visibility == "public" else "private_chat")
    if isinstance(preset, str) and preset in _PRESET_JOIN_RULES:
        state["m.room.join_rules", ""] = {"join_rule": _PRESET_JOIN_RULES[preset]}
        state["m.room.history_visibility", ""] = {"history_visibility": "shared"}
    created = config.get("creation_content")
    state["m.room.create", ""] = created if isinstance(created, Mapping) else {}
    for event in _initial_state(config):
        state[event["type"], event["state_key"]] = event["content"]
    if isinstance(config.get("name"), str):
        state["m.room.name", ""] = {"name": config["name"]}
    return _room(NEW_ROOM, state)


def events_of_request(user_id: str, config: Content) -> Iterator[dict[str, Any]]:
    """The events of a room that a client asks to create, as far as people wrote them."""
    events = list(_initial_state(config))
    for key, kind in (("name", "m.room.name"), ("topic", "m.room.topic")):
        if isinstance(config.get(key), str):
            events.append({"type": kind, "state_key": "", "content": {key: config[key]}})
    for event in events:
        yield {**event, "sender": user_id}


def _initial_state(config: Content) -> Iterator[dict[str, Any]]:
    # Synapse refuses what is not of this shape itself, but later than it asks us.
    initial = config.get("initial_state")
    for event in initial if isinstance(initial, list) else []:
        if not isinstance(event, Mapping) or not isinstance(event.get("content"), Mapping):
            continue
        kind, key = event.get("type"), event.get("state_key", "")
        if isinstance(kind, str) and isinstance(key, str):
            yield {"type": kind, "state_key": key, "content": event["content"]}


def _room(room_id: str, state: Mapping[StateKey, Content]) -> Room:
    def text(kind: str, key: str, absent: str | None = None) -> str | None:
        content = state.get((kind, ""))
        if content is None:
            return absent
        value = content.get(key)
        return value if isinstance(value, str) else None

    created = state.get(("m.room.create", ""))
    encryption = state.get(("m.room.encryption", ""))
    # Any m.room.encryption event means an encrypted room, whatever it holds.
    algorithm = None if encryption is None else str(encryption.get("algorithm") or "unknown")
    return Room(
        room_id,
        # The rules of a room without the event are in the specification: nobody enters
        # uninvited, and members see what was said before they came.
        join_rule=text("m.room.join_rules", "join_rule", absent="invite"),
        history_visibility=text("m.room.history_visibility", "history_visibility", "shared"),
        access_rule=text(ACCESS_RULES, "rule"),
        name=text("m.room.name", "name"),
        federate=None if created is None else created.get("m.federate") is not False,
        encryption=algorithm,
        is_encryption_known=True,
    )
