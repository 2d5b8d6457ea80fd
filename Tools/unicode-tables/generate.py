#!/usr/bin/env python3
"""Writes Sources/VigieUnicode/ScalarFold+Generated.swift: how every Unicode scalar folds.

Inputs: the Unicode Character Database (Debian package `unicode-data`) and the confusables of
UTS #39 as ICU 72 knows them (Debian package `libicu72`), plus the look-alikes of lookalikes.py.

    Tools/unicode-tables/generate.py            write the file
    Tools/unicode-tables/generate.py --stdout   print it instead
    Tools/unicode-tables/check                  regenerate and compare
"""
import argparse
import functools
import hashlib
import pathlib
import sys

sys.dont_write_bytecode = True
import lookalikes  # noqa: E402
from inputs import END, Confusables, Database  # noqa: E402
from spelling import CYRILLIC_WITH, SMALL_CAPITAL, Speller  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent.parent / "Sources/VigieUnicode/ScalarFold+Generated.swift"
ROW = 128  # scalars in a row; ScalarFold.swift knows it too
BREAKER = 27
FIRST_EXPANSION = 32
KINDS = ["ignorable", "mark", "diacritic", "compatibility", "homoglyph", "digit", "upper", "lower"]
FLAGS = ["word", "white", "uppercase", "lowercase", "script", "unicase"]
# Scripts without case whose letters stand for themselves: no table unites any of them.
UNICASE = {"Hebrew", "Han", "Hiragana", "Katakana", "Hangul"}

# Digits and signs that stand for letters in leet; i, l and 1 are one symbol.
LEET = {"0": "o", "1": "l", "2": "z", "3": "e", "4": "a", "@": "a", "5": "s", "$": "s",
        "6": "g", "9": "g", "7": "t", "8": "b", "i": "l"}


def alphabet(db):
    """The script view: base scalar (lower case) -> symbol, look-alikes united."""
    parent = {}

    def root(letter):
        parent.setdefault(letter, letter)
        while parent[letter] != letter:
            letter = parent[letter]
        return letter

    for letter in lookalikes.SCRIPT_LETTERS:
        root(letter)
    for group in lookalikes.SCRIPT_GROUPS:
        for letter in group:
            parent[root(letter)] = root(group[0])
    numbers = {}
    for letter in sorted(parent):
        numbers.setdefault(root(letter), len(numbers) + 1)
    if len(numbers) > 62:
        sys.exit(f"{len(numbers)} symbols do not fit the script view")
    return {letter: numbers[root(letter)] for letter in parent}


class Builder:
    """Makes the record of every scalar and packs them all."""

    def __init__(self, db, icu):
        self.db, self.speller = db, Speller(db, icu)
        self.symbols = alphabet(db)
        self.expansions, self.texts = {}, {}

    def skeleton(self, code, spelled):
        db, gc = self.db, self.db.gc(code)
        if db.silent(code) or gc[0] in "CZ" or code == 0xFFFD:
            return 0
        mapped = ""
        if spelled is not None:
            for character in spelled[0].lower():
                character = LEET.get(character, character)
                mapped += character if character.isalpha() else ""
        if not mapped:
            return BREAKER if self.is_word(code, spelled) else 0
        values = tuple(ord(character) - 96 for character in mapped)
        if len(values) == 1:
            return values[0]
        # A scalar has no more symbols than bytes: a pass keeps those of a byte in the byte's place.
        if len(values) > min(4, len(chr(code).encode())):
            return BREAKER
        return FIRST_EXPANSION + self.expansions.setdefault(values, len(self.expansions))

    def script_symbol(self, code, spelled):
        db = self.db
        if db.silent(code) or db.gc(code)[0] in "CZ":
            return 0
        seen = [part for part in db.decompose(code) if not db.silent(part)]
        if len(seen) == 1 and not 0xAC00 <= code <= 0xD7A3:
            part = seen[0]
            for _ in range(3):
                part = db.down.get(part, part)
                if chr(part) in self.symbols:
                    return self.symbols[chr(part)]
                if match := CYRILLIC_WITH.fullmatch(db.name.get(part, "")):
                    part = db.by_name.get(match.group(1), part)
                elif (found := self.speller.named(part)) and len(found[0]) == 1:
                    part = ord(found[0].lower())
                else:
                    break
        # A look-alike of another script stands for the Latin letter it resembles.
        text = "".join(c for c in spelled[0].lower() if c in "@$" or c.isalnum()) if spelled else ""
        if len(text) == 1:
            return self.symbols[text]
        return 63 if self.is_word(code, spelled) else 0

    def is_word(self, code, spelled):
        db, gc = self.db, self.db.gc(code)
        if db.silent(code):
            return False
        text = spelled[0] if spelled else ""
        if gc == "Lm" and text and not any(character.isalnum() for character in text):
            return False  # letters by name only, such as U+02BC, which is an apostrophe
        if gc[0] in "LN":
            return True
        if gc[0] != "S" or code in (0x2120, 0x2122):  # SM and TM are signs behind a word
            return False
        if spelled is None:
            return db.is_compatibility(code) and any(
                db.gc(part)[0] == "L" for part in db.decompose(code))
        return "compatibility" in spelled[1] and any(c.isalnum() for c in text)

    def kinds(self, code, spelled):
        db, result = self.db, set()
        if code in db.sets["Default_Ignorable_Code_Point"]:
            return {"ignorable"}
        if db.gc(code)[0] == "M":
            return {"mark"}
        if code < 0x80 and chr(code) in "0123456789@$":
            result.add("digit")
        if spelled is not None:
            result |= spelled[1]
        else:
            parts = db.decompose(code)
            if len(parts) > 1 and any(db.gc(part)[0] == "M" for part in parts):
                result.add("diacritic")
            if db.is_compatibility(code):
                result.add("compatibility")
        small = SMALL_CAPITAL.fullmatch(db.name.get(code, ""))
        letters = "".join(c for c in spelled[0] if c.isalpha()) if spelled else ""
        cased = code in db.sets["Uppercase"] or code in db.sets["Lowercase"]
        if small or code in db.sets["Uppercase"]:
            result.add("upper")
        elif code in db.sets["Lowercase"]:
            result.add("lower")
        elif not cased and "compatibility" in result and letters:
            if letters.isupper():
                result.add("upper")
            elif letters.islower():
                result.add("lower")
        return result

    def plain(self, code, spelled, kinds):
        """(byte, text): one of them, or neither."""
        db = self.db
        if code < 0x80:
            return code, ""
        if db.silent(code):
            return 0, ""
        if code in db.decimal:
            return ord("0") + db.decimal[code], ""
        if spelled is None or spelled[1] == {"diacritic"}:
            return 0, ""
        if "diacritic" in spelled[1] and "compatibility" not in spelled[1] and code in db.parts:
            return 0, ""
        text = spelled[0]
        return (ord(text), "") if len(text) == 1 else (0, text)

    def text(self, text):
        if not text or len(text) > 8:
            return 0
        return self.texts.setdefault(text, len(self.texts) + 1)

    def record(self, code):
        if self.db.gc(code) in ("Cn", "Co", "Cs") and not self.db.silent(code):
            return encode((0, 2), (0, 2), (0, 2), (0, 1), (0, 1), (0, 2), (0, 2), (0, 2))
        db = self.db
        spelled = None if db.silent(code) else self.speller.spell(code)
        kinds = self.kinds(code, spelled)
        is_word = self.is_word(code, spelled)
        byte, several = self.plain(code, spelled, kinds)
        letters = self.speller.letters(code) if is_word else ""
        word, word_several = 0, ""
        if is_word:
            word = 1 if not letters else ord(letters) if len(letters) == 1 else 2
            word_several = letters if word == 2 else ""
        script = self.script_symbol(code, spelled)
        greek = db.script.get(code) in ("Greek", "Cyrillic") and db.gc(code)[0] == "L"
        flags = {
            "word": is_word,
            "white": code in db.sets["White_Space"],
            "uppercase": code in db.sets["Uppercase"],
            "lowercase": code in db.sets["Lowercase"],
            "script": greek or 0x1D6A8 <= code <= 0x1D7CB and db.gc(code)[0] == "L",
            "unicase": db.script.get(code) in UNICASE and db.gc(code)[0] in "LN" and is_word,
        }
        return encode(
            (self.skeleton(code, spelled), 2), (byte, 2),
            (sum(1 << KINDS.index(kind) for kind in kinds), 2),
            (sum(1 << FLAGS.index(flag) for flag, on in flags.items() if on), 1),
            (script, 1), (word, 2), (self.text(several), 2), (self.text(word_several), 2))

    def build(self):
        # Record 0 is what lies outside Unicode: a breaker with no property.
        outside = encode((BREAKER, 2), (0, 2), (0, 2), (0, 1), (63, 1), (0, 2), (0, 2), (0, 2))
        records, rows, stage = {outside: 0}, {}, []
        for start in range(0, END, ROW):
            row = ""
            for code in range(start, start + ROW):
                record = self.record(code)
                row += encode((records.setdefault(record, len(records)), 2))
            stage.append(encode((rows.setdefault(row, len(rows)), 2)))
        for count, what in [(len(records), "records"), (len(rows), "rows"),
                            (len(self.texts), "texts")]:
            if count > 4096:
                sys.exit(f"{count} {what} do not fit twelve bits")
        if FIRST_EXPANSION + len(self.expansions) > 256:
            sys.exit(f"{len(self.expansions)} expansions do not fit a byte")
        self.counts = f"{len(rows)} rows, {len(records)} records, {len(self.expansions)} expansions"
        packed = [record.ljust(16, "0") for record in records]
        expansions = ["".join(encode((value, 1)) for value in values).ljust(4, "0")
                      for values in self.expansions]
        texts = [f"{len(text)}{text.ljust(8, '0')}" for text in self.texts]
        return {
            "stage": ("The row of each 128 scalars.", chunks("".join(stage), 128)),
            "rows": ("The record of each scalar, a row of 128 a line.", list(rows)),
            "records": ("Sixteen digits a record.", chunks("".join(packed), 128)),
            "expansionTable": (
                "Four symbols each, padded with 0.", chunks("".join(expansions), 128)),
            "texts": ("A count and eight characters each.", chunks("".join(texts), 126)),
        }


@functools.cache
def encode(*fields):
    """Base-64 digits from U+0030 on, most significant first, so that a digit is `byte - 48`."""
    out = ""
    for value, width in fields:
        if not 0 <= value < 64 ** width:
            sys.exit(f"{value} does not fit {width} digits")
        out += "".join(chr(48 + (value >> 6 * place & 63)) for place in reversed(range(width)))
    return out


def chunks(text, size):
    return [text[start:start + size] for start in range(0, len(text), size)]


def tool_digest():
    """The digest of what makes the tables: the Python files of this directory."""
    digest = hashlib.sha256()
    for name in ["generate.py", "inputs.py", "lookalikes.py", "spelling.py"]:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()


def render(db, icu, tables):
    body = f"""
extension ScalarFold {{
  /// The version of Unicode that the tables stem from.
  public static let unicodeVersion: StaticString = "{db.version}"

  /// How many expansions there are.
  @inlinable public static var expansionCount: UInt8 {{ {tables.pop("count")} }}
}}
"""
    for name, (summary, lines) in tables.items():
        if any('"""' in line or "\\#" in line for line in lines):
            sys.exit(f"{name} does not fit its literal")
        literal = "\\#\n".join(lines)
        body += f"""
extension ScalarFold {{
  /// {summary}
  @inlinable @inline(__always) static var {name}: StaticString {{
#\"\"\"
{literal}
\"\"\"#
  }}
}}
"""
    inputs = hashlib.sha256(f"{db.digest.hexdigest()} {icu.digest}".encode()).hexdigest()
    header = f"""\
// swift-format-ignore-file
// Generated by Tools/unicode-tables/generate.py; do not edit.
// unicode: {db.version} (unicode-data), confusables: ICU {icu.major}
// inputs-sha256: {inputs}
// generator-sha256: {tool_digest()}
// tables-sha256: {hashlib.sha256(body.encode()).hexdigest()}
"""
    return header + body


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ucd", type=pathlib.Path, default=pathlib.Path("/usr/share/unicode"))
    parser.add_argument("--stdout", action="store_true")
    options = parser.parse_args()
    db, icu = Database(options.ucd), Confusables()
    builder = Builder(db, icu)
    tables = builder.build()
    tables["count"] = len(builder.expansions)
    text = render(db, icu, tables)
    if options.stdout:
        sys.stdout.write(text)
    else:
        TARGET.write_text(text, "utf-8")
        print(f"{builder.counts}, {len(text)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
