"""How a scalar is spelled in ASCII, by its decomposition, its name or its shape."""
import re

import lookalikes

LIGATURES = "AA|AE|AO|AU|AV|AY|OO|OE|VY|TZ|HV|LJ|NJ|DZ|TS|LS|LZ|DB|QP|TC"
ADJECTIVES = ("INSULAR|CLOSED INSULAR|BLACKLETTER|BARRED|OPEN|REVERSED|SCRIPT|VISIGOTHIC|TAILLESS"
              "|STIRRUP|DOTLESS|LONG|AFRICAN|EPIGRAPHIC|BROKEN|GLOTTAL|SIDEWAYS|INVERTED|SMALL")
DIACRITIC_NAME = re.compile(rf"LATIN (CAPITAL|SMALL) LETTER (?:(?:{ADJECTIVES}) )?([A-Z]) WITH .*")
LETTER_NAME = re.compile(rf"LATIN (CAPITAL|SMALL) LETTER (?:(?:{ADJECTIVES}) )?([A-Z])")
LIGATURE_NAME = re.compile(
    rf"LATIN (CAPITAL|SMALL) (?:LETTER|LIGATURE) ({LIGATURES})(?: DIGRAPH)?(?: WITH .*)?")
SMALL_CAPITAL = re.compile(
    r"LATIN LETTER SMALL CAPITAL (?:BARRED |INVERTED |REVERSED |TURNED )?([A-Z]|AE|OE)"
    r"(?: WITH .*)?")
ENCLOSED = re.compile(
    r"(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER ([A-Z])"
    r"|(?:NEGATIVE )?SQUARED ([A-Z]{2,4}|UP WITH EXCLAMATION MARK)")
CYRILLIC_WITH = re.compile(r"(CYRILLIC (?:CAPITAL|SMALL) LETTER [A-Z-]+(?: [IU])?) WITH .*")
ENCLOSED_NUMBER = re.compile(r".*\bCIRCLED (?:SANS-SERIF )?(?:DIGIT|NUMBER) .*")


class Speller:
    """Spells scalars in ASCII and remembers what had to be undone."""

    def __init__(self, database, confusables):
        self.db, self.icu = database, confusables
        self.cache = {}

    def named(self, code):
        """What the name alone tells: (text, kinds), or None."""
        name = self.db.name.get(code, "")
        if 0x1F1E6 <= code <= 0x1F1FF:
            return chr(code - 0x1F1E6 + 65), {"compatibility"}
        if match := SMALL_CAPITAL.fullmatch(name):
            return match.group(1), {"compatibility"}
        if match := ENCLOSED.fullmatch(name):
            return (match.group(1) or match.group(2)[:4]).replace("UP W", "UP!"), {"compatibility"}
        if code in self.db.number and ENCLOSED_NUMBER.fullmatch(name):
            return str(self.db.number[code]), {"compatibility"}
        if match := LIGATURE_NAME.fullmatch(name):
            text = match.group(2)
            return text if match.group(1) == "CAPITAL" else text.lower(), {"compatibility"}
        if code in lookalikes.LETTERS_OF_LATIN:
            return lookalikes.LETTERS_OF_LATIN[code], {"diacritic"}
        if match := DIACRITIC_NAME.fullmatch(name):
            return match.group(2) if match.group(1) == "CAPITAL" else match.group(2).lower(), {
                "diacritic"}
        if match := LETTER_NAME.fullmatch(name):
            return match.group(2) if match.group(1) == "CAPITAL" else match.group(2).lower(), {
                "homoglyph"}
        return None

    def cased(self, code, text):
        """Gives a look-alike the case of the scalar it stands for."""
        if code in self.db.sets["Uppercase"]:
            return text.upper()
        return text.lower() if code in self.db.sets["Lowercase"] else text

    def look(self, code, depth=0):
        """The ASCII look-alike of one undecomposable scalar: (text, kinds), or None."""
        if code < 0x80:
            return chr(code), set()
        if depth > 0 and code in lookalikes.PROTOTYPES:
            return lookalikes.PROTOTYPES[code], {"homoglyph"}
        if code in self.cache:
            return self.cache[code]
        if depth > 3 or self.db.silent(code):
            return None
        result = self.search(code, depth)
        if result is not None or depth == 0:  # a failure deep down may only be a circle
            self.cache[code] = result
        return result

    def search(self, code, depth):
        hand = lookalikes.SHAPES.get(code)
        if hand is not None:
            return self.cased(code, hand), {"homoglyph"}
        if found := self.named(code):
            return found
        if match := CYRILLIC_WITH.fullmatch(self.db.name.get(code, "")):
            base = self.look(self.db.by_name.get(match.group(1), code), depth + 1)
            return base and (self.cased(code, base[0]), base[1] | {"diacritic"})
        for form in [code, self.db.up.get(code), self.db.down.get(code)]:
            if form is None:
                continue
            if form in lookalikes.SHAPES:
                return self.cased(code, lookalikes.SHAPES[form]), {"homoglyph"}
            target = [ord(c) for c in self.icu.table[form] if not self.db.silent(ord(c))]
            if target in ([form], []):
                continue
            pieces = [self.look(part, depth + 1) for part in target]
            if all(piece is not None for piece in pieces):
                text = "".join(piece[0] for piece in pieces).replace("rn", "m")
                if self.db.gc(code)[0] in "PS" and set(text) == {"l"}:
                    text = "|" * len(text)  # UTS #39 takes every bar for an l
                if code in self.db.sets["Uppercase"]:
                    text = text.replace("l", "I")  # UTS #39 writes a capital I as l
                return self.cased(code, text), {"homoglyph"}
        return None

    def spell(self, code):
        """(text, kinds) where every visible part has a look-alike, else None."""
        db = self.db
        if code < 0x80:
            return chr(code), set()
        if code in lookalikes.SILENT:
            return None
        # Typography is no disguise: dashes, quotes and spaces have no kind unless fullwidth.
        typography = {"compatibility"} if 0xFE30 <= code <= 0xFFEF else set()
        if code in lookalikes.PUNCTUATION:
            return lookalikes.PUNCTUATION[code], typography
        if db.gc(code) == "Pd":
            return "-", typography
        if db.gc(code) == "Zs":
            return " ", typography
        if code in lookalikes.SHAPES:
            return self.look(code)
        if 0xAC00 <= code <= 0xD7A3:
            return None  # the parts of a Hangul syllable look like bars and rings
        parts = [part for part in db.decompose(code)]
        seen = [part for part in parts if not db.silent(part)]
        kinds = set()
        if db.is_compatibility(code):
            kinds.add("compatibility")
        if len(parts) != len(seen):
            kinds.add("diacritic")
        if not seen or db.gc(code) == "Sk" and " " in map(chr, seen):
            return None
        text = ""
        for part in seen:
            found = self.look(part)
            if part in lookalikes.PUNCTUATION:
                found = lookalikes.PUNCTUATION[part], set()
            elif found is None and len(seen) > 1 and db.gc(part)[0] in "PS":
                continue
            if found is None:
                return None
            text += found[0]
            kinds |= found[1]
        if code in db.parts and len(seen) == 1 and seen[0] >= 0x80:
            text = self.cased(code, text)
        return (text, kinds) if text else None

    def letters(self, code):
        """Latin letters and digits under case, diacritics and forms, or None for other scripts."""
        db, text = self.db, ""
        if 0xAC00 <= code <= 0xD7A3:
            return None
        for part in db.decompose(code):
            if part < 0x80:
                text += chr(part).lower() if chr(part).isalnum() else ""
            elif part in db.decimal:
                text += str(db.decimal[part])
            elif (found := self.named(part)) is not None:
                text += "".join(c for c in found[0].lower() if c.isalnum())
            elif db.gc(part)[0] in "LN" and not (
                    part in lookalikes.PUNCTUATION or db.silent(part)):
                return None
        return text or None
