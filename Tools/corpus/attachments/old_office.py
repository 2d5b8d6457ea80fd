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
