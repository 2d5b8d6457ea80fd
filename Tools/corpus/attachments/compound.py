"""Writes compound files (OLE2) with any storages and streams, sound or damaged.

Source: [MS-CFB] 12.0.
"""

import struct

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


class Storage:
    """A storage: names with bytes (a stream) or another storage."""

    def __init__(self, children=None):
        self.children = dict(children or {})


def write(root, sector_size=512):
    """The bytes of a compound file; streams below 4,096 bytes lie in the mini stream."""
    entries = []  # (name, kind, child, left, right, start, size)

    def add(name, kind):
        entries.append([name, kind, FREE, FREE, FREE, END, 0, None])
        return len(entries) - 1

    def key(name):
        return (len(name), name.upper())

    def tree(numbers):
        """A balanced tree of siblings; the number of its top."""
        if not numbers:
            return FREE
        middle = len(numbers) // 2
        top = numbers[middle]
        entries[top][3] = tree(numbers[:middle])
        entries[top][4] = tree(numbers[middle + 1 :])
        return top

    def visit(storage, number):
        numbers = []
        for name in sorted(storage.children, key=key):
            value = storage.children[name]
            if isinstance(value, Storage):
                child = add(name, 1)
                visit(value, child)
            else:
                child = add(name, 2)
                entries[child][7] = value
            numbers.append(child)
        entries[number][2] = tree(numbers)

    visit(root, add("Root Entry", 5))
    fat, sectors = [], []

    def place(data):
        """Appends data as a chain of sectors; the number of the first."""
        if not data:
            return END
        first = len(sectors)
        count = -(-len(data) // sector_size)
        for index in range(count):
            part = data[index * sector_size : (index + 1) * sector_size]
            sectors.append(part.ljust(sector_size, b"\0"))
            fat.append(first + index + 1 if index + 1 < count else END)
        return first

    mini, mini_fat = b"", []
    for entry in entries:
        data = entry[7]
        if data is None:
            continue
        entry[6] = len(data)
        if len(data) >= 4096:
            entry[5] = place(data)
        elif data:
            entry[5] = len(mini_fat)
            count = -(-len(data) // 64)
            mini += data.ljust(count * 64, b"\0")
            for index in range(count):
                mini_fat.append(entry[5] + index + 1 if index + 1 < count else END)
    entries[0][5], entries[0][6] = place(mini), len(mini)
    packed = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_fat_start = place(packed.ljust(-(-len(packed) // sector_size) * sector_size, b"\xff"))
    directory = b""
    for name, kind, child, left, right, start, size, _ in entries:
        wide = name.encode("utf-16-le")
        directory += wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide) + 2, kind, 1)
        directory += struct.pack("<III", left, right, child) + bytes(16 + 4 + 16)
        directory += struct.pack("<IQ", start if kind != 1 else 0, size)
    directory_start = place(directory)
    per = sector_size // 4
    count = 1
    while count * per < len(fat) + count:
        count += 1
    fat_sectors = list(range(len(sectors), len(sectors) + count))
    table = fat + [FAT] * count
    table += [FREE] * (count * per - len(table))
    for index in range(count):
        sectors.append(struct.pack(f"<{per}I", *table[index * per : (index + 1) * per]))
    shift = 9 if sector_size == 512 else 12
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3 if shift == 9 else 4, 0xFFFE, shift, 6) + bytes(6)
    directory_count = 0 if shift == 9 else -(-len(directory) // sector_size)
    header += struct.pack("<IIIIIIIII", directory_count, count, directory_start, 0, 4096,
                          mini_fat_start, 1 if mini_fat else 0, END, 0)
    header += struct.pack("<109I", *(fat_sectors + [FREE] * (109 - count)))
    return header.ljust(sector_size, b"\0") + b"".join(sectors)


def property_set(sections):
    """A property set stream: (format identifier, {number: value}, {number: name}) each."""
    out = struct.pack("<HHI", 0xFFFE, 0, 0x00020006) + bytes(16) + struct.pack("<I", len(sections))
    offset = len(out) + 20 * len(sections)
    bodies = b""
    for identifier, values, names in sections:
        pairs = {1: struct.pack("<HHhH", 2, 0, -535, 0)}  # code page 65001
        if names:
            data = struct.pack("<I", len(names))
            for number, name in names.items():
                raw = name.encode("utf-8") + b"\0"
                data += struct.pack("<II", number, len(raw)) + raw
            pairs[0] = data
        for number, value in values.items():
            raw = value.encode("utf-8") + b"\0"
            pairs[number] = struct.pack("<II", 0x1E, len(raw)) + raw
        table, data = b"", b""
        start = 8 + 8 * len(pairs)
        for number, value in pairs.items():
            table += struct.pack("<II", number, start + len(data))
            data += value.ljust(-(-len(value) // 4) * 4, b"\0")
        section = struct.pack("<II", start + len(data), len(pairs)) + table + data
        out += identifier + struct.pack("<I", offset + len(bodies))
        bodies += section
    return out + bodies


SUMMARY = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
DOCUMENT_SUMMARY = bytes.fromhex("02d5cdd59c2e1b10939708002b2cf9ae")
USER_DEFINED = bytes.fromhex("05d5cdd59c2e1b10939708002b2cf9ae")


def streams(data):
    """The streams of the root storage of a sound file of 512-byte sectors, by name."""
    def sector(number):
        return data[512 * (number + 1) : 512 * (number + 2)]

    table = b"".join(sector(n) for n in struct.unpack_from("<109I", data, 0x4C) if n < FAT)
    fat = struct.unpack(f"<{len(table) // 4}I", table)

    def chain(number):
        out = b""
        while number < FAT:
            out += sector(number)
            number = fat[number]
        return out

    directory = chain(struct.unpack_from("<I", data, 0x30)[0])
    mini_table = chain(struct.unpack_from("<I", data, 0x3C)[0])
    mini = chain(struct.unpack_from("<I", directory, 116)[0])
    found = {}
    for offset in range(128, len(directory), 128):
        size = struct.unpack_from("<H", directory, offset + 64)[0]
        if directory[offset + 66] != 2:
            continue
        name = directory[offset : offset + size - 2].decode("utf-16-le")
        start, count = struct.unpack_from("<II", directory, offset + 116)
        if count >= 4096:
            found[name] = chain(start)[:count]
            continue
        out = b""
        while len(out) < count:
            out += mini[64 * start : 64 * start + 64]
            start = struct.unpack_from("<I", mini_table, start * 4)[0]
        found[name] = out[:count]
    return found
