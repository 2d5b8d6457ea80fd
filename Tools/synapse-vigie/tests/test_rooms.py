"""Facts of rooms, from state and from requests to create them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import TestCase

from synapse_vigie.config import Fail, FailPolicy
from synapse_vigie.rooms import Room, events_of_request, room_of_request, room_of_state

POLICY = FailPolicy(public=Fail.CLOSED, private=Fail.OPEN, unknown=Fail.CLOSED)


def state(**contents: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """State of events by the last word of their type."""
    return {
        (name.replace("__", "."), ""): SimpleNamespace(content=content)
        for name, content in contents.items()
    }


class StateTests(TestCase):
    def test_a_public_room(self) -> None:
        room = room_of_state(
            "!r",
            state(
                m__room__join_rules={"join_rule": "public"},
                m__room__history_visibility={"history_visibility": "world_readable"},
                m__room__create={"m.federate": False},
                m__room__name={"name": "Annonces"},
                im__vector__room__access_rules={"rule": "unrestricted"},
            ),
        )
        self.assertEqual(
            room.facts(),
            {
                "id": "!r",
                "join_rule": "public",
                "history_visibility": "world_readable",
                "access_rule": "unrestricted",
                "name": "Annonces",
                "federate": False,
                "encryption": None,
            },
        )
        self.assertEqual(room.fail(POLICY), Fail.CLOSED)

    def test_a_room_without_state_has_what_the_specification_says(self) -> None:
        facts = room_of_state("!r", {}).facts()
        self.assertEqual(
            facts,
            {
                "id": "!r",
                "join_rule": "invite",
                "history_visibility": "shared",
                "encryption": None,
            },
        )

    def test_odd_content_is_unknown(self) -> None:
        facts = room_of_state(
            "!r",
            state(
                m__room__join_rules={"join_rule": ["public"]},
                m__room__history_visibility={},
                m__room__name={"name": None},
                m__room__encryption={},
                m__room__create={"m.federate": "no"},
            ),
        )
        self.assertEqual(facts.facts(), {"id": "!r", "encryption": "unknown", "federate": True})

    def test_nothing_known_is_not_a_room_without_encryption(self) -> None:
        self.assertEqual(Room("!r").facts(), {"id": "!r"})
        self.assertEqual(Room("!r").fail(POLICY), Fail.CLOSED)

    def test_who_can_enter_decides_the_fail_policy(self) -> None:
        policy = FailPolicy(Fail.CLOSED, Fail.OPEN, Fail.CLOSED)
        wanted = {
            "public": Fail.CLOSED,
            "invite": Fail.OPEN,
            "knock": Fail.OPEN,
            "restricted": Fail.OPEN,
            "knock_restricted": Fail.OPEN,
            "new-in-2030": Fail.CLOSED,
        }
        for rule, fail in wanted.items():
            self.assertEqual(Room("!r", join_rule=rule).fail(policy), fail, rule)
        readable = Room("!r", join_rule="invite", history_visibility="world_readable")
        self.assertEqual(readable.fail(policy), Fail.CLOSED)


class RequestTests(TestCase):
    def test_presets(self) -> None:
        wanted = [
            ({}, "invite"),
            ({"visibility": "public"}, "public"),
            ({"visibility": "public", "preset": "private_chat"}, "invite"),
            ({"preset": "public_chat"}, "public"),
            ({"preset": "trusted_private_chat"}, "invite"),
        ]
        for request, rule in wanted:
            self.assertEqual(room_of_request(request).join_rule, rule, request)

    def test_first_state_wins_over_the_preset(self) -> None:
        request = {
            "preset": "private_chat",
            "name": "Annonces",
            "creation_content": {"m.federate": False},
            "initial_state": [
                {"type": "m.room.join_rules", "content": {"join_rule": "public"}},
                {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.x"}},
            ],
        }
        self.assertEqual(
            room_of_request(request).facts(),
            {
                "id": "!new",
                "join_rule": "public",
                "history_visibility": "shared",
                "name": "Annonces",
                "federate": False,
                "encryption": "m.x",
            },
        )

    def test_events(self) -> None:
        request = {
            "name": "N",
            "topic": "T",
            "initial_state": [{"type": "a.b", "state_key": "k", "content": {"x": 1}}],
        }
        self.assertEqual(
            list(events_of_request("@a:b", request)),
            [
                {"type": "a.b", "state_key": "k", "content": {"x": 1}, "sender": "@a:b"},
                {
                    "type": "m.room.name",
                    "state_key": "",
                    "content": {"name": "N"},
                    "sender": "@a:b",
                },
                {
                    "type": "m.room.topic",
                    "state_key": "",
                    "content": {"topic": "T"},
                    "sender": "@a:b",
                },
            ],
        )

    def test_odd_requests_are_no_fault_of_ours(self) -> None:
        odd: list[Any] = [None, 7, "x", {"type": 1}, {"type": "a", "content": []}, {"content": {}}]
        for request in (
            {"initial_state": odd, "name": 7, "topic": [], "preset": ["x"]},
            {"initial_state": {"a": 1}, "creation_content": 7, "visibility": {}},
        ):
            self.assertEqual(list(events_of_request("@a:b", request)), [])
            self.assertEqual(room_of_request(request).id, "!new")
