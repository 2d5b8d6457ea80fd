#!/usr/bin/env python3
"""Makes Corpus/attachments/archives: archives, and what each must give.

Every byte is written here, so that the result is the same on every machine. Only some archives need
programs: 7z (p7zip-full), and zstd, lz4, lzip for files that are packed as a whole.

Run: Tools/corpus/attachments/containers.py
"""

import bz2
import io
import lzma
import pathlib
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

from cases import CLEAN, NOTE, ROOT, case, gap, text

DATE = (2026, 3, 3, 9, 0, 0)


def zipped(files, comment=b"", method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type = method
            archive.writestr(info, data)
        archive.comment = comment
    return out.getvalue()


def tarred(files, links=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target in links:
            info = tarfile.TarInfo(name)
            info.type = tarfile.SYMTYPE
            info.linkname = target
            archive.addfile(info)
    return out.getvalue()


def gzipped(data, name=b"", comment=b""):
    flags = (8 if name else 0) | (16 if comment else 0)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    head = struct.pack("<BBBBIBB", 0x1F, 0x8B, 8, flags, 0, 0, 3)
    head += name + b"\0" if name else b""
    head += comment + b"\0" if comment else b""
    return head + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def variable(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def rar5(files, comment=None, encrypted=()):
    def block(kind, flags, fields, data=b"", extra=b""):
        flags |= (1 if extra else 0) | (2 if data else 0)
        body = variable(kind) + variable(flags)
        body += variable(len(extra)) if extra else b""
        body += variable(len(data)) if data else b""
        body += fields + extra
        head = variable(len(body)) + body
        return struct.pack("<I", zlib.crc32(head)) + head + data

    def entry(kind, name, data, extra=b""):
        fields = variable(4) + variable(len(data)) + variable(0o100644)
        fields += struct.pack("<I", zlib.crc32(data)) + variable(0) + variable(1)
        return block(kind, 0, fields + variable(len(name)) + name, data, extra)

    out = b"Rar!\x1a\x07\x01\x00" + block(1, 0, variable(0))
    if comment:
        out += entry(3, b"CMT", comment)
    for name, data in files:
        record = variable(1) + variable(0) + variable(0) + bytes([15]) + bytes(32)
        extra = variable(len(record)) + record if name in encrypted else b""
        out += entry(2, name.encode(), data, extra)
    return out + block(5, 0, variable(0))


def rar4(files):
    def block(kind, flags, rest, data=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, data in files:
        try:
            raw, flags = name.encode("cp850"), 0x8000
        except UnicodeEncodeError:
            raw, flags = rar4_name(name), 0x8200
        rest = struct.pack("<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x5C634800,
                           29, 0x30, len(raw), 0o100644)
        out += block(0x74, flags, rest + raw, data)
    return out + block(0x7B, 0x4000, b"")


def rar4_name(name):
    """A name in the code page, NUL, and the steps to the one in Unicode, of every kind."""
    short = name.encode("ascii", "replace")
    high = ord(max(name)) >> 8
    steps, place = [], 0
    while place < len(name):
        run = 0
        while place + run < len(name) and name[place + run] < "\x80":
            run += 1
        letter = ord(name[place])
        if run > 1:
            # A letter moved by nothing keeps the high byte, so a run of ASCII is never moved.
            steps.append((3, bytes([run - 2])))
        elif run:
            steps.append((0, bytes([letter])))
        elif letter >> 8 == high:
            steps.append((1, bytes([letter & 0xFF])))
        else:
            steps.append((2, struct.pack("<H", letter)))
        place += max(run, 1)
    out = bytes([high])
    for start in range(0, len(steps), 4):
        four = steps[start:start + 4]
        out += bytes([sum(code << 6 - 2 * index for index, (code, _) in enumerate(four))])
        out += b"".join(data for _, data in four)
    return short + b"\0" + out


def compressed(data):
    """What compress of Unix writes, in codes of nine bits: a letter each, and a fresh table before it is full."""
    codes = []
    for start in range(0, len(data), 240):
        # A clear code fills up its group of eight.
        codes += [256] + [0] * 7 if start else []
        codes += data[start:start + 240]
    bits = sum(code << 9 * index for index, code in enumerate(codes))
    return b"\x1f\x9d\x90" + bits.to_bytes((9 * len(codes) + 7) // 8, "little")


def cab(files):
    names = b""
    folder = b""
    for name, data in files:
        raw = name.encode()
        names += struct.pack("<IIHHHH", len(data), len(folder), 0, 0x5C63, 0x4800, 0xA0) + raw + b"\0"
        folder += data
    start = 36 + 8
    first = start + len(names)
    data = struct.pack("<IHH", 0, len(folder), len(folder)) + folder
    head = b"MSCF" + struct.pack("<IIIIIBBHHHHH", 0, first + len(data), 0, start, 0, 3, 1, 1,
                                 len(files), 0, 0, 0)
    return head + struct.pack("<IHH", first, 1, 0) + names + data


def cpio(files):
    out = b""
    for name, data in [*files, ("TRAILER!!!", b"")]:
        raw = name.encode() + b"\0"
        fields = (1, 0o100644 if data else 0, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + raw
        out += bytes(-len(out) % 4) + data
        out += bytes(-len(out) % 4)
    return out


def ar(files):
    out = b"!<arch>\n"
    for name, data in files:
        out += b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (name.encode(), 0, 0, 0, 0o100644, len(data))
        out += data + b"\n" * (len(data) % 2)
    return out


def lha(files):
    def checksum(data):
        crc = 0
        for byte in data:
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
        return crc

    out = b""
    for name, data in files:
        raw = name.encode()
        head = b"-lh0-" + struct.pack("<IIIBBB", len(data), len(data), 0x5C634800, 0x20, 0,
                                      len(raw)) + raw + struct.pack("<H", checksum(data))
        out += bytes([len(head), sum(head) & 0xFF]) + head + data
    return out + b"\0"


def iso(volume, name, data):
    """An image with one file and no Joliet names."""
    def both(fmt, value):
        return struct.pack("<" + fmt, value) + struct.pack(">" + fmt, value)

    def record(identifier, sector, size, flags):
        body = bytes([0]) + both("I", sector) + both("I", size) + bytes([126, 3, 3, 9, 0, 0, 0])
        body += bytes([flags, 0, 0]) + both("H", 1) + bytes([len(identifier)]) + identifier
        body += bytes((len(body) + 1) % 2)
        return bytes([len(body) + 1]) + body

    root = record(b"\0", 20, 2048, 2) + record(b"\1", 20, 2048, 2)
    root += record(name.encode() + b";1", 21, len(data), 0)
    date = b"2026030309000000\0"
    main = b"\1CD001\1\0" + b" " * 32 + volume.encode().ljust(32) + bytes(8) + both("I", 30)
    main += bytes(32) + both("H", 1) + both("H", 1) + both("H", 2048) + both("I", 10)
    main += struct.pack("<II", 18, 0) + struct.pack(">II", 19, 0)
    main += record(b"\0", 20, 2048, 2) + b" " * 128 + b"MINISTERE, BUREAU TROIS".ljust(128)
    main += b" " * 256 + b" " * 111 + date * 4 + b"\1"
    path = bytes([1, 0]) + struct.pack("<IH", 20, 1) + b"\0\0"
    path_big = bytes([1, 0]) + struct.pack(">IH", 20, 1) + b"\0\0"
    sectors = [main, b"\xffCD001\1", path, path_big, root, data]
    return bytes(32768) + b"".join(part.ljust(2048, b"\0") for part in sectors) + bytes(8 * 2048)


def tool(*command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def seven_zip(files, *options):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files:
            (pathlib.Path(folder) / name).write_bytes(data)
        names = [name for name, _ in files]
        command = ["7z", "a", "-bd", "-mtm=off", "-mtc=off", "-mta=off", *options, "x.7z", *names]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        return (pathlib.Path(folder) / "x.7z").read_bytes()


def archives():
    note, clean = NOTE.encode(), CLEAN.encode()
    both = [("note.txt", note), ("menu.txt", clean)]
    wanted = [text("filename", "note.txt", ["note.txt"]),
              text("body-text", "DIFFUSION RESTREINTE", ["note.txt"]),
              text("body-text", "deuxième étage", ["menu.txt"])]

    def add(name, data, texts=wanted, gaps=(), absent=()):
        case("archives", name, data, texts, gaps, absent)

    # One of each format.
    add("deflated.zip", zipped([*both, ("SECRET DEFENSE/", b"")], b"TLP:AMBER, commentaire"),
        [*wanted, text("comment", "TLP:AMBER", location="comment of the archive"),
         text("filename", "SECRET DEFENSE/", ["SECRET DEFENSE/"])])
    add("bzip2-inside.zip", zipped(both, method=zipfile.ZIP_BZIP2))
    add("lzma-inside.zip", zipped(both, method=zipfile.ZIP_LZMA))
    add("plain.tar", tarred(both, [("lien", "NATO RESTRICTED/rapport.txt")]),
        [*wanted, text("link", "NATO RESTRICTED", ["lien"], "target of the link")])
    add("named.gz", gzipped(note, b"confidentiel defense.txt", b"NATO SECRET"),
        [text("filename", "confidentiel defense", ["confidentiel defense.txt"]),
         text("body-text", "DIFFUSION RESTREINTE", ["confidentiel defense.txt"]),
         text("comment", "NATO SECRET", location="comment of the file")])
    add("packed.tar.gz", gzipped(tarred(both)))
    only = [text("body-text", "DIFFUSION RESTREINTE")]
    add("packed.bz2", bz2.compress(note), only)
    add("packed.xz", lzma.compress(note), only)
    add("packed.lzma", lzma.compress(note, lzma.FORMAT_ALONE), only)
    add("packed.zst", tool("zstd", "-q", "-c", data=note), only)
    add("packed.lz4", tool("lz4", "-q", "-c", data=note), only)
    add("packed.lz", tool("lzip", "-c", data=note), only)
    add("packed.Z", compressed(note), only)
    add("two-files.7z", seven_zip(both))
    add("cut-off.7z", seven_zip(both)[:-10], [], [gap("truncated")], ["DIFFUSION"])
    add("version-5.rar", rar5(both, b"OFFICIAL-SENSITIVE\0"),
        [*wanted, text("comment", "OFFICIAL-SENSITIVE", location="comment of the archive")])
    add("version-4.rar", rar4([("détail.txt", note), ("menu.txt", clean)]),
        [text("filename", "détail.txt", ["détail.txt"]),
         text("body-text", "DIFFUSION RESTREINTE", ["détail.txt"]), wanted[2]])
    add("unicode-names.rar", rar4([("n表だよ/note-機é密.txt", note)]),
        [text("filename", "n表だよ/note-機é密.txt", ["n表だよ/note-機é密.txt"]),
         text("body-text", "DIFFUSION RESTREINTE", ["n表だよ/note-機é密.txt"])])
    # Names in code pages of the console that say nothing of themselves: Czech, Greek.
    names = ["VYHRAZENÉ č. 7.txt".encode("cp852"), "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ.txt".encode("cp737")]
    stand_ins = [str(index) * len(name) for index, name in enumerate(names)]
    data = zipped([(name, clean) for name in stand_ins])
    for name, stand_in in zip(names, stand_ins):
        data = data.replace(stand_in.encode(), name)
    shown = [names[0].decode("cp850"), names[1].decode("cp866")]
    add("code-pages.zip", data, [text("filename", "VYHRAZENÉ č. 7.txt", [shown[0]]),
                                 text("filename", "ΠΕΡΙΟΡΙΣΜΕΝΗΣ ΧΡΗΣΗΣ.txt", [shown[1]])])
    add("stored.cab", cab(both))
    add("portable.cpio", cpio(both))
    add("archive.a", ar(both))
    add("stored.lzh", lha(both))
    add("image.iso.gz", gzipped(iso("NATO RESTRICTED", "NOTE.TXT", note)),
        [text("metadata", "NATO RESTRICTED", location="property volume"),
         text("metadata", "MINISTERE", location="property publisher"),
         text("body-text", "DIFFUSION RESTREINTE", ["NOTE.TXT"])])

    # A twin that says nothing, and one that holds nothing.
    add("clean.zip", zipped([("menu.txt", clean)]), [wanted[2]], absent=["RESTREINTE"])
    add("empty.zip", zipped([]), [])

    # Nested in every order.
    deep = zipped([("c.tar.xz", lzma.compress(tarred([("d.rar", rar5(both))])))])
    add("nested.zip", zipped([("a.7z", seven_zip([("b.zip", deep)]))]),
        [text("body-text", "DIFFUSION RESTREINTE",
              ["a.7z", "b.zip", "c.tar.xz", "d.rar", "note.txt"])])

    # What cannot be read.
    locked = zipped(both)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = locked.find(signature)
        locked = locked[:at + offset] + b"\1" + locked[at + offset + 1:]
    add("one-encrypted.zip", locked, [wanted[0], wanted[2]], [gap("encrypted", "note.txt")],
        ["DIFFUSION"])
    add("one-encrypted.rar", rar5(both, encrypted=["note.txt"]), [wanted[0], wanted[2]],
        [gap("encrypted", "note.txt")], ["DIFFUSION"])
    add("cut-off.zip", zipped(both)[:200], wanted[:2], [gap("truncated"), gap("truncated", "menu.txt")])
    add("cut-off.tar", tarred(both)[:1800], wanted[:2],
        [gap("truncated", "menu.txt"), gap("corrupt")])
    add("cut-inside.tar", tarred([("menu.txt", clean), ("note.txt", note * 9)])[:1536 + 300],
        [wanted[2], *wanted[:2]], [gap("truncated", "note.txt"), gap("corrupt")])
    # So cut, it has few bytes that no text has.
    add("cut-off.cpio", cpio([("note.txt", note * 20), ("menu.txt", clean)])[:1200], wanted[:2],
        [gap("truncated", "note.txt"), gap("corrupt")])
    add("wrong-sum.tar", b"x" + tarred(both)[1:], [], [gap("corrupt")])
    add("no-directory.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24) + note, [], [gap("corrupt")], ["DIFFUSION"])
    add("cut-off.gz", gzipped((NOTE * 50).encode(), b"note.txt")[:-30], wanted[:2], [gap("truncated")])

    # Hidden where a program looks and another does not.
    hidden = zipped(both)
    add("unlisted.zip", unlisted(), [wanted[2], *wanted[:2]])
    twice = zipped([("x.txt", clean), ("y.txt", note)]).replace(b"y.txt", b"x.txt")
    add("same-name-twice.zip", twice, [text("body-text", "DIFFUSION RESTREINTE", ["x.txt"]),
                                       text("body-text", "deuxième étage", ["x.txt"])])
    add("after-the-end.zip", zipped([("menu.txt", clean)]) + NOTE.encode(),
        [wanted[2], text("body-text", "DIFFUSION RESTREINTE")])
    add("text-then-zip.txt", CLEAN.encode() * 3 + hidden, [*wanted[:2], text("body-text", "deuxième étage")])
    program = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(200)
    add("self-extracting.exe", program + rar5(both), wanted, [gap("unsupported")])
    add("zip-in-program.exe", program + zipped(both), wanted, [gap("unsupported")])
    add("rar-that-stores-a-zip.rar", rar5([("in.zip", zipped(both))]),
        [text("filename", "in.zip", ["in.zip"]),
         text("body-text", "DIFFUSION RESTREINTE", ["in.zip", "note.txt"])])

    # Bombs.
    flat = zipped([("zeros", bytes(20 << 20)), ("note.txt", note)])
    add("ratio.zip", flat, wanted[:2], [gap("limit", "zeros"), gap("unsupported", "zeros")])
    data = note
    for level in range(12):
        data = zipped([(f"{level}.zip" if level else "note.txt", data)])
    add("too-deep.zip", data, [text("filename", "11.zip", ["11.zip"])],
        [gap("limit", "11.zip", "10.zip", "9.zip", "8.zip", "7.zip", "6.zip", "5.zip",
             "4.zip")])
    add("twelve-times.gz", wrapped(), [], [gap("limit")])


def unlisted():
    """A ZIP whose directory leaves one of its files out."""
    whole = zipped([("note.txt", NOTE.encode()), ("menu.txt", CLEAN.encode())])
    start = whole.find(b"PK\1\2")
    second = whole.find(b"PK\1\2", start + 4)
    end = whole.find(b"PK\5\6")
    directory = whole[second:end]
    record = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), start, 0)
    return whole[:start] + directory + record


def wrapped():
    """A file packed by gzip again and again, as one that unpacks to itself would be."""
    data = NOTE.encode()
    for _ in range(12):
        data = gzipped(data)
    return data


if __name__ == "__main__":
    for program in ("7z", "zstd", "lz4", "lzip"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: apt-get install p7zip-full zstd lz4 lzip")
    shutil.rmtree(ROOT / "archives", ignore_errors=True)
    archives()
