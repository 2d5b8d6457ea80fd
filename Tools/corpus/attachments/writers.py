#!/usr/bin/env python3
"""Makes Corpus/attachments/writers: what real programs leave in their files and what no format asks for.

Each of these was a gap, or words that were missed, in documents that other people made (the fixtures of well-known
readers). Every byte is written here, so that the result is the same on every machine.

Run: Tools/corpus/attachments/writers.py
"""

import bz2
import lzma
import struct
import zlib

import mail
import office_odf
import old_office
import slides
from compound import SUMMARY, Storage, property_set
from compound import write as compound
from cases import CLEAN, NOTE, ROOT, case, gap, text
from office_parts import custom_properties, zipped
from office_word import para, simple
from rtf_cases import ole1, plain_metafile

FOLDER = "writers"
WORDS = "DIFFUSION RESTREINTE"


def rar3(members):
    """A RAR of version 3 as WinRAR makes it: packed files, and folders that need no more than version 2.0.

    A packed file is one block of literals in a fixed code: nine bits a letter, one bit for the end that never comes.

    Source: libarchive 3.6.2, archive_read_support_format_rar.c (parse_codes, create_code).
    """
    def block(kind, flags, rest, data=b""):
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data

    def packed(data):
        bits = "00"  # Lempel-Ziv; the table is a new one.
        # Lengths of the code for lengths: two bits each for 1, 9, 17 (repeat) and 19 (zeros).
        bits += "".join(f"{2 if number in (1, 9, 17, 19) else 0:04b}" for number in range(20))
        bits += "01" + "10" + f"{138 - 11:07b}" + "10" + f"{117 - 11:07b}"  # 256 times nine,
        bits += "00" + "11" + f"{80 - 11:07b}" + "11" + f"{67 - 11:07b}"  # once one, 147 times nothing.
        bits += "".join(f"1{letter:08b}" for letter in data)
        bits += "0" * 64
        return bytes(int(bits[place : place + 8].ljust(8, "0"), 2) for place in range(0, len(bits), 8))

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, data in members:
        raw = name.encode()
        body = b"" if data is None else packed(data)
        flags, version, method = (0x80E0, 20, 0x30) if data is None else (0x8000, 29, 0x33)
        rest = struct.pack("<IIBIIBBHI", len(body), len(data or b""), 2, zlib.crc32(data or b""), 0x5C634800,
                           version, method, len(raw), 0x10 if data is None else 0x20)
        out += block(0x74, flags, rest + raw, body)
    return out + block(0x7B, 0x4000, b"")


def east_asian_word():
    """A Word document for East Asia, saved fast: pieces of one byte a letter and of two, in the order of a table."""
    head = bytearray(0x300)
    pieces = [("DIFFUSION ".encode("utf-16-le"), 10), (b"REST", 4), ("REINTE 部外秘\r".encode("utf-16-le"), 11)]
    body, places, ends = b"", [], [0]
    for data, count in reversed(pieces):
        places.insert(0, len(head) + len(body))
        body += data + bytes(16)
    for _, count in pieces:
        ends.append(ends[-1] + count)
    table = struct.pack(f"<{len(ends)}I", *ends)
    table += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\2" + struct.pack("<I", len(table)) + table
    struct.pack_into("<HHHHHH", head, 0, 0xA699, 0x68, 0, 0x411, 0, 4)
    struct.pack_into("<II", head, 0x18, len(head), len(head) + len(body))
    struct.pack_into("<I", head, 0x34, ends[-1])
    struct.pack_into("<II", head, 0x160, len(head) + len(body), len(clx))
    return compound(Storage({"WordDocument": bytes(head) + body + clx}))


def drawing():
    """A PDF of one page with lines and no words, whose table of objects points beside them."""
    page = b"0 0 1 RG 72 72 m 300 500 l S\n"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n" % len(page) + page + b"endstream",
    ]
    out = b"%PDF-1.4\n"
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % (60 * n) for n in range(1, 5))
    return out + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def blocks(stream):
    """A stream of PowerPoint that goes on after zeros with what an earlier save left, and with half a record."""
    old = slides.page(1006, slides.shape("OFFICIAL d'avant", 0, 0x0D))
    return stream.ljust(-(-len(stream) // 4096) * 4096 + 5, b"\0") + old + bytes(3)


def documents():
    note, clean = NOTE.encode(), CLEAN.encode()
    yield "folder.rar", rar3([("note.txt", note), ("dossier", None), ("dossier/menu.txt", clean)]), [
        text("body-text", WORDS, ["note.txt"]), text("body-text", "déjeuner", ["dossier/menu.txt"])], []
    other = [{"id": lzma.FILTER_LZMA1, "preset": 6, "lc": 4, "lp": 0, "pb": 2}]
    yield "other-properties.lzma", lzma.compress(note, lzma.FORMAT_ALONE, filters=other), [
        text("body-text", WORDS)], []
    for name, data in [("xz", lzma.compress(b"")), ("bz2", bz2.compress(b"")), ("lzma", lzma.compress(b"", lzma.FORMAT_ALONE)),
                       ("zst", bytes.fromhex("28b52ffd2400010000 99e9d851"))]:
        yield f"nothing.{name}", data, [], []
        if name != "bz2":
            yield f"nothing-cut.{name}", data[:-5], [], [gap("truncated")]
    korean = "대외비\n회의 기록입니다. 다리 공사는 시월에 시작합니다.\n"
    yield "iso-2022-kr.txt", korean.encode("iso2022_kr"), [text("body-text", "대외비")], []
    yield "holes.txt", "取扱注意\n会議の記録です。橋の工事は十月に始まります。".encode("shift_jis") + b"\x85\x41\x85\x42\n", [
        text("body-text", "取扱注意")], [gap("encoding")]
    item = Storage({"Item": b"<note xmlns='urn:x'>NATO RESTRICTED donnees</note>", "Properties": b"<p/>"})
    stores = ole1(b"Msxml2.SAXXMLReader.6.0", compound(Storage())) + b"}{\\*\\datastore " + ole1(
        b"Msxml2.SAXXMLReader.6.0", compound(Storage({"MsoDataStore": Storage({"A": item})})))
    yield "stores.rtf", rb"{\rtf1 " + WORDS.encode() + rb"{\*\datastore " + stores + b"}}", [
        text("body-text", WORDS), text("body-text", "NATO RESTRICTED donnees", ["object A"])], []
    plist = b"\2\0\0\0\1\0\0\0\x0f\x18\0\0<?xml version='1.0'?><!DOCTYPE plist><plist><a>\xff</a>"
    yield "custom.docx", zipped(simple(para("corps")) + [
        ("docProps/custom.xml", custom_properties([("AppVersion", "NATO RESTRICTED 15.0000"), ("Pages", "12")])),
        # 0x3C in the size of a picture is no tag.
        ("word/media/image1.wmf", plain_metafile()[:6] + b"\x3c" + plain_metafile()[7:]),
        ("word/printerSettings/printerSettings1.bin", plist)]), [
        text("body-text", "corps"),
        text("metadata", "AppVersion: NATO RESTRICTED 15.0000", location="property AppVersion"),
        text("metadata", "Pages: 12", location="property Pages"),
        text("body-text", "NATO RESTRICTED", ["word/media/image1.wmf"])], []
    yield "east-asia.doc", east_asian_word(), [text("body-text", "DIFFUSION RESTREINTE 部外秘")], []
    western = [(b"Times New Roman", 0), (b"Symbol", 2), (b"Times New Roman Cyr", 204), (b"Times New Roman CE", 238)]
    runs = [("Réunion : ".encode("cp1252"), 0), ("Для служебного пользования".encode("cp1251"), 2), (b" \x96 ", 0),
            ("Vyhrazené, před lety".encode("cp1250"), 3)]
    yield "fonts.doc", compound(Storage({"WordDocument": old_office.word95(0xA5DC, western, runs)})), [
        text("body-text", "Réunion : Для служебного пользования – Vyhrazené, před lety")], []
    for magic, charset, encoding, words in [
        (0xA697, 128, "cp932", "取扱注意 会議の記録です NATO RESTRICTED"), (0xA698, 129, "cp949", "대외비 회의 기록"),
        (0xA699, 134, "cp936", "内部资料 会议记录"), (0xA699, 136, "cp950", "機密文件 會議記錄"),
    ]:
        fonts = [(b"Times New Roman", 0), (b"Mincho", charset)]
        stream = old_office.word95(magic, fonts, [(old_office.paired(words, encoding), 1)], width=2)
        yield f"pairs-{encoding}.doc", compound(Storage({"WordDocument": stream})), [text("body-text", words)], []
    yield "powerpoint-95.ppt", compound(Storage({
        "PowerPoint Document": bytes(4) + b"\x04\x05\xff\xff" * 8, "Text_Content": b"Titre\rNATO RESTRICTED \xe9t\xe9\r",
        "\5SummaryInformation": property_set([(SUMMARY, {2: "objet"}, {})])})), [
        text("body-text", "Titre\nNATO RESTRICTED été")], [gap("unsupported")]
    yield "zeros.ppt", slides.presentation(change=blocks), [
        text("text-box", "TAMPON TLP:RED", location="slide 1 text box 1"),
        text("hidden", "OFFICIAL d'avant", location="earlier version of a page")], []
    yield "lines.pdf", drawing(), [], []
    for version in (2, 3, 4):
        gaps = [gap("unsupported")] if version > 2 else []
        yield f"excel-{version}.xls", old_office.sheet(version, WORDS), [
            text("table-cell", WORDS, location="sheet '?'!A1"), text("header", WORDS + " en-tête", location="sheet '?' header"),
            text("table-cell", WORDS + " calcul", location="sheet '?'!B2"), text("table-cell", "2.5", location="sheet '?'!A2")], gaps
    yield "excel-4-book.xls", old_office.book(WORDS), [
        text("table-cell", WORDS, location="sheet 'Budget'!A1"), text("comment", WORDS + " note", location="sheet 'Budget'!A1 comment"),
        text("metadata", "Marque", location="defined name")], [gap("unsupported")]
    yield "word-2.doc", old_office.word2("Compte rendu à garder", WORDS), [
        text("body-text", "Compte rendu à garder"), text("header", WORDS, location="headers")], []
    words = [old_office.drawn("Graphique à barres", 10), old_office.drawn(WORDS + " \u2013 Ελλάδα", 20, wide=True),
             old_office.drawn("части", 30)]
    mask = bytes([0x62, 0x19, 0x09, 0x25, 1, 2, 0xB2, 0xAC, 2])
    dots = b"BM" + struct.pack("<IIIIiiHHIIiiII", 58, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + bytes(4)
    change = "<text:tracked-changes><text:changed-region><text:insertion><office:change-info><dc:creator>Camille SECRET" \
        "</dc:creator></office:change-info></text:insertion></text:changed-region></text:tracked-changes>"
    note = office_odf.p("corps<office:annotation><dc:creator>Anaïs Martin</dc:creator>" + office_odf.p("avis")
                        + "</office:annotation>")
    yield "replacement.odt", office_odf.package("text", [
        ("content.xml", office_odf.part("document-content", f"<office:body><office:text>{change}{note}</office:text>"
                                        "</office:body>")),
        ("ObjectReplacements/Object 1", old_office.starview(words)),
        ("ObjectReplacements/Object 2", old_office.starview([(119, 1, dots + mask + dots)])),
        ("Fonts/Font.ttf", b"\0\1\0\0\0\1" + bytes(range(256)))]), [
        text("body-text", "Graphique à barres\n" + WORDS + " \u2013 Ελλάδα\nчасти", ["ObjectReplacements/Object 1"]),
        text("metadata", "Anaïs Martin", location="comment 1 author"), text("comment", "avis", location="comment 1"),
        text("metadata", "Camille SECRET", location="author of a change")], [
            gap("component-missing", "ObjectReplacements/Object 2")]
    yield "cut-off.svm", old_office.starview(words[:2], count=3), [text("body-text", WORDS)], [gap("truncated")]
    yield "trash.docx", zipped(simple(para(WORDS)) + [("[trash]/0000.dat", b"\xff" * 4 + bytes(120))]), [
        text("body-text", WORDS)], []
    yield "armoured.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA8b1b0Y0\n=abcd\n-----END PGP MESSAGE-----\n", [
        text("body-text", "hQEMA8b1b0Y0")], [gap("encrypted")]
    # The line end of a mail after the last attribute.
    yield from damaged()
    yield "line-end.dat", mail.winmail() + b"\r\n", [text("body-text", WORDS)], []


def damaged():
    """Documents that programs still open, or of which a part is there, though what says how to read them is not."""
    # Programs find the objects from the end.
    yield "headless.pdf", bytes(8) + (ROOT / "pdf" / "labels.pdf").read_bytes()[8:], [
        text("label", "Classification: NATO RESTRICTED", location="property Classification")], []
    # A RAR of version 5 that ends inside the header of its first file.
    start = b"Rar!\x1a\x07\x01\x00" + bytes.fromhex("c51a3332" "03010000")
    yield "header-cut.rar", start + bytes.fromhex("3e65146f" "17" "0202dd02"), [], [gap("truncated")]
    ancient = rar3([("note.txt", NOTE.encode())])
    yield "header-cut-3.rar", ancient[: ancient.index(b"note.txt")], [], [gap("truncated")]
    # The directory of a compound file stands behind its streams here; without it they are letters.
    body = "\n".join(f"{WORDS} ligne {number} du message" for number in range(60))
    message = compound(Storage({"__properties_version1.0": bytes(32), "__substg1.0_1000001F": body.encode("utf-16-le")}))
    yield "lost-directory.msg", message[: message.index("Root Entry".encode("utf-16-le"))], [
        text("body-text", WORDS + " ligne 59 du message", location="damaged file")], [gap("corrupt")]
    whole = (ROOT / "doc" / "roles.doc").read_bytes()
    yield "lost-streams.doc", whole[: len(whole) * 9 // 10], [text("body-text", WORDS + " corps, été.")], [gap("corrupt")]


if __name__ == "__main__":
    for name, data, texts, gaps in documents():
        case(FOLDER, name, data, texts, gaps)
