"""Documents of the Office of the first Windows without a compound file, and the metafiles of LibreOffice.

Sources: OpenOffice.org's Documentation of the Microsoft Excel File Format §5; wv 1.2.9 for the header of Word 2;
LibreOffice 7.4, vcl/source/filter/svm.
"""

import struct


def record(number, body):
    return struct.pack("<HH", number, len(body)) + body


def short(words):
    raw = words.encode("cp1252")
    return bytes([len(raw)]) + raw


def sheet(version, words):
    """A sheet of Excel 2, 3 or 4: a header, a cell with text, one with a number and a formula that gives text."""
    raw = words.encode("cp1252")
    if version == 2:
        return (record(0x09, struct.pack("<HH", 2, 0x10)) + record(0x14, short("&C" + words + " en-tête"))
                + record(0x04, struct.pack("<HH3x", 0, 0) + short(words))
                + record(0x02, struct.pack("<HH3xH", 0, 1, 4711))
                + record(0x03, struct.pack("<HH3xd", 1, 0, 2.5))
                + record(0x06, struct.pack("<HH3x6s2sB", 1, 1, bytes(6), b"\xff\xff", 0))
                + record(0x07, short(words + " calcul")) + record(0x0A, b""))
    start, formula = (0x209, 0x206) if version == 3 else (0x409, 0x406)
    return (record(start, struct.pack("<HHH", version, 0x10, 0)) + record(0x14, short("&C" + words + " en-tête"))
            + record(0x218, struct.pack("<HBBH", 0, 0, 6, 0) + b"Marque")
            + record(0x204, struct.pack("<HHHH", 0, 0, 0, len(raw)) + raw)
            + record(0x203, struct.pack("<HHHd", 1, 0, 0, 2.5))
            + record(formula, struct.pack("<HHH6s2sHH", 1, 1, 0, bytes(6), b"\xff\xff", 0, 0))
            + record(0x207, struct.pack("<H", len(raw) + 7) + raw + b" calcul")
            + record(0x1C, struct.pack("<HHH", 0, 0, len(raw) + 5) + raw + b" note") + record(0x5D, bytes(12))
            + record(0x0A, b""))


def book(words):
    """A workbook of Excel 4: a sheet inside of it, with its name."""
    inner = sheet(4, words)
    return (record(0x409, struct.pack("<HHH", 4, 0x100, 0)) + record(0x8F, struct.pack("<I", len(inner)) + short("Budget"))
            + inner + record(0x0A, b""))


def word2(words, header):
    """A document of Word 2: a body, then the headers."""
    body, head = words.encode("cp1252") + b"\r", header.encode("cp1252") + b"\r"
    fib = bytearray(0x180)
    struct.pack_into("<HHH", fib, 0, 0xA5DB, 0x2D, 0)
    struct.pack_into("<H", fib, 6, 0x40C)
    struct.pack_into("<II", fib, 0x18, len(fib), len(fib) + len(body) + len(head))
    struct.pack_into("<III", fib, 0x34, len(body), 0, len(head))
    return bytes(fib) + body + head


def word95(magic, fonts, runs, width=1):
    """A document of Word 6 or 95: fonts as (name, charset), runs as (bytes, number of a font)."""
    head = bytearray(0x300)
    body = b"".join(data for data, _ in runs) + b"\r".ljust(width, b"\0")
    names = b""
    for name, charset in fonts:
        entry = struct.pack("<BHBB", 0x16, 400, charset, 0) + name + b"\0"
        names += bytes([len(entry)]) + entry
    # A page of runs: where each begins, where the last one ends, and behind them where the looks of each lie.
    start = 2 * 512
    ends = [start]
    for data, _ in runs:
        ends.append(ends[-1] + len(data))
    page = bytearray(512)
    struct.pack_into(f"<{len(ends)}I", page, 0, *ends)
    for index, (_, font) in enumerate(runs):
        # Bold, the size, then the font.
        looks = bytes([85, 1, 99]) + struct.pack("<H", 24) + bytes([93]) + struct.pack("<H", font)
        place = 256 + 16 * index
        page[len(ends) * 4 + index] = place // 2
        page[place : place + 1 + len(looks)] = bytes([len(looks)]) + looks
    page[511] = len(runs)
    text = body.ljust(-len(body) % 512 + len(body), b"\0")
    table = struct.pack("<IIH", start, start + len(body), (start + len(text)) // 512)
    after = start + len(text) + len(page)
    struct.pack_into("<HHHHHH", head, 0, magic, 0x65, 0, 0x409, 0, 0x1000 if width == 2 else 0)
    struct.pack_into("<II", head, 0x18, start, start + len(body))
    struct.pack_into("<I", head, 0x34, len(body) // width)
    struct.pack_into("<II", head, 0xB8, after, len(table))
    struct.pack_into("<II", head, 0xD0, after + len(table), len(names) + 2)
    fonts = struct.pack("<H", len(names) + 2) + names
    return bytes(head).ljust(start, b"\0") + text + bytes(page) + table + fonts


def paired(words, encoding):
    """Letters of East Asia as Word 6 and 95 keep them: two bytes each, the first one last."""
    raw = [letter.encode(encoding) for letter in words]
    return b"".join(code.ljust(2, b"\0") if len(code) == 1 else code[::-1] for code in raw)


def starview(actions, count=None):
    """A StarView metafile of actions."""
    head = bytes(27) + bytes(8) + struct.pack("<I", len(actions) if count is None else count)
    return (b"VCLMTF" + struct.pack("<HI", 1, len(head)) + head
            + b"".join(struct.pack("<HHI", kind, version, len(body)) + body for kind, version, body in actions))


def drawn(words, line, wide=False):
    """A text that a metafile draws: in the encoding of the file, and again in Unicode."""
    units = words.encode("utf-16le")
    count = len(units) // 2
    raw = words.encode("cp1252", "replace")
    first = struct.pack("<I", count) + units if wide else struct.pack("<H", len(raw)) + raw
    return 113, 2, (struct.pack("<ii", 100, line) + first + struct.pack("<HHI", 0, count, count) + bytes(4 * count)
                    + struct.pack("<H", count) + units)
