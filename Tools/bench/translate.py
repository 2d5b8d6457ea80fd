"""Vigie's phrases and expressions in the words of other engines, as near as each can say them."""
import re
import unicodedata


def unescape(text):
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text)


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def read(exported):
    """(kind, text) of every phrase, mark and pattern; anchors are Vigie's own affair."""
    return [(kind, unescape(text)) for kind, text in
            (line.split("\t", 1) for line in exported.splitlines() if "\t" in line)
            if kind in ("phrase", "mark", "pattern")]


def quoted(text):
    """A regex for a literal; only what every dialect lets escape is escaped."""
    return re.sub(r"([.*+?()\[\]{}|^$\\])", r"\\\1", text)


TOKEN = re.compile(r"""
  (?P<set>   \[\^?\]?(?:\\.|[^\]\\])*\])
| (?P<look>  \(\?<?[=!])
| (?P<flags> \(\?[a-z]*-?[a-z]*\))
| (?P<open>  \((?:\?(?:>|[a-z]*-?[a-z]*:))?)
| (?P<close> \))
| (?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|[pP]\{\w+\}|.))
| (?P<loop>  (?:[*+?]|\{\d+(?:,\d*)?\})[+?]?)
| (?P<plain> .)
""", re.X | re.S)
# What stands for one character within a set.
MEMBER = re.compile(r"\\x\{[0-9A-Fa-f]+\}|\\[pP]\{\w+\}|\\.|.", re.S)


def tokens(regex):
    """(kind, text) of every part of a regex, in order; together they are the regex."""
    return [(found.lastgroup, found[0]) for found in TOKEN.finditer(regex)]


def without_context(regex):
    """A regex without look-around and \\K: it finds all that the original finds, and more."""
    out, depth = "", 0  # how deep within look-around
    for kind, text in tokens(regex):
        if kind == "look" or depth:
            depth += {"look": 1, "open": 1, "close": -1}.get(kind, 0)
        else:
            out += said_everywhere(kind, text)
    return out


def said_everywhere(kind, text):
    """What only PCRE has, in other words: possessive loops, atomic groups, white space in line."""
    if kind == "loop" and len(text) > 1:
        return text.removesuffix("+")
    if kind == "set":
        return "".join(" \\t" if member == "\\h" else member for member in MEMBER.findall(text))
    return {"(?>": "(?:", "\\h": "[ \\t]", "\\N": ".", "\\K": ""}.get(text, text)


# MARK: Bytes

# Letters and digits of any script: those of ASCII, and whatever bytes lie beyond it.
PROPERTIES = {"L": "a-zA-Z", "Lu": "A-Z", "Ll": "a-z", "N": "0-9", "Nd": "0-9", "So": ""}


def byte_wise(regex):
    """A regex for engines that read bytes: what lies beyond ASCII as UTF-8, in both cases where case does not count.

    Loops count bytes then, and sets take in any byte where Unicode's own would be costly.
    """
    out, caseless, outer = "", False, []
    for kind, text in tokens(regex):
        if kind == "open":
            outer.append(caseless)
        if kind in ("open", "flags") and text.startswith("(?"):
            on, _, off = text.strip("(?:)").partition("-")
            caseless = (caseless or "i" in on) and "i" not in off
        if kind == "close" and outer:
            caseless = outer.pop()
        if kind == "set":
            text = byte_set(text, caseless)
        elif text.startswith("\\p{"):
            text = byte_set(f"[{text}]", caseless)
        elif beyond_ascii(text):
            text = "(?:" + "|".join(spellings(beyond_ascii(text), caseless)) + ")"
        out += text
    return out


def beyond_ascii(member):
    """The character that a part of a regex stands for if it lies beyond ASCII, else nothing."""
    letter = chr(int(member[3:-1], 16)) if member.startswith("\\x{") else member[-1:]
    return "" if letter.isascii() else letter


def spellings(letter, caseless):
    """The UTF-8 bytes of a letter; of both its cases where case does not count."""
    cases = {letter.lower(), letter.upper(), letter.upper().lower()} if caseless else {letter}
    return sorted("".join(f"\\x{byte:02X}" for byte in case.encode()) for case in cases)


def byte_set(text, caseless):
    """A set of characters as a set of bytes and, beside it, sequences of bytes."""
    negated = text.startswith("[^")
    members = MEMBER.findall(text[2:-1] if negated else text[1:-1])
    inside, sequences = "", []
    for before, member, after in zip(["", *members], members, [*members[1:], ""]):
        if member.startswith("\\p{"):
            # Where all but these is asked for, any byte beyond ASCII may be part of something else.
            inside += PROPERTIES[member[3:-1]] + ("" if negated else "\\x80-\\xFF")
        elif beyond_ascii(member):
            sequences += spellings(beyond_ascii(member), caseless)
        elif member == "-" and beyond_ascii(before) and beyond_ascii(after):
            for code in range(ord(beyond_ascii(before)), ord(beyond_ascii(after))):
                sequences += spellings(chr(code), caseless)
        else:
            inside += member
    if negated:
        # A sequence cannot be left out of a set: this finds more.
        return f"[^{inside}]" if inside else "[\\s\\S]"
    if inside.startswith("^"):
        inside = "\\" + inside
    parts = ([f"[{inside}]"] if inside else []) + sorted(set(sequences))
    return parts[0] if len(parts) == 1 and inside else "(?:" + "|".join(parts) + ")"


def words(phrase):
    return [quoted(word) for word in phrase.split()]


def phrase_regex(phrase, edges=True):
    inner = "\\s+".join(words(phrase))
    if not edges:
        return inner
    first = "\\b" if phrase[:1].isascii() and phrase[:1].isalnum() else ""
    last = "\\b" if phrase[-1:].isascii() and phrase[-1:].isalnum() else ""
    return first + inner + last


def expressions(rules, pattern):
    """Phrases without regard to case, between word edges; marks; and patterns as `pattern` says them."""
    return [("(?i)" + phrase_regex(text)) if kind == "phrase"
            else "\\b" + quoted(text) + "\\b" if kind == "mark" else pattern(text)
            for kind, text in rules]


def pcre2(rules):
    """Everything as it is."""
    return expressions(rules, lambda text: text)


def hyperscan(rules):
    """Look-around left out, and bytes rather than UTF-8.

    In UTF-8 mode every character of `[^\\n]{0,200}` is the states of all forms of UTF-8, and one of
    `[\\p{L} ]{0,40}` those of all scripts: such an expression takes up to a minute to compile, all of
    2,000 one by one over 25 minutes, and more than fifty are refused as too large. As bytes all
    together take half a minute, none is refused, and as many matches are found no slower.
    """
    return [byte_wise(text) for text in expressions(rules, without_context)]


# What Vigie takes for a letter, as far as one byte or one sequence can say it: leet, and look-alikes of other scripts.
LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1|!", "l": "1|", "o": "0", "s": "5$", "t": "7", "z": "2"}
LOOKALIKES = {"a": "аαàáâäãå", "c": "сϲç", "e": "еεèéêë", "i": "іιìíîï", "o": "оοòóôöõ", "p": "рρ", "s": "ѕ", "u": "υùúûü",
              "x": "хχ", "y": "уÿ", "n": "ñ", "b": "вβ", "h": "н", "k": "кκ", "m": "м", "t": "тτ", "d": "ԁ", "l": "ӏ"}
# What may stand between two letters: anything in ASCII that is none, marks, spaces and signs of U+0300 and U+2000.
BETWEEN = "(?:[\\x00-/:-@\\[-`{-\\x7F]|\\xCC[\\x80-\\xBF]|\\xCD[\\x80-\\xAF]|\\xC2[\\xA0-\\xBF]|\\xE2\\x80[\\x80-\\xBF]){0,3}"


def disguised(rules):
    """Phrases as an engine without views must say them to see what Vigie sees: every letter in all its forms.

    Mathematical letters, encodings, markup and misspellings are left out, which favours the engine.
    """
    out = []
    for _, text in rules:
        letters = [character for character in unicodedata.normalize("NFD", text).lower() if "a" <= character <= "z"]
        out.append(BETWEEN.join(any_form(letter) for letter in letters))
    return out


def any_form(letter):
    plain = "[" + letter + letter.upper() + re.sub(r"([$|])", r"\\\1", LEET.get(letter, "")) + "]"
    wide = [chr(0xFF41 + ord(letter) - 97), chr(0xFF21 + ord(letter) - 97)]
    forms = {form for alike in LOOKALIKES.get(letter, "") for form in (alike, alike.upper()) if len(form) == 1}
    return "(?:" + "|".join([plain] + sorted("".join(f"\\x{byte:02X}" for byte in form.encode())
                                             for form in {*wide, *forms})) + ")"


def python(rules):
    """As PCRE2; the library `regex` writes characters by their numbers in other words."""
    return [re.sub(r"\\x\{([0-9A-Fa-f]+)\}", lambda m: re.escape(chr(int(m[1], 16))), text)
            for text in expressions(rules, lambda text: text)]


def ripgrep(rules):
    """As Hyperscan; in groups, because ripgrep joins all with `|` and flags would reach into the next."""
    return [f"(?:{text})" for text in hyperscan(rules)]


def yara(rules):
    """Strings for phrases of one word or more (one space between words), regexes for the rest."""
    out = []
    for kind, text in rules:
        if kind != "pattern":
            literal = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'"{literal}" fullword' + (" nocase" if kind == "phrase" else ""))
            continue
        regex = byte_wise(without_context(text))
        flags = ""
        if "(?i" in regex:
            flags = " nocase"
            regex = regex.replace("(?i)", "").replace("(?i:", "(").replace("(?mi)", "")
        regex = regex.replace("(?:", "(").replace("(?m)", "").replace("(?-i:", "(")
        regex = re.sub(r"(?<!\\)/", r"\\/", regex)
        out.append(f"/{regex}/{flags}")
    return out


def write(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"rule\t{escape(text)}\n" for text in texts)
