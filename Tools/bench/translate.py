"""Vigie's phrases and expressions in the words of other engines, as near as each can say them."""
import re


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


def close(regex, start):
    """The index of the bracket that closes the group opened at `start`."""
    depth, i, in_set = 0, start, False
    while i < len(regex):
        c = regex[i]
        if c == "\\":
            i += 1
        elif in_set:
            in_set = c != "]"
        elif c == "[":
            in_set = True
            if regex[i + 1:i + 2] == "^":
                i += 1
            if regex[i + 1:i + 2] == "]":
                i += 1
        elif c == "(":
            depth += 1
        elif c == ")":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return len(regex) - 1


def without_context(regex):
    """A regex without look-around and \\K: it finds all that the original finds, and more."""
    out, i = "", 0
    while i < len(regex):
        if regex.startswith(("(?=", "(?!", "(?<=", "(?<!"), i):
            i = close(regex, i) + 1
            continue
        if regex.startswith("\\K", i):
            i += 2
            continue
        if regex.startswith("\\", i):
            out += regex[i:i + 2]
            i += 2
            continue
        if regex[i] == "[":
            end = i + 2
            while end < len(regex) and regex[end] != "]":
                end += 2 if regex[end] == "\\" else 1
            out += regex[i:end + 1]
            i = end + 1
            continue
        out += regex[i]
        i += 1
    # What only PCRE has, in other words: possessive loops, atomic groups, white space in line.
    out = re.sub(r"(?<!\\)([*+?}])\+", r"\1", out)
    out = out.replace("(?>", "(?:").replace("\\h", "[ \\t]").replace("\\N", ".")
    return out.replace("[[ \\t]", "[ \\t").replace("[ \\t]]", "[ \\t]")


def words(phrase):
    return [quoted(word) for word in phrase.split()]


def phrase_regex(phrase, edges=True):
    inner = "\\s+".join(words(phrase))
    if not edges:
        return inner
    first = "\\b" if phrase[:1].isascii() and phrase[:1].isalnum() else ""
    last = "\\b" if phrase[-1:].isascii() and phrase[-1:].isalnum() else ""
    return first + inner + last


def pcre2(rules):
    """Everything as it is; phrases without regard to case, between word edges."""
    return [("(?i)" + phrase_regex(text)) if kind == "phrase"
            else "\\b" + quoted(text) + "\\b" if kind == "mark" else text
            for kind, text in rules]


def hyperscan(rules):
    """Look-around left out; byte-wise word edges, because Unicode's are not supported with UTF-8."""
    return [("(?i)" + phrase_regex(text)) if kind == "phrase"
            else "\\b" + quoted(text) + "\\b" if kind == "mark" else without_context(text)
            for kind, text in rules]


def yara(rules):
    """Strings for phrases of one word or more (one space between words), regexes for the rest."""
    out = []
    for kind, text in rules:
        if kind != "pattern":
            literal = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
            out.append(f'"{literal}" fullword' + (" nocase" if kind == "phrase" else ""))
            continue
        regex = without_context(text)
        flags = ""
        if "(?i" in regex:
            flags = " nocase"
            regex = regex.replace("(?i)", "").replace("(?i:", "(").replace("(?mi)", "")
        regex = regex.replace("(?:", "(").replace("(?m)", "").replace("(?-i:", "(")
        regex = regex.replace("\\p{L}", "a-zA-Z").replace("\\p{Lu}", "A-Z").replace("\\p{N}", "0-9")
        regex = re.sub(r"(?<!\\)/", r"\\/", regex)
        out.append(f"/{regex}/{flags}")
    return out


def both_cases(regex):
    """Letters beyond ASCII as bytes, in both cases: without Unicode ripgrep takes no other form."""
    def spell(letter):
        return "".join(f"\\x{byte:02X}" for byte in letter.encode())
    return re.sub(r"[^\x00-\x7f]",
                  lambda m: "(?:" + "|".join(sorted({spell(m[0].lower()), spell(m[0].upper())})) + ")",
                  regex)


def ripgrep(rules):
    """Look-around left out; bytes rather than Unicode, which ripgrep is far slower with."""
    return [("(?i:" + both_cases(phrase_regex(text)) + ")") if kind == "phrase"
            else "\\b" + quoted(text) + "\\b" if kind == "mark" else without_context(text)
            for kind, text in rules]


def write(path, texts):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"rule\t{escape(text)}\n" for text in texts)
