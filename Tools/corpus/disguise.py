#!/usr/bin/env python3
"""Make disguised messages (Corpus/messages/disguised-N.jsonl) from the plain ones.

    Tools/corpus/disguise.py            write the files
    Tools/corpus/disguise.py --check    make them again and compare; write nothing

Each line is a labelled message with ONE of its applied markings disguised; all else stays as it
was. What a disguise does is in disguise_letters.py and disguise_places.py. The seed is fixed: the
same messages give the same files. Exit code 0 when all is well, 1 when --check finds a difference,
2 when the messages cannot be read or too few of them fit.
"""

from __future__ import annotations

import itertools
import json
import pathlib
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

sys.dont_write_bytecode = True

from disguise_letters import (  # noqa: E402
    FORMS, LOOKALIKES, Marking, Unfit, Unit, compatibility_form, diacritics, homoglyph, leet,
)
from disguise_places import (  # noqa: E402
    BASE64, BREAKS, ENTITIES, ESCAPES, INVISIBLES, PERCENT, SEPARATORS, TAGS, encoded, escapes,
    letter_spacing, line_split, markup_split, zero_width,
)

SEED = 20260614
ALONE, TOGETHER, SPELLING = 68, 9, 14  # lines a disguise, a pair of disguises, a plain respelling
FRENCH_SHARE = 0.58
FILE_LINES = 240
ROLES = {"body", "subject", "html", "filename"}
ORDER = [
    "letter-spacing", "zero-width", "homoglyph", "compatibility-form", "diacritics", "leet",
    "markup-split", "encoded", "line-split",
]
OPEN, CLOSE = "\u27e6", "\u27e7"
SPAN = re.compile("\u27e6([^\u27e7]*)\u27e7")
# What stays out: short forms and portion marks, labels for machines, sentences, single words.
SHORT = re.compile(
    r"(?!(?:TLP|PAP)\b)[A-Z]{1,3}(?:\W(?:[A-Z]{1,3}|NfD))*\Z|//(?:NS|NC|CTS|[A-Z]{3} TS)\b|[A-Z]{1,2}//|SEC=|//JOINT\b"
    r"|TLP:EX|CUI Category|DISTRIBUTION STATEMENT|REL TO\b|This information|[A-Z] [A-Z] [A-Z] "
)

# --- the table of disguises -------------------------------------------------------------------

Disguise = Callable[[Marking, str, random.Random], None]
DISGUISES: dict[str, tuple[Disguise, list[str]]] = {
    "letter-spacing": (letter_spacing, list(SEPARATORS)),
    "zero-width": (zero_width, list(INVISIBLES)),
    "homoglyph": (homoglyph, [*LOOKALIKES, "several scripts"]),
    "compatibility-form": (compatibility_form, list(FORMS)),
    "diacritics": (diacritics, ["precomposed one", "precomposed some", "precomposed all", "combining some",
                                "combining all", "stacked some", "stacked all", "overlay"]),
    "leet": (leet, ["digits", "some digits", "signs", "strokes"]),
    "markup-split": (markup_split, [*TAGS, *ENTITIES]),
    "encoded": (encoded, PERCENT + BASE64 + ESCAPES),
    "line-split": (line_split, ["words", "words, CRLF", "words, line separator", "blank line", "hyphen",
                                "letter a line", "quoted"]),
}
# Letters are replaced first, then things are put between them, then all is encoded.
STEPS = ["homoglyph", "compatibility-form", "leet", "diacritics", "letter-spacing", "zero-width",
         "line-split", "markup-split", "encoded"]


def variants(name: str, names: tuple[str, ...]) -> list[str]:
    """The forms of one disguise that can go with the other one of its pair."""
    others, all_ = set(names) - {name}, DISGUISES[name][1]
    if not others:
        return all_
    excluded: set[str] = set()
    if "letter-spacing" in others:
        excluded |= {"hyphen", "letter a line", "blank line", "markdown emphasis"}
    if "encoded" in others:
        excluded |= {*ENTITIES, "strokes", "quoted", "letter a line", "words, line separator"}
        if name == "line-split":
            all_ = [*all_, "run wrapped"]
    if "line-split" in others:
        excluded |= {"percent, some letters", "percent, plus for space", "some \\u escapes", "one word in spaces"}
        if name == "markup-split":
            all_ = [*all_, "line-break tag"]
    if others & {"homoglyph", "leet", "diacritics"}:
        excluded |= {"named entities", "percent, as in a link"} if "leet" in others else {"named entities"}
    if others & {"homoglyph", "compatibility-form", "diacritics"}:
        excluded |= {"strokes"}
    if "compatibility-form" in others:
        excluded |= {"named entities"}
    if others & {"diacritics", "homoglyph", "leet"}:
        excluded |= {"Roman numerals", "regional indicators"}
    if others & {"compatibility-form", "leet"}:
        excluded |= {"precomposed one", "precomposed some", "precomposed all", "overlay"}
    if "homoglyph" in others:
        excluded |= {"precomposed one", "precomposed some", "precomposed all"}
    if others & {"compatibility-form", "letter-spacing"}:
        excluded |= {"variation selectors", "zero-width joiner"} if "compatibility-form" in others else set()
    return [v for v in all_ if v not in excluded]


# --- sources ----------------------------------------------------------------------------------

@dataclass
class Source:
    """One applied marking of one message."""

    entry: dict
    start: int
    end: int

    @property
    def role(self) -> str:
        return self.entry.get("role", "body")

    @property
    def text(self) -> str:
        return self.entry["text"]

    @property
    def span(self) -> str:
        return self.text[self.start:self.end]


def fits(span: str) -> bool:
    letters = sum(c.isalpha() for c in span)
    words = re.findall(r"[^\W\d_]+", span)
    return (6 <= letters <= 44 and len(words) >= 2 and not SHORT.match(span)
            and not re.search(r"[\d{}\"()]", span))


def sources(folder: pathlib.Path) -> Iterator[Source]:
    for path in sorted(folder.glob("*.jsonl")):
        if path.name.startswith("disguised-"):
            continue
        for line in path.read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            entry = json.loads(line)
            spans = list(SPAN.finditer(entry["text"]))
            if entry.get("disguise") or len(spans) > 8 or entry.get("role", "body") not in ROLES:
                continue
            if re.search(r"\"\s*:\s*[\"\[{]", entry["text"]):  # JSON, STIX
                continue
            for span, finding in zip(spans, entry["expect"]):
                inside_tag = entry["text"].rfind("<", 0, span.start()) > entry["text"].rfind(">", 0, span.start())
                if finding["usage"] == "applied" and fits(span[1]) and not inside_tag:
                    yield Source(entry, span.start(1), span.end(1))


# --- making lines -----------------------------------------------------------------------------

def disguised(source: Source, names: tuple[str, ...], chosen: dict[str, str], rng: random.Random) -> tuple[str, str]:
    """The new text of a message and a note of what was done; raises Unfit."""
    before, after = source.text[:source.start - 1], source.text[source.end + 1:]
    units = [Unit(c, c) for c in unicodedata.normalize("NFC", source.span)]
    marking = Marking(units, source.text, source.role, before, after, names)
    for name in STEPS:
        if name in names:
            state = marking.render(), marking.wrapped
            DISGUISES[name][0](marking, chosen[name], rng)
            if (marking.render(), marking.wrapped) == state:
                raise Unfit
    result = marking.render()
    added = set(result) - set(source.span)
    if source.role in ("subject", "filename") and BREAKS.search(result):
        raise Unfit
    if source.role == "filename" and (added & set("/\\<>:\"|?*") or len((before + result + after).encode()) > 240):
        raise Unfit
    if len(result) > 700 or result != result.strip(" \t\r\n\u00a0") or {OPEN, CLOSE} & added:
        raise Unfit
    note = "; ".join(f"{name}: {chosen[name]}" for name in names)
    return f"{before}{OPEN}{result}{CLOSE}{after}", note


def respelt(source: Source, variant: str) -> tuple[str, str]:
    """The same marking without its accents or with them apart: no disguise, must be found all the same."""
    apart = unicodedata.normalize("NFD", source.span)
    result = apart if variant == "NFD" else "".join(c for c in apart if not unicodedata.combining(c))
    if result == source.span:
        raise Unfit
    return source.text[:source.start] + result + source.text[source.end:], f"plain spelling: {variant}"


def key(entry: dict) -> tuple[str, str, str]:
    text = entry["text"].replace(OPEN, "").replace(CLOSE, "")
    return entry.get("role", "body"), " ".join(entry.get("disguise", [])), " ".join(text.casefold().split())


class Maker:
    """Hands the disguises out over the markings, each marking about as often as any other."""

    def __init__(self, pool: list[Source]) -> None:
        self.rng = random.Random(SEED)
        self.pool = pool
        self.used: Counter[str] = Counter()
        self.seen: set[tuple[str, str, str]] = set()
        self.lines: list[dict] = []

    def candidates(self) -> list[Source]:
        """All sources: the language whose turn it is first, then the least used and those of few spans."""
        french = self.rng.random() < FRENCH_SHARE
        order = {id(s): self.rng.random() for s in self.pool}
        cost = {id(s): self.used[s.entry["id"]] + (s.text.count(OPEN) > 2) for s in self.pool}
        return sorted(self.pool, key=lambda s: ((s.entry["lang"] == "fr") != french, cost[id(s)], order[id(s)]))

    def add(self, names: tuple[str, ...], make: Callable[[Source], tuple[str, str]]) -> bool:
        for source in self.candidates():
            try:
                text, note = make(source)
            except Unfit:
                continue
            entry = {"id": "", "lang": source.entry["lang"]}
            if source.role != "body":
                entry["role"] = source.role
            entry |= {"text": text, "expect": source.entry["expect"], "disguise": list(names),
                      "note": f"from {source.entry['id']}; {note}"}
            if key(entry) in self.seen:
                continue
            self.seen.add(key(entry))
            self.used[source.entry["id"]] += 1
            self.lines.append(entry)
            return True
        return False

    def hand_out(self, names: tuple[str, ...], count: int) -> int:
        """Up to `count` lines with these disguises, each of their variants in turn."""
        turns = {name: variants(name, names) for name in names}
        for name in names:
            self.rng.shuffle(turns[name])
        made, turn = 0, 0
        while made < count and turn < 4 * count:
            chosen = {n: v[(turn + turn // len(v) * at) % len(v)] for at, (n, v) in enumerate(turns.items())}
            made += self.add(names, lambda s: disguised(s, names, chosen, self.rng))
            turn += 1
        return made

    def run(self) -> list[str]:
        """Make every line; returns what could not be made."""
        missing: list[str] = []
        jobs = [((name,), ALONE) for name in ORDER]
        jobs += [(pair, TOGETHER) for pair in itertools.combinations(ORDER, 2)]
        for names, count in jobs:
            if (made := self.hand_out(names, count)) < count:
                missing.append(f"{' + '.join(names)}: {made} of {count}")
        for number in range(SPELLING):
            variant = ["NFD", "no accents"][number % 2]
            if not self.add((), lambda s: respelt(s, variant)):
                missing.append(f"plain spelling: {variant}")
        self.rng.shuffle(self.lines)
        for number, entry in enumerate(self.lines, 1):
            entry["id"] = f"xd-{number:04}"
        return missing


def visible(line: str) -> str:
    """The JSON line with what an editor hides or changes written as \\u escapes."""
    hidden = {"Cf", "Cc", "Zl", "Zp", "Mn", "Me"}
    return "".join(escapes(c) if unicodedata.category(c) in hidden or (c.isspace() and c != " ") else c for c in line)


def main(arguments: list[str]) -> int:
    if set(arguments) - {"--check"}:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(__file__).resolve().parents[2] / "Corpus" / "messages"
    try:
        pool = list(sources(folder))
    except (OSError, ValueError, KeyError) as error:
        print(f"{folder}: {error}; run check_messages.py", file=sys.stderr)
        return 2
    maker = Maker(pool)
    if missing := maker.run():
        print("too few messages fit:", *missing, sep="\n  ", file=sys.stderr)
        return 2
    lines = [visible(json.dumps(entry, ensure_ascii=False)) for entry in maker.lines]
    files = {f"disguised-{number + 1}.jsonl": "".join(line + "\n" for line in lines[at:at + FILE_LINES])
             for number, at in enumerate(range(0, len(lines), FILE_LINES))}
    old = {path.name for path in folder.glob("disguised-*.jsonl")}
    if "--check" in arguments:
        wrong = sorted(name for name in old | files.keys()
                       if name not in files or name not in old
                       or (folder / name).read_bytes() != files[name].encode())
        for name in wrong:
            print(f"{name} is not what disguise.py makes; run it again", file=sys.stderr)
        return 1 if wrong else 0
    for name, content in files.items():
        (folder / name).write_bytes(content.encode())
    for name in old - files.keys():
        (folder / name).unlink()
    print(f"{len(lines)} messages in {len(files)} files, from {len(maker.used)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
