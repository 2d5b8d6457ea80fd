#!/usr/bin/env python3
"""Kills scans at random moments and holds what they end with against a scan in one go.

    Tools/scan/kill.py VIGIE                               20 moments, 643,459 messages
    Tools/scan/kill.py VIGIE --messages 50000 --kills 5 --seed 7
    Tools/scan/kill.py VIGIE --archive export.json         an archive of your own

Each moment is a scan of its own: it is killed (SIGKILL), killed once more while it goes on, and then goes on to
its end. `--json`, `--report jsonl=` and what the store holds must be those of the scan in one go, byte for byte.
Everybody and everything in the generated archive is invented. Exit code 1 where anything differs.
"""
import argparse
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# The order and the columns in which two stores must agree; times of the clock are left out.
TABLES = {
    "finding": "event, number",
    "gap": "event, number, reason",
    "item": "fingerprint, rule, scheme, level, masked, state, first, last",
    "place": "source, message, spot, time, stamp, usage, verdict, digest, rest, first, last, gone",
    "archive": "run, number, bytes, identity, read, unread, gaps",
}
WORDS = "bonjour merci réunion demain salle livraison ticket accès dossier équipe point heure matin clos reçu".split()


def write_archive(path: Path, count: int, seed: int) -> None:
    """Writes JSON lines: one message in 200 bears a marking, one in 5,000 lines is no JSON."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            if number % 5000 == 4321:
                out.write("{ this is no JSON\n")
                continue
            text = " ".join(rng.choices(WORDS, k=rng.randint(3, 25)))
            if number % 200 == 0:
                text = f"TLP:RED\n{text} {rng.randint(0, 999)}"
            room = rng.randint(0, 3000)
            out.write(json.dumps({
                "id": f"$event-{number}:example.org", "body": text, "sender": f"@u{rng.randint(0, 73466)}:example.org",
                "timestamp": f"2026-06-{1 + number * 28 // count:02}T{number % 24:02}:{number % 60:02}:00Z",
                "channel": {"id": f"!room{room}:example.org", "name": f"salon {room}", "visibility": "public"},
            }, ensure_ascii=False) + "\n")


def command(vigie: str, archive: Path, folder: Path, name: str, key: Path) -> list[str]:
    return [vigie, "scan", str(archive), "--store", str(folder / f"{name}.sqlite"), "--key-file", str(key), "--json",
            "--report", f"jsonl={folder / name}.jsonl", "--resume"]


class Block:
    """Reads a row of `block`; the shape is that of `EventBlock` in Sources/VigieStore/Scans."""

    def __init__(self, data: bytes) -> None:
        assert data[:8] == hashlib.sha256(data[8:]).digest()[:8] and data[8] == 2
        self.data, self.place, self.time = data, 9, 0
        self.senders = [self.text() for _ in range(self.number())]
        self.tips = [self.number() for _ in range(self.number())]
        self.channels = [(self.number(), self.take(8)) for _ in range(self.number())]

    def take(self, count: int) -> bytes:
        self.place += count
        assert self.place <= len(self.data)
        return self.data[self.place - count:self.place]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self) -> str:
        return self.take(self.number()).decode()

    def events(self, names: dict[str, dict[int, object]]) -> Iterator[tuple]:
        """Each event, with channels by their names: their numbers are those of the order of writing."""
        while self.place < len(self.data):
            parts = int.from_bytes(self.take(2), "little")
            if parts & 3 > 1:
                yield (parts,)
                continue
            fields: list[object] = [parts, self.text()]
            if parts & 1 << 4:
                fields.append(self.senders[self.number()])
            channel, context = self.channels[self.number()]
            fields += [names["channel"][channel], context]
            if parts & 1 << 5:
                folded = self.number()
                self.time += folded >> 1 ^ -(folded & 1)
                fields.append(self.time)
            if parts & 1 << 6:
                fields.append(self.text())
            if parts & 1 << 7:
                fields.append(self.take(16))
            if parts & 1 << 8:
                fields.append(self.take(2))
            fields.append(self.number())
            if parts & 1 << 9:
                fields.append(self.take(1))
            if parts & 1 << 11:
                fields.append(names["tip"][self.tips[self.number()]])
            if parts & 1 << 12:
                fields += [self.number() for _ in range(4)]
            if parts & 1 << 13:
                fields += [self.text() for _ in range(self.number())]
            if parts & 1 << 14:
                fields.append(self.text())
            yield tuple(fields)


def rows(path: Path) -> dict[str, list[tuple]]:
    with sqlite3.connect(path) as database:
        rows = {table: sorted(database.execute(f"SELECT {columns} FROM {table}"), key=repr)
                for table, columns in TABLES.items()}
        names = {"channel": dict(database.execute("SELECT id, word FROM channel")),
                 "tip": dict(database.execute("SELECT id, contents FROM tip"))}
        # How many events a block holds is chance; their ids are not.
        rows["event"] = [(first + offset, archive, *event)
                         for first, archive, data in database.execute("SELECT id, archive, data FROM block ORDER BY id")
                         for offset, event in enumerate(Block(data).events(names))]
        return rows


def has_ended(path: Path) -> bool:
    """Whether the store holds a run that ended; one that was killed early has no file, or no tables yet."""
    if not path.exists():
        return False
    with sqlite3.connect(path) as database:
        if not database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'run'").fetchone():
            return False
        return database.execute("SELECT 1 FROM run WHERE ended IS NOT NULL").fetchone() is not None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigie")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--messages", type=int, default=643_459)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = options.archive or folder / "export.jsonl"
        if options.archive is None:
            write_archive(archive, options.messages, options.seed)
        key = folder / "key"
        key.write_bytes(rng.randbytes(32))
        key.chmod(0o600)
        start = time.monotonic()
        whole = subprocess.run(command(options.vigie, archive, folder, "whole", key), capture_output=True, check=False)
        took = time.monotonic() - start
        if whole.returncode not in (0, 1, 3):
            print(whole.stderr.decode(), file=sys.stderr)
            return 2
        wanted = rows(folder / "whole.sqlite")
        lines = (folder / "whole.jsonl").read_bytes()
        print(f"in one go: {took:.1f} s, {len(wanted['event'])} events, {len(wanted['finding'])} findings")
        faults = 0
        for number in range(options.kills):
            label = f"cut{number}"
            moments = []
            for _ in range(2):
                # One moment in four lies where the store is made: rarely met by chance, and the hardest to go on from.
                moment = rng.uniform(0, min(took, 0.08) if rng.random() < 0.25 else took)
                process = subprocess.Popen(command(options.vigie, archive, folder, label, key),
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(moment)
                    moments.append(f"never (it ended before {moment:.2f})")
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    moments.append(f"{moment:.2f}")
                ended = has_ended(folder / f"{label}.sqlite")
                if ended:
                    break
            result = whole if ended else subprocess.run(
                command(options.vigie, archive, folder, label, key), capture_output=True, check=False)
            if result.returncode != whole.returncode:
                faults += 1
                print(f"killed at {' and '.join(moments)} s: does not go on: {result.stderr.decode().strip()}")
                continue
            found = rows(folder / f"{label}.sqlite")
            same = {f"store ({table})": found[table] == wanted[table] for table in wanted}
            # A scan that was killed when its run had ended goes on no more: a new one would be begun. Its store is whole,
            # its reports need not be.
            if not ended or process.returncode >= 0:
                same["exit code"] = result.returncode == whole.returncode
                same["--json"] = result.stdout == whole.stdout
                same["--report jsonl"] = (folder / f"{label}.jsonl").read_bytes() == lines
            differ = [what for what, is_same in same.items() if not is_same]
            faults += bool(differ)
            print(f"killed at {' and '.join(moments)} s: {'differs: ' + ', '.join(differ) if differ else 'the same'}")
            for path in folder.glob(f"{label}.*"):
                path.unlink()
        print(f"{options.kills - faults} of {options.kills} the same")
        return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
