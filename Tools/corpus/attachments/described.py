"""Writes documents of Corpus/attachments, each with what it must give."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "Corpus" / "attachments"

LABEL = "MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d"


def text(role, words, location="", path=()):
    """A text that must be found, as a case lists it."""
    found = {"role": role, "text": words}
    if location:
        found["location"] = location
    if path:
        found["path"] = list(path)
    return found


def gap(reason, path=()):
    """A gap that must be there, as a case lists it."""
    return {"path": list(path), "reason": reason} if path else {"reason": reason}


def write(folder, name, data, texts=(), gaps=(), absent=()):
    """Writes a document and its case."""
    target = ROOT / folder
    target.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(data)
    case = {"file": name}
    if texts:
        case["texts"] = list(texts)
    if gaps:
        case["gaps"] = list(gaps)
    if absent:
        case["absent"] = list(absent)
    lines = json.dumps(case, ensure_ascii=False, indent=2)
    (target / (Path(name).stem + ".case.json")).write_text(lines + "\n", encoding="utf-8")
