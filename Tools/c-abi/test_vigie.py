"""Holds vigie.py to what it promises: test_vigie.py RULES, with vigie.py on the path."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import vigie

RULES = ""
MARKED = {"id": "1", "body": "Ci-joint la note, DIFFUSION RESTREINTE"}
FAMILY = """\
family: xx
title: Test
scheme: xx
sources: {{ S: s }}
rules:
  - {{ id: xx.hush, title: Hush, level: secret, cites: [S], prior: distinctive, usage: 2,
      phrases: [{0}], examples: {{ applied: ["⟦{0}⟧"], silent: [rien] }} }}
"""


class Checks(unittest.TestCase):
    vigie: vigie.Vigie

    @classmethod
    def setUpClass(cls) -> None:
        cls.vigie = vigie.Vigie(rules=RULES)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.vigie.close()

    def test_message(self) -> None:
        review = self.vigie.check(MARKED)
        self.assertEqual(review["verdict"], "block")
        self.assertEqual(review["findings"][0]["rule"], "fr.diffusion-restreinte")
        self.assertEqual(review["findings"][0]["range"], [18, 38])
        self.assertEqual(review["ruleset"], self.vigie.ruleset)
        self.assertEqual(self.vigie.check({"id": "2", "body": "bonjour"})["verdict"], "allow")

    def test_message_that_is_not_valid(self) -> None:
        with self.assertRaises(vigie.InvalidMessage) as caught:
            self.vigie.check({"id": "1", "boddy": "x"})
        self.assertEqual((caught.exception.code, caught.exception.status), ("unknown-key", "bad-line"))
        self.assertIn(b'"invalid-json"', self.vigie.check_line(b"\xff\0{"))
        self.assertIn(b'"error"', self.vigie.check_line(b""))

    def test_text(self) -> None:
        self.assertEqual(self.vigie.check_text(MARKED["body"])["verdict"], "block")
        room = {"id": "r", "visibility": "private", "encrypted": True}
        self.assertEqual(self.vigie.check_text(MARKED["body"], room)["verdict"], "log")
        finding = self.vigie.check_text(b"\xff\0 DIFFUSION RESTREINTE")["findings"][0]
        self.assertEqual(finding["range"], [3, 23])
        self.assertEqual(self.vigie.check_text("a\ud800b")["id"], "text")
        with self.assertRaises(vigie.InvalidMessage):
            self.vigie.check_text("a", {"id": 3})

    def test_file(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(os.fsencode(directory), b"caf\xe9.txt")
            with open(path, "w") as file:
                file.write("DIFFUSION RESTREINTE")
            self.assertEqual(self.vigie.check_file(path)["verdict"], "block")
            self.assertEqual(self.vigie.check_file(os.fsdecode(path))["verdict"], "block")
            gaps = self.vigie.check_file(Path(directory) / "missing")["gaps"]
            self.assertEqual([gap["reason"] for gap in gaps], ["missing"])
            review = self.vigie.check_file(path, "NATO RESTRICTED.txt")
            self.assertIn("filename", [finding["place"]["role"] for finding in review["findings"]])
        with self.assertRaises(ValueError):
            self.vigie.check_file("a\0b")

    def test_paths_of_messages(self) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("DIFFUSION RESTREINTE")
            file.flush()
            message = {"id": "1", "attachments": [{"name": "a.txt", "path": file.name}]}
            with self.assertRaises(vigie.InvalidMessage) as caught:
                self.vigie.check(message)
            self.assertEqual(caught.exception.code, "not-allowed")
            with vigie.Vigie(rules=RULES, allow_paths=True) as trusting:
                self.assertEqual(trusting.check(message)["verdict"], "block")

    def test_threads(self) -> None:
        wrong = []

        def check() -> None:
            for number in range(2000):
                message = MARKED if number % 2 else {"id": "2", "body": "bonjour"}
                if self.vigie.check(message)["verdict"] != ("block" if number % 2 else "allow"):
                    wrong.append(number)

        threads = [threading.Thread(target=check) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in range(3):
            self.vigie.reload()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_fork(self) -> None:
        child = os.fork()
        if child == 0:
            os._exit(0 if self.vigie.check(MARKED)["verdict"] == "block" else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)


class Lifetime(unittest.TestCase):
    def test_rules_beside_the_library(self) -> None:
        with vigie.Vigie() as shipped:
            self.assertEqual(shipped.check(MARKED)["verdict"], "block")
        self.assertRegex(vigie.version(), r"^\d+\.\d+\.\d+$")

    def test_closed(self) -> None:
        with vigie.Vigie(rules=RULES) as closed:
            pass
        for call in (lambda: closed.check(MARKED), closed.reload, lambda: closed.ruleset):
            with self.assertRaises(vigie.VigieError) as caught:
                call()
            self.assertEqual(caught.exception.status, "not-open")
        closed.close()
        del closed
        gc.collect()

    def test_rules_that_cannot_be_used(self) -> None:
        with self.assertRaises(vigie.VigieError) as caught:
            vigie.Vigie(rules="/nonexistent/rules")
        self.assertEqual(caught.exception.status, "bad-rules")
        self.assertIn("/nonexistent/rules", str(caught.exception))
        with self.assertRaises(vigie.VigieError) as caught:
            vigie.Vigie(rules=RULES, key_file="/nonexistent/key")
        self.assertEqual(caught.exception.status, "bad-key")
        with self.assertRaises(OSError):
            vigie.load("/nonexistent/libvigie.so")

    def test_fingerprints(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            key = Path(directory) / "key"
            key.write_bytes(bytes(range(32)))
            key.chmod(0o600)
            with vigie.Vigie(rules=RULES, key_file=key) as keyed:
                self.assertTrue(keyed.check(MARKED)["findings"][0]["fingerprint"])
        with vigie.Vigie(rules=RULES) as bare:
            self.assertIsNone(bare.check(MARKED)["findings"][0]["fingerprint"])

    def test_trusted_keys(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            keys = Path(directory) / "keys"
            keys.write_text("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\n")
            with self.assertRaises(vigie.VigieError) as caught:
                vigie.Vigie(rules=RULES, trusted_keys=keys)
            self.assertEqual(caught.exception.status, "bad-rules")
            self.assertIn("not signed", str(caught.exception))

    def test_reload(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            family = Path(directory) / "markings" / "xx.yaml"
            family.parent.mkdir()
            family.write_text(FAMILY.format("hush hush"))
            with vigie.Vigie(rules=RULES, sites=[directory]) as site:
                first = site.ruleset
                self.assertEqual(len(site.check_text("hush hush")["findings"]), 1)
                family.write_text("family: [")
                with self.assertRaises(vigie.VigieError) as caught:
                    site.reload()
                self.assertIn("xx.yaml:2:1: ", str(caught.exception))
                self.assertEqual(site.ruleset, first)
                self.assertEqual(len(site.check_text("hush hush")["findings"]), 1)
                family.write_text(FAMILY.format("mum mum mum"))
                site.reload()
                self.assertNotEqual(site.ruleset, first)
                self.assertEqual(len(site.check_text("hush hush")["findings"]), 0)


if __name__ == "__main__":
    RULES = sys.argv.pop(1)
    unittest.main()
