"""Configurations: the defaults are the documented ones, faults name their key."""

from __future__ import annotations

from typing import Any
from unittest import TestCase

from synapse.module_api.errors import ConfigError

from synapse_vigie.config import Config, Fail, FailPolicy, MediaRoot, Warn

SOCKET = "/run/vigie/vigie.sock"


class ConfigTests(TestCase):
    def test_a_socket_is_enough(self) -> None:
        config = Config.parse({"socket": SOCKET})
        self.assertEqual(config, Config(SOCKET))
        self.assertEqual(config.fail.public, Fail.CLOSED)
        self.assertEqual(config.fail.private, Fail.OPEN)
        self.assertEqual(config.fail.unknown, Fail.CLOSED)
        self.assertEqual(config.fail.upload, Fail.OPEN)
        self.assertEqual(config.fail.remote, Fail.OPEN)
        self.assertFalse(config.redact)
        self.assertTrue(config.uploads)

    def test_everything_can_be_set(self) -> None:
        config = Config.parse(
            {
                "socket": "/a//b",
                "timeout_ms": 1,
                "upload_timeout_ms": 60_000,
                "fail": {"private": "closed", "public": "open"},
                "languages": ["de", "fr-CA"],
                "namespace": "org.example.dlp",
                "errcode": "ORG_EXAMPLE",
                "errcode_not_judged": "ORG_EXAMPLE_LATER",
                "warn": "pass",
                "redact": True,
                "uploads": False,
                "media_root": {"synapse": "/data/media/", "vigie": "/media"},
                "not_judged": {"de": "Nicht geprüft."},
                "refused": {"fr": "Refusé."},
            }
        )
        self.assertEqual(config.socket, "/a/b")
        self.assertEqual(config.fail, FailPolicy(public=Fail.OPEN, private=Fail.CLOSED))
        self.assertEqual(config.languages, ("de", "fr-CA"))
        self.assertEqual(config.warn, Warn.PASS)
        self.assertEqual(set(config.not_judged), {"en", "fr", "de"})
        self.assertEqual(config.refused["fr"], "Refusé.")
        assert config.media_root is not None
        self.assertEqual(config.media_root.path("/data/media/a/b"), "/media/a/b")

    def test_one_word_is_the_fail_policy_of_everything(self) -> None:
        for word in Fail:
            policy = Config.parse({"socket": SOCKET, "fail": word.value}).fail
            self.assertEqual(policy, FailPolicy(word, word, word, word, word))

    def test_one_language_needs_no_list(self) -> None:
        self.assertEqual(Config.parse({"socket": SOCKET, "languages": "en"}).languages, ("en",))

    def test_faults_name_their_key(self) -> None:
        faults: list[tuple[str, Any, list[str]]] = [
            ("socket", "vigie.sock", ["socket"]),
            ("socket", 7, ["socket"]),
            ("sokcet", SOCKET, ["sokcet"]),
            ("timeout_ms", 0, ["timeout_ms"]),
            ("timeout_ms", True, ["timeout_ms"]),
            ("timeout_ms", "500", ["timeout_ms"]),
            ("upload_timeout_ms", 10**9, ["upload_timeout_ms"]),
            ("fail", "ajar", ["fail"]),
            ("fail", ["open"], ["fail"]),
            ("fail", {"public": "ajar"}, ["fail", "public"]),
            ("fail", {"publick": "open"}, ["fail", "publick"]),
            ("languages", [], ["languages"]),
            ("languages", ["Français"], ["languages"]),
            ("namespace", "vigie", ["namespace"]),
            ("namespace", "errcode", ["namespace"]),
            ("errcode", "blocked", ["errcode"]),
            ("errcode_not_judged", None, ["errcode_not_judged"]),
            ("warn", "maybe", ["warn"]),
            ("redact", "yes", ["redact"]),
            ("uploads", 1, ["uploads"]),
            ("media_root", "/media", ["media_root"]),
            ("media_root", {"synapse": "/a", "vigie": "b"}, ["media_root", "vigie"]),
            ("not_judged", {"fr": ""}, ["not_judged", "fr"]),
            ("refused", {1: "x"}, ["refused"]),
        ]
        for key, value, path in faults:
            with self.subTest(f"{key}: {value}"), self.assertRaises(ConfigError) as caught:
                Config.parse({"socket": SOCKET, **{key: value}})
            self.assertEqual(list(caught.exception.path or []), path)

    def test_the_socket_cannot_be_left_out(self) -> None:
        with self.assertRaises(ConfigError):
            Config.parse({})

    def test_a_path_elsewhere_is_left_alone(self) -> None:
        root = MediaRoot("/data/media", "/media")
        self.assertEqual(root.path("/data/media-old/a"), "/data/media-old/a")
