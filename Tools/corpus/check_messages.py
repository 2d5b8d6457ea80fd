#!/usr/bin/env python3
"""Check labelled messages (Corpus/messages/*.jsonl) and count them.

    Tools/corpus/check_messages.py                 all of Corpus/messages
    Tools/corpus/check_messages.py fr-*.jsonl      some files (duplicates are sought among them)
    Tools/corpus/check_messages.py --quiet         errors only

Exit code 0 when all is well, 1 when a line is wrong, 2 when nothing could be read.
The format is described in CONTRIBUTING.md, 'Labelled messages'.
"""

import collections
import json
import pathlib
import re
import sys

KEYS = {"id", "lang", "role", "text", "expect", "disguise", "note"}
REQUIRED = {"id", "lang", "text", "expect"}
EXPECT_KEYS = {"scheme", "level", "usage"}
LANGUAGE = re.compile(r"(?:[a-z]{2}|mixed)\Z")
LEVELS = ["public", "internal", "restricted", "confidential", "secret", "top-secret"]
USAGES = ["applied", "mentioned"]
SPECIAL_SCHEMES = {"eu", "nato", "un", "occar", "esa", "tlp", "pap", "business", "pii", "credential"}
DISGUISES = {
    "letter-spacing", "zero-width", "homoglyph", "compatibility-form", "diacritics", "leet",
    "markup-split", "encoded", "line-split", "misspelt",
}
ROLES = {
    "body", "html", "subject", "channel", "filename", "header", "footer", "body-text", "table-cell",
    "text-box", "comment", "tracked-change", "hidden", "notes", "footnote", "form-field",
    "annotation", "bookmark", "link", "metadata", "label", "alternative-text", "ocr",
}
OPEN, CLOSE = "\u27e6", "\u27e7"
IDENTIFIER = re.compile(r"[a-z]{2}-[a-z0-9-]*[0-9]{2,6}\Z")
SCHEME = re.compile(r"[a-z]{2}\Z")
MAX_LINES = 250


def spans(text):
    """The spans of a text, or the reason why its brackets are wrong."""
    found, start = [], None
    for index, character in enumerate(text):
        if character == OPEN:
            if start is not None:
                return None, "⟦ inside ⟦…⟧"
            start = index
        elif character == CLOSE:
            if start is None:
                return None, "⟧ without ⟦"
            span = text[start + 1:index]
            if not span:
                return None, "empty span"
            if span != span.strip(" \t\r\n\u00a0"):
                return None, f"white space at the edge of the span {span!r}"
            found.append(span)
            start = None
    return (None, "⟦ without ⟧") if start is not None else (found, None)


def problems(entry):
    if not isinstance(entry, dict):
        yield "not a JSON object"
        return
    for key in sorted(entry.keys() - KEYS):
        yield f"unknown key {key!r}"
    for key in sorted(REQUIRED - entry.keys()):
        yield f"missing key {key!r}"
    if REQUIRED - entry.keys():
        return
    if not isinstance(entry["id"], str) or not IDENTIFIER.match(entry["id"]):
        yield "id must look like fr-stamp-0001"
    if not isinstance(entry["lang"], str) or not LANGUAGE.match(entry["lang"]):
        yield f"lang {entry['lang']!r} is neither a two-letter code nor 'mixed'"
    if entry.get("role", "body") not in ROLES:
        yield f"unknown role {entry['role']!r}"
    if not isinstance(entry.get("note", ""), str):
        yield "note must be a string"
    text, expect, disguise = entry["text"], entry["expect"], entry.get("disguise", [])
    if not isinstance(text, str) or not text.strip():
        yield "text must be a string that is not empty"
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        yield "text holds a lone surrogate"
    if not isinstance(expect, list):
        yield "expect must be a list"
        return
    found, reason = spans(text)
    if reason:
        yield reason
    elif len(found) != len(expect):
        yield f"{len(found)} spans, {len(expect)} expected findings"
    for finding in expect:
        if not isinstance(finding, dict) or finding.keys() != EXPECT_KEYS:
            yield f"a finding has the keys {sorted(EXPECT_KEYS)}: {finding!r}"
            continue
        if finding["level"] not in LEVELS:
            yield f"unknown level {finding['level']!r}"
        if finding["usage"] not in USAGES:
            yield f"unknown usage {finding['usage']!r}"
        if not SCHEME.match(str(finding["scheme"])) and finding["scheme"] not in SPECIAL_SCHEMES:
            yield f"unknown scheme {finding['scheme']!r}"
    if not isinstance(disguise, list):
        yield "disguise must be a list"
        return
    for name in disguise:
        if name not in DISGUISES:
            yield f"unknown disguise {name!r}"
    if len(set(map(str, disguise))) != len(disguise):
        yield "a disguise is named twice"
    if disguise and not expect:
        yield "a disguise without a finding"


def bare(entry):
    """What two messages are compared by: role, disguise, text without span brackets or case.

    A disguise may be white space alone, and a text with its accents apart is another spelling.
    """
    text = entry["text"].replace(OPEN, "").replace(CLOSE, "").casefold()
    disguise = tuple(sorted(entry.get("disguise", [])))
    return entry.get("role", "body"), disguise, " ".join(text.split())


def table(title, rows):
    print(f"\n{title}")
    width = max((len(str(name)) for name, _ in rows), default=0)
    for name, count in rows:
        print(f"  {str(name):<{width}}  {count:>6}")


def main(arguments):
    quiet = "--quiet" in arguments
    names = [a for a in arguments if not a.startswith("--")]
    root = pathlib.Path(__file__).resolve().parents[2] / "Corpus" / "messages"
    files = [pathlib.Path(n) for n in names] or sorted(root.glob("*.jsonl"))
    if not files:
        print(f"no file to check: {root}/*.jsonl is empty", file=sys.stderr)
        return 2
    errors, ids, texts = 0, {}, {}
    counts = collections.defaultdict(collections.Counter)
    for path in files:
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            print(f"{path}: {error.strerror}", file=sys.stderr)
            return 2
        if lines and not lines[-1]:
            lines.pop()

        def wrong(number, message):
            nonlocal errors
            errors += 1
            print(f"{path.name}:{number}: {message}", file=sys.stderr)

        if len(lines) > MAX_LINES:
            wrong(len(lines), f"more than {MAX_LINES} lines; start another file")
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line.decode("utf-8"))
            except (UnicodeDecodeError, json.JSONDecodeError) as error:
                wrong(number, f"not JSON: {error}")
                continue
            mistakes = list(problems(entry))
            for mistake in mistakes:
                wrong(number, mistake)
            if mistakes:
                continue
            here = f"{path.name}:{number}"
            if entry["id"] in ids:
                wrong(number, f"id {entry['id']} is already at {ids[entry['id']]}")
            ids.setdefault(entry["id"], here)
            key = bare(entry)
            if key in texts:
                wrong(number, f"the same text as {texts[key]}")
            texts.setdefault(key, here)

            usages = {f["usage"] for f in entry["expect"]}
            usage = "applied" if "applied" in usages else "mentioned" if usages else "silent"
            counts["messages by file"][path.name] += 1
            counts["messages by usage (applied wins)"][usage] += 1
            counts["messages by language"][entry["lang"]] += 1
            counts["messages by role"][entry.get("role", "body")] += 1
            for finding in entry["expect"]:
                kind = f"{finding['scheme']} {finding['level']} {finding['usage']}"
                counts["findings by scheme, level, usage"][kind] += 1
            for name in entry.get("disguise", []):
                counts["messages by disguise"][name] += 1
            if len(entry.get("disguise", [])) == 1:
                counts["messages by disguise alone"][entry["disguise"][0]] += 1
            length = len(entry["text"])
            size = "over 2000" if length > 2000 else "601 to 2000" if length > 600 else "up to 600"
            counts["messages by length"][size] += 1
    if not quiet:
        for title, counter in counts.items():
            table(title, sorted(counter.items()))
        total = sum(counts["messages by file"].values())
        print(f"\n{total} messages, {errors} errors")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
