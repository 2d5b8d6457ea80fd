"""What is done to the letters of a marking: look-alikes, other forms, accents, digits.

The tables are written by hand, on purpose independent of those in Sources/.
"""

from __future__ import annotations

import itertools
import random
import unicodedata
from dataclasses import dataclass


class Unfit(Exception):
    """This disguise cannot be put on this marking in this place."""


@dataclass
class Unit:
    """One character of the marking, what stands for it now, and what was put around it."""

    source: str
    out: str
    before: str = ""
    opening: str = ""
    closing: str = ""

    def render(self) -> str:
        return self.before + self.opening + self.out + self.closing

    @property
    def is_letter(self) -> bool:
        return self.source.isalpha()

    @property
    def base(self) -> str:
        return unicodedata.normalize("NFD", self.source)[0]

    @property
    def marks(self) -> str:
        return unicodedata.normalize("NFD", self.source)[1:]

    @property
    def is_plain(self) -> bool:
        return self.out == self.source


@dataclass
class Marking:
    """A marking being disguised and what must be known of the place it stands in."""

    units: list[Unit]
    text: str
    role: str
    before: str
    after: str
    names: tuple[str, ...]
    wrapped: bool = False
    encoded: str | None = None

    @property
    def source(self) -> str:
        return "".join(u.source for u in self.units)

    def render(self) -> str:
        return self.encoded if self.encoded is not None else "".join(u.render() for u in self.units)

    def is_gap(self, unit: Unit) -> bool:
        return unit.source.isspace() or (self.role == "filename" and unit.source == "_")

    @property
    def letters(self) -> list[Unit]:
        return [u for u in self.units if u.is_letter]

    @property
    def gaps(self) -> list[Unit]:
        return [u for u in self.units if self.is_gap(u)]

    @property
    def words(self) -> list[list[Unit]]:
        groups = itertools.groupby(self.units, key=lambda u: u.is_letter)
        return [list(group) for is_letter, group in groups if is_letter]

    @property
    def line(self) -> str:
        """The line the marking stands on, with a blank for the marking."""
        return self.before.rsplit("\n", 1)[-1] + " " + self.after.split("\n", 1)[0]

    @property
    def inner(self) -> list[Unit]:
        """The letters that follow a letter of the same word."""
        return [u for word in self.words for u in word[1:]]


def some(units: list[Unit], rng: random.Random, least: int = 2) -> list[Unit]:
    """About half of the units, in order; never fewer than `least`."""
    if len(units) < least:
        raise Unfit
    count = max(least, round(len(units) * rng.uniform(0.3, 0.7)))
    return sorted(rng.sample(units, min(count, len(units))), key=lambda u: units.index(u))


def plain(marking: Marking) -> list[Unit]:
    return [u for u in marking.letters if u.is_plain]


def shared(marking: Marking, units: list[Unit], rng: random.Random) -> list[Unit]:
    """Of the letters that could be replaced, those left for me when another disguise follows."""
    replacing = {"homoglyph", "compatibility-form", "leet"} & set(marking.names)
    if len(replacing) < 2 or any(not u.is_plain for u in marking.letters):
        return units
    return some(units, rng)


# --- homoglyph --------------------------------------------------------------------------------

LOOKALIKES: dict[str, dict[str, str]] = {
    "Cyrillic": dict(zip(
        "ABCEHIJKMOPSTXYVWGQacdehijkmoprstuvwxyq",
        "АВСЕНІЈКМОРЅТХҮѴԜԌԚасԁеһіјкморгѕтцѵԝхуԛ",
    )),
    "Greek": dict(zip("ABEFHIKMNOPTXYZCaiknopuvxyt", "ΑΒΕϜΗΙΚΜΝΟΡΤΧΥΖϹαικηορυνχγτ")),
    "Armenian": dict(zip("OSUghnoquw", "ՕՏՍցհոօգսա")),
    "Cherokee": dict(zip("ABCDEGHJKLMPRSTVWZbd", "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃᏏᏧ")),
    "Lisu": dict(zip("ABCDEFGHIJKLMNOPRSTUVWXYZ", "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ")),
    "Latin": dict(zip("Ilaig", "lIɑıɡ")),
    "Latin dotless": dict(zip("Iil", "ııƖ")),
    "palochka": dict(zip("Iil", "Ӏіӏ")),
}
del LOOKALIKES["Cyrillic"]["u"]  # ц reads as ts


def homoglyph(m: Marking, variant: str, rng: random.Random) -> None:
    tables = list(LOOKALIKES.values()) if variant == "several scripts" else [LOOKALIKES[variant]]
    fit = [u for u in plain(m) if any(u.base in table for table in tables)]
    density = rng.choice(["one", "some", "some", "all", "all"])
    if not fit or (density != "one" and len(fit) < 2):
        raise Unfit
    chosen = {"one": [rng.choice(fit)], "some": some(fit, rng, min(2, len(fit))), "all": fit}[density]
    for unit in shared(m, chosen, rng) if len(chosen) > 2 else chosen:
        glyph = rng.choice([table[unit.base] for table in tables if unit.base in table])
        unit.out = unicodedata.normalize("NFC", glyph + unit.marks)


# --- compatibility-form -----------------------------------------------------------------------

UPPER, LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"


def run(upper: int | None, lower: int | None, holes: str = "") -> dict[str, str]:
    """An alphabet from where its capitals and small letters begin; holes: pairs 'letter, form'."""
    table: dict[str, str] = {}
    for letters, start in ((UPPER, upper), (LOWER, lower)):
        if start is not None:
            table |= {letter: chr(start + index) for index, letter in enumerate(letters)}
    return table | dict(zip(holes[::2], holes[1::2]))


FORMS: dict[str, dict[str, str]] = {
    "fullwidth": {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)},
    "bold": run(0x1D400, 0x1D41A),
    "italic": run(0x1D434, 0x1D44E, "hℎ"),
    "bold italic": run(0x1D468, 0x1D482),
    "script": run(0x1D49C, 0x1D4B6, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ"),
    "bold script": run(0x1D4D0, 0x1D4EA),
    "fraktur": run(0x1D504, 0x1D51E, "CℭHℌIℑRℜZℨ"),
    "bold fraktur": run(0x1D56C, 0x1D586),
    "double-struck": run(0x1D538, 0x1D552, "CℂHℍNℕPℙQℚRℝZℤ"),
    "sans-serif": run(0x1D5A0, 0x1D5BA),
    "sans-serif bold": run(0x1D5D4, 0x1D5EE),
    "sans-serif italic": run(0x1D608, 0x1D622),
    "sans-serif bold italic": run(0x1D63C, 0x1D656),
    "monospace": run(0x1D670, 0x1D68A),
    "circled": run(0x24B6, 0x24D0),
    "negative circled": run(0x1F150, None),
    "parenthesised": run(0x1F110, 0x249C),
    "squared": run(0x1F130, None),
    "negative squared": run(0x1F170, None),
    "regional indicators": run(0x1F1E6, None),
    "small capitals": dict(zip(UPPER + LOWER, "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡXʏᴢᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ")),
    "superscript": dict(zip("ABDEGHIJKLMNOPRTUVW" + LOWER[:16] + LOWER[17:],
                            "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")),
    "Roman numerals": dict(zip("CDILMVXcdilmvx", "ⅭⅮⅠⅬⅯⅤⅩⅽⅾⅰⅼⅿⅴⅹ")),
}
ENCLOSED = {"circled", "negative circled", "parenthesised", "squared", "negative squared",
            "regional indicators", "small capitals", "superscript", "Roman numerals"}


def compatibility_form(m: Marking, variant: str, rng: random.Random) -> None:
    table = FORMS[variant]
    fit = [u for u in plain(m) if u.base in table]
    if len(fit) < 3 or (len(fit) < len(m.letters) * 0.8 and variant not in ("superscript", "Roman numerals")
                        and len(m.names) == 1):
        raise Unfit
    coverage = rng.choice(["all", "all", "all", "word", "some"])
    if coverage == "word" and len(m.words) > 1:
        word = max(m.words, key=len) if rng.random() < 0.5 else m.words[0]
        chosen = [u for u in word if u in fit] or fit
    elif coverage == "some":
        chosen = some(fit, rng, 3)
    else:
        chosen = fit
    keep_marks = variant not in ENCLOSED and rng.random() < 0.5
    for unit in shared(m, chosen, rng) if len(chosen) > 2 else chosen:
        unit.out = table[unit.base] + (unit.marks if keep_marks else "")
    if variant == "fullwidth" and coverage == "all":
        wide_gap = rng.choice(["\u3000", " "]) if m.role != "filename" else None
        for unit in m.units:
            if not unit.is_letter and unit.out in table and not m.is_gap(unit):
                unit.out = table[unit.out]
            elif m.is_gap(unit) and wide_gap and unit.out == " ":
                unit.out = wide_gap


# --- diacritics -------------------------------------------------------------------------------

ABOVE = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0311"
BELOW = "\u0323\u0324\u0325\u0327\u0328\u032d\u0331\u0330"
OVERLAYS = ["\u0335", "\u0336", "\u0337", "\u0338", "\u0332", "\u0333", "\u0305"]


def precomposed(unit: Unit, rng: random.Random) -> str | None:
    """The letter with one accent more, as one character; none when Unicode has no such letter."""
    forms = [unicodedata.normalize("NFC", unit.out + mark) for mark in ABOVE + BELOW]
    single = [form for form in forms if len(form) == 1 and form != unit.source]
    return rng.choice(single) if single else None


def diacritics(m: Marking, variant: str, rng: random.Random) -> None:
    if variant.startswith("precomposed"):
        forms = [(u, form) for u in m.letters if (form := precomposed(u, rng))]
        if len(forms) < 2:
            raise Unfit
        count = {"one": 1, "some": max(2, len(forms) // 2), "all": len(forms)}[variant.split()[-1]]
        for unit, form in rng.sample(forms, count):
            unit.out = form
        return
    free = [u for u in m.letters if not u.marks]
    chosen = free if variant.endswith("all") or variant == "overlay" else some(free, rng)
    overlay = rng.choice(OVERLAYS)
    for unit in chosen:
        if variant == "overlay":
            unit.out += overlay
        elif variant.startswith("stacked"):
            unit.out += "".join(rng.sample(BELOW, rng.randint(0, 1)) + rng.sample(ABOVE, rng.randint(2, 3)))
        else:
            unit.out = unicodedata.normalize("NFD", unit.out) + rng.choice(ABOVE + BELOW)


# --- leet -------------------------------------------------------------------------------------

DIGITS = {"O": "0", "I": "1", "L": "1", "E": "3", "A": "4", "S": "5", "T": "7", "B": "8"}
SIGNS = {"A": "@", "S": "$"}
STROKES = {"I": "|!", "L": "|", "T": "+"}


def leet(m: Marking, variant: str, rng: random.Random) -> None:
    letters = plain(m)
    fit = [u for u in letters if u.base.upper() in DIGITS]
    if len(fit) < 2:
        raise Unfit
    if variant == "signs" and not any(u.base.upper() in SIGNS for u in fit):
        raise Unfit
    if variant == "strokes":
        bar = "|" not in m.text and m.role != "filename"
        strokes = {k: v if bar else v.replace("|", "") for k, v in STROKES.items()}
        inside = [u for w in m.words for u in w[1:-1] if u in letters and strokes.get(u.base.upper())]
        done: list[Unit] = []
        for unit in inside:
            word = next(w for w in m.words if any(x is unit for x in w))
            at = next(i for i, x in enumerate(word) if x is unit)
            if word[at - 1].is_plain and word[at + 1].is_plain:
                unit.out = rng.choice(strokes[unit.base.upper()])
                done.append(unit)
        if not done:
            raise Unfit
        return
    chosen = some(fit, rng) if variant == "some digits" else fit
    for unit in shared(m, chosen, rng) if len(chosen) > 2 else chosen:
        key = unit.base.upper()
        unit.out = SIGNS[key] if variant == "signs" and key in SIGNS else DIGITS[key]
