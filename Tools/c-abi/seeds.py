"""Writes what Tools/c-abi/fuzz.c starts from: seeds.py MESSAGES SEEDS RULES.

MESSAGES holds labelled messages; SEEDS becomes a file of valid check lines, RULES a rules directory
that loads in no time.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path

MAX_SEED_COUNT = 4000
FAMILY = """\
family: xx
title: Test
scheme: xx
sources: { S: s }
rules:
  - { id: xx.hush, title: Hush, level: secret, cites: [S], prior: distinctive, usage: 2,
      phrases: [hush hush], examples: { applied: ["⟦hush hush⟧"], silent: [rien] } }
"""


def check_line(number: int, text: str, role: str, chance: random.Random) -> str:
    """A valid check line with a text in one of its places."""
    line: dict[str, object] = {"id": f"m{number}"}
    if role == "filename":
        line["attachments"] = [{"name": text, "mimetype": "text/plain"}]
    elif role == "channel":
        line["channel"] = {"id": "r", "name": text, "visibility": "public"}
    else:
        line[role if role in ("html", "subject") else "body"] = text
    if chance.random() < 0.3:
        line["html"] = f"<p>{text}</p><blockquote>&amp; {text}</blockquote>"
    if chance.random() < 0.3:
        line["sender"] = "@ann:agence.example"
        line["timestamp"] = "2026-06-01T09:30:00.5+02:00"
        line["replaces"] = None
        line.setdefault("channel", {"id": "r", "visibility": "private", "encrypted": True})
    return json.dumps(line, ensure_ascii=chance.random() < 0.5)


def main() -> None:
    messages, seeds, rules = (Path(argument) for argument in sys.argv[1:])
    chance = random.Random(1)
    texts = []
    for file in sorted(messages.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            text = message["text"].replace("⟦", "").replace("⟧", "")
            texts.append((text, message.get("role", "body")))
    chance.shuffle(texts)
    texts = texts[:MAX_SEED_COUNT]
    with seeds.open("w", encoding="utf-8") as out:
        for number, (text, role) in enumerate(texts):
            out.write(check_line(number, text, role, chance) + "\n")

    shipped = Path(__file__).resolve().parents[2] / "Rules"
    (rules / "markings").mkdir(parents=True)
    (rules / "markings" / "xx.yaml").write_text(FAMILY, encoding="utf-8")
    for name in ("policies", "tips", "evidence"):
        shutil.copytree(shipped / name, rules / name)
    shutil.copy(shipped / "ladder.yaml", rules / "ladder.yaml")


main()
