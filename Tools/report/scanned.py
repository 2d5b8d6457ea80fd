"""An archive with more than ten thousand findings and hostile names, and the reports that vigie writes of it."""

import argparse
import csv
import json
import pathlib
import random
import subprocess
import tempfile

MARKED = [
    "DIFFUSION RESTREINTE\nNote de service n° {n}",
    "NATO SECRET\nCompte rendu n° {n}",
    "TLP:AMBER\nVeille n° {n}",
    "RESTREINT UE/EU RESTRICTED\nProjet n° {n}",
    "la mention Diffusion Restreinte se place en haut de page, exemple {n}",
]
CHANNELS = [
    "Cellule de crise",
    "</script><script>window.injected = 1</script>",
    '<img src=x onerror="window.injected = 2">',
    "=cmd|'/c calc'!A1",
    "retour\u202eegap ed\u0007",
    "Veille, presse \"et\" médias",
]
SENDERS = ["@anne:agent.example", '"><svg onload=alert(1)>', "@bruno:agent.example", "-2+3", "&lt;b&gt;"]
COUNT = 10_500


def write_archive(path, count=COUNT):
    """Writes messages of which nearly all hold one finding, the same at every run."""
    choice = random.Random(6)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            channel = choice.choice(CHANNELS)
            text = choice.choice(MARKED).format(n=number) if number % 50 else "bonjour à tous"
            message = {
                "id": f"<b>{number}</b>" if number % 7 == 0 else f"m-{number}",
                "body": text,
                "sender": choice.choice(SENDERS),
                "timestamp": f"2026-{1 + number % 6:02}-{1 + number % 28:02}T10:{number % 60:02}:00Z",
                "channel": {"id": f"c{CHANNELS.index(channel)}", "name": channel, "visibility": "public"},
            }
            file.write(json.dumps(message, ensure_ascii=False) + "\n")
        file.write("{ damaged\n")


class Scanned:
    """The reports of one scan, made once for all tests."""

    _known = None
    vigie = None

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vigie-report-"))
        self.archive = self.folder / "archive.jsonl"
        write_archive(self.archive)
        self.summary = json.loads(self.scan("report", "--json", "--language", "en").stdout)

    @classmethod
    def get(cls):
        """The reports; they are made at the first call."""
        cls._known = cls._known or cls()
        return cls._known

    def scan(self, name, *arguments, archive=None):
        """Scans and writes name.html, name.csv and name.sarif."""
        reports = ",".join(f"{kind}={self.path(name, kind)}" for kind in ("html", "csv", "sarif"))
        result = subprocess.run(
            [self.vigie, "scan", str(archive or self.archive), "--report", reports, *arguments],
            capture_output=True, text=True, check=False)
        if result.returncode not in (0, 1, 3):
            raise RuntimeError(f"vigie scan ended with {result.returncode}: {result.stderr}")
        return result

    def path(self, name, kind):
        """Where a report lies."""
        return self.folder / f"{name}.{kind}"

    def rows(self, name="report"):
        """The lines of a CSV report."""
        with open(self.path(name, "csv"), encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))

    @property
    def finding_count(self):
        """How many findings the scan counted."""
        total = self.summary["findings"]["total"]
        return total["applied"] + total["mentioned"]


def parse_arguments():
    """The arguments of ours, and those of unittest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--vigie", required=True)
    parser.add_argument("--pictures", help="a directory for pictures of the page")
    return parser.parse_known_args()
