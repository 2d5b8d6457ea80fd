"""What generators of Corpus/attachments share: how a document and its description are written."""

import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3] / "Corpus" / "attachments"
NOTE = "DIFFUSION RESTREINTE\n\nCompte rendu de la réunion du 3 mars, par Camille Servant.\n"
CLEAN = "Le déjeuner est à midi, la salle est au deuxième étage.\n"
OCR = {"reason": "component-missing"}


def case(folder, name, data, texts, gaps=(), absent=()):
    """Writes a document and its description."""
    target = ROOT / folder
    target.mkdir(parents=True, exist_ok=True)
    (target / name).write_bytes(data)
    assert len(data) < 60_000, (name, len(data))
    wanted = {"file": name, "texts": list(texts), "gaps": list(gaps)}
    if absent:
        wanted["absent"] = list(absent)
    path = target / f"{name}.case.json"
    path.write_text(json.dumps(wanted, ensure_ascii=False, indent=2) + "\n")


def text(role, words, path=(), location=None):
    """A text that must be found."""
    found = {"role": role, "text": words}
    if path:
        found["path"] = list(path)
    if location:
        found["location"] = location
    return found


def gap(reason, *path):
    """Something that cannot be read."""
    return {"reason": reason, **({"path": list(path)} if path else {})}
