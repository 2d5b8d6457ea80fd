"""What is put between the letters of a marking, or done to the whole: spaces, marks, markup, codes."""

from __future__ import annotations

import base64
import itertools
import random
import re
from collections.abc import Callable
from urllib.parse import quote

from disguise_letters import Marking, Unfit, some

BREAKS = re.compile("[\n\r\u0085\u2028\u2029]")


# --- letter-spacing ---------------------------------------------------------------------------

SEPARATORS: dict[str, tuple[str, list[str]]] = {
    "spaces": (" ", ["  ", "   "]),
    "dots": (".", [" ", ". ", " . "]),
    "dashes": ("-", [" ", "  ", " - "]),
    "underscores": ("_", [" ", "__", "___"]),
    "no-break spaces": ("\u00a0", ["\u00a0\u00a0", "\u00a0\u00a0\u00a0", "  "]),
    "thin spaces": ("\u2009", ["  ", " ", "\u2009\u2009\u2009"]),
    "one word in spaces": (" ", ["  ", "   "]),
}


def letter_spacing(m: Marking, variant: str, rng: random.Random) -> None:
    separator, gaps = SEPARATORS[variant]
    if m.role == "filename" and separator in ".-":
        gaps = ["_"]
    words, gap = m.words, rng.choice(gaps)
    if variant.startswith("one word"):
        long = [w for w in words if len(w) >= 5]
        if len(long) == 0 or len(words) < 2:
            raise Unfit
        words = [rng.choice(long)]
    for word in words:
        for unit in word[1:]:
            unit.before = separator
    if variant.startswith("one word"):
        return
    for unit in m.gaps:
        unit.out = gap
    for previous, unit in itertools.pairwise(m.units):
        if m.is_gap(previous) or m.is_gap(unit) or (previous.is_letter and unit.is_letter):
            continue
        if separator.isspace():
            unit.before = separator
        elif separator in (previous.out, unit.out):
            unit.before = " " if m.role != "filename" else ""


# --- zero-width -------------------------------------------------------------------------------

INVISIBLES: dict[str, list[str]] = {
    "zero-width space": ["\u200b"],
    "zero-width non-joiner": ["\u200c"],
    "zero-width joiner": ["\u200d"],
    "soft hyphen": ["\u00ad"],
    "word joiner": ["\u2060"],
    "byte-order mark": ["\ufeff"],
    "bidi marks": ["\u200e", "\u200f", "\u061c"],
    "bidi isolate": ["\u2066"],
    "bidi embedding": ["\u202a"],
    "variation selectors": ["\ufe0e", "\ufe0f", "\ufe00", "\U000e0100", "\U000e0101"],
    "tag characters": ["\U000e0061", "\U000e0064", "\U000e0072", "\U000e0078", "\U000e007f"],
    "several kinds": ["\u200b", "\u200c", "\u200d", "\u00ad", "\u2060", "\u200e", "\ufe0f", "\u2063"],
}
BIDI_CLOSE = {"\u2066": "\u2069", "\u202a": "\u202c"}


def zero_width(m: Marking, variant: str, rng: random.Random) -> None:
    characters, places = INVISIBLES[variant], m.inner
    if variant in ("bidi isolate", "bidi embedding"):
        word = rng.choice([w for w in m.words if len(w) >= 3] or [[]])
        if not word:
            raise Unfit
        first = rng.randrange(1, len(word) - 1)
        word[first].before += characters[0]
        word[rng.randrange(first + 1, len(word))].before += BIDI_CLOSE[characters[0]]
        return
    if not places:  # one letter has no inside
        raise Unfit
    density = rng.choice(["one", "some", "every"]) if len(characters) == 1 else rng.choice(["some", "every"])
    chosen = {"one": [rng.choice(places)], "some": some(places, rng), "every": places}[density]
    for unit in chosen:
        unit.before += rng.choice(characters)


# --- markup-split -----------------------------------------------------------------------------

TAGS = {
    "bold tag": [("<b>", "</b>"), ("<strong>", "</strong>"), ("<i>", "</i>"), ("<em>", "</em>")],
    "styled span": [("<span style=\"color:red\">", "</span>"), ("<font size=\"2\">", "</font>"),
                    ("<span class=\"x\">", "</span>")],
    "empty tag": [("<i></i>", ""), ("<span></span>", ""), ("<b></b>", "")],
    "comment": [("<!-- -->", ""), ("<!---->", ""), ("<!-- x -->", "")],
    "wbr": [("<wbr>", ""), ("<wbr/>", "")],
    "tag a letter": [("<b>", "</b>"), ("<span>", "</span>")],
    "markdown bold": [("**", "**")],
    "markdown emphasis": [("*", "*"), ("_", "_")],
    "markdown underscores": [("__", "__")],
    "markdown strike": [("~~", "~~")],
    "markdown code": [("`", "`")],
    "markdown spoiler": [("||", "||")],
}
NAMED = {"É": "&Eacute;", "È": "&Egrave;", "é": "&eacute;", "è": "&egrave;", "Ü": "&Uuml;", "ü": "&uuml;",
         "À": "&Agrave;", "à": "&agrave;", ":": "&colon;", "/": "&sol;", "+": "&plus;"}
ENTITIES = ["decimal entities", "hexadecimal entities", "some entities", "named entities"]


def entity(text: str, form: str) -> str:
    return "".join(f"&#{form}{ord(c):{'x' if form else 'd'}};" for c in text)


def markup_split(m: Marking, variant: str, rng: random.Random) -> None:
    if variant == "line-break tag":
        tag = rng.choice(["<br>", "<br/>", "<br />\n"])
        found = [u for u in m.units if BREAKS.search(u.out) or BREAKS.search(u.before)]
        if not found or m.role not in ("body", "html"):
            raise Unfit
        for unit in found:
            unit.out, unit.before = BREAKS.sub(tag, unit.out), BREAKS.sub(tag, unit.before)
        return
    if variant in ENTITIES:
        if variant == "named entities":
            fit = [u for u in m.units if u.out in NAMED]
            if m.role == "html" or not fit:
                raise Unfit
            for unit in fit:
                unit.out = NAMED[unit.out]
            return
        form = {"decimal entities": "", "hexadecimal entities": "x"}.get(variant, rng.choice(["", "x"]))
        for unit in some(m.letters, rng) if variant == "some entities" else m.letters:
            unit.out = entity(unit.out, form)
        if "zero-width" in m.names:
            for unit in m.units:
                unit.before = entity(unit.before, form) if rng.random() < 0.7 else unit.before
        return
    html = not variant.startswith("markdown")
    if (html and m.role not in ("body", "html")) or (not html and m.role == "html"):
        raise Unfit
    rendered = m.text + m.render()
    if (variant.endswith("spoiler") and "|" in rendered) or (variant.endswith("code") and "`" in m.text):
        raise Unfit
    if m.role == "filename" and variant not in ("markdown strike", "markdown code"):
        raise Unfit
    words = [w for w in m.words if len(w) >= 4]
    if not words:
        raise Unfit
    opening, closing = rng.choice(TAGS[variant])
    if variant == "tag a letter":
        for unit in itertools.chain.from_iterable(w[1:-1] for w in words):
            unit.opening, unit.closing = opening, closing
        return
    for word in words if rng.random() < 0.4 else [rng.choice(words)]:
        first = rng.randrange(1, len(word) - 1)
        word[first].opening = opening
        word[rng.randrange(first, len(word) - 1)].closing += closing


# --- encoded ----------------------------------------------------------------------------------

PERCENT = ["percent, every byte", "percent, small hexadecimals", "percent, some letters",
           "percent, as in a link", "percent, plus for space"]
BASE64 = ["base64", "base64 unpadded", "base64 URL-safe"]
ESCAPES = ["\\u escapes", "some \\u escapes"]
BESIDE_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]")


def percent(text: str, small: bool = False) -> str:
    return "".join(f"%{b:02x}" if small else f"%{b:02X}" for b in text.encode())


def escapes(text: str) -> str:
    raw = text.encode("utf-16-be")
    return "".join(f"\\u{raw[i] << 8 | raw[i + 1]:04x}" for i in range(0, len(raw), 2))


def encoded(m: Marking, variant: str, rng: random.Random) -> None:
    text = m.render()
    if m.wrapped and variant not in ("percent, every byte", "base64", "\\u escapes"):
        raise Unfit
    if variant in BASE64:
        beside = m.before[-1:] + m.after[:1]
        if len(m.source.encode()) < 12 or BESIDE_BASE64.search(beside):
            raise Unfit
        run_ = base64.b64encode(text.encode()).decode()
        if variant == "base64 URL-safe":
            run_ = base64.urlsafe_b64encode(text.encode()).decode()
        m.encoded = run_.rstrip("=") if variant == "base64 unpadded" else run_
    elif variant in ("percent, every byte", "percent, small hexadecimals"):
        m.encoded = percent(text, "small" in variant)
    elif variant == "percent, as in a link":
        m.encoded = quote(text, safe="")
        if "%" not in m.encoded or all(u.is_plain and ord(u.source) < 128 for u in m.letters) and not m.gaps:
            raise Unfit
    elif variant == "\\u escapes":
        m.encoded = escapes(text)
    else:
        code: Callable[[str], str] = escapes if "\\u" in variant else percent
        if variant.endswith("plus for space") and (not m.gaps or "+" in text or m.role == "filename"):
            raise Unfit
        for unit in some(m.letters, rng, 3):
            unit.out = code(unit.out)
            unit.before = code(unit.before) if unit.before and rng.random() < 0.5 else unit.before
        for unit in m.gaps:
            if variant.startswith("percent"):
                unit.out = "+" if variant.endswith("plus for space") and unit.out == " " else percent(unit.out)
        if variant.endswith("plus for space") and not any(u.out == "+" for u in m.gaps):
            raise Unfit
    if m.wrapped:
        assert m.encoded is not None
        step = {"p": 3, "b": 4, "\\": 6}[variant[0]]
        if len(m.encoded) < 6 * step:
            raise Unfit
        at = len(m.encoded) // step // 2 * step
        m.encoded = m.encoded[:at] + "\n" + m.encoded[at:]


# --- line-split -------------------------------------------------------------------------------

def line_split(m: Marking, variant: str, rng: random.Random) -> None:
    if variant == "run wrapped":
        if m.role not in ("body", "html") or ">" in m.line[:1] or "|" in m.line:
            raise Unfit
        m.wrapped = True
        return
    quoted = re.match(r"(?:[ \t]*>)+[ \t]?", m.line)
    if "|" in m.line or (m.role != "body" and (variant == "quoted" or quoted)):
        raise Unfit
    ending = {"words, CRLF": "\r\n", "words, line separator": "\u2028", "blank line": "\n\n"}.get(variant, "\n")
    if quoted:
        ending = ending.replace("\n", "\n" + quoted[0])
    elif variant == "quoted":
        ending = "\n> "
    if variant == "hyphen":
        words = [w for w in m.words if len(w) >= 6]
        if not words:
            raise Unfit
        word = rng.choice(words)
        word[rng.randrange(3, len(word) - 2)].before += rng.choice(["-", "-", "\u2010"]) + ending
        return
    if variant == "letter a line":
        if m.line.strip(" >*#") or m.role != "body" or len(m.letters) > 30:
            raise Unfit
        for unit in m.gaps:
            unit.out = ""
        for unit in m.units[1:]:
            unit.before += ending if unit.out else ending.rstrip(" ")
        return
    gaps = m.gaps
    if not gaps:
        marks = [(p, u) for p, u in itertools.pairwise(m.units) if not p.is_letter and u.is_letter]
        if not marks or variant == "blank line":
            raise Unfit
        rng.choice(marks)[1].before += ending
        return
    for unit in gaps if rng.random() < 0.4 else [rng.choice(gaps)]:
        unit.out = ending
