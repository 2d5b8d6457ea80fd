#!/usr/bin/env python3
"""Makes Corpus/attachments/images: images, and what each must give.

Every byte is written here, so that the result is the same on every machine.

Run: Tools/corpus/attachments/images.py
"""

import base64
import shutil
import struct
import zlib

from cases import NOTE, OCR, ROOT, case, gap, text
from containers import rar5, zipped


def exif(entries, big=False, extra=()):
    """A TIFF with texts: (tag, type, bytes)."""
    order = ">" if big else "<"
    body = b""
    table = b""
    entries = sorted([*entries, *extra])
    start = 8 + 2 + 12 * len(entries) + 4
    for tag, kind, data in entries:
        head = struct.pack(order + "HHI", tag, kind, len(data))
        if len(data) <= 4:
            table += head + data.ljust(4, b"\0")
        else:
            table += head + struct.pack(order + "I", start + len(body))
            body += data + bytes(len(data) % 2)
    head = (b"MM\0*" if big else b"II*\0") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "H", len(entries)) + table + bytes(4) + body


def xmp():
    return ('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"'
            ' pdfx:MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name="Confidential"'
            ' pdfx:Classification="Restricted">'
            '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">UE RESTREINT &amp; plus</rdf:li>'
            "</rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>TLP:RED</rdf:li>"
            "<rdf:li>plan</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
            '<?xpacket end="w"?>').encode()


XMP = [
    text("label", "MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Confidential",
         location="property pdfx:MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name"),
    text("label", "Classification: Restricted", location="property pdfx:Classification"),
    text("metadata", "UE RESTREINT & plus", location="property dc:description"),
    text("metadata", "TLP:RED\nplan", location="property dc:subject"),
]
EXIF = [
    (0x010E, 2, b"DIFFUSION RESTREINTE\0"), (0x013B, 2, b"Camille Servant\0"),
    (0x8298, 2, "Ministère, NE PAS DIFFUSER".encode() + b"\0"),
    (0x9286, 7, b"UNICODE\0" + "NATO CONFIDENTIAL".encode("utf-16-le")),
    (0x9C9C, 1, "SECRET DÉFENSE".encode("utf-16-le") + b"\0\0"),
    (0x9C9E, 1, "TLP:AMBER;carte".encode("utf-16-le") + b"\0\0"),
]
EXIF_TEXTS = [
    text("metadata", "DIFFUSION RESTREINTE", location="property ImageDescription"),
    text("metadata", "Camille Servant", location="property Artist"),
    text("metadata", "Ministère, NE PAS DIFFUSER", location="property Copyright"),
    text("metadata", "NATO CONFIDENTIAL", location="property UserComment"),
    text("metadata", "SECRET DÉFENSE", location="property XPComment"),
    text("metadata", "TLP:AMBER", location="property XPKeywords"),
]
IPTC_TEXTS = [
    text("metadata", "Légende : OTAN DIFFUSION RESTREINTE", location="property Caption-Abstract"),
    text("metadata", "sensible\nplan", location="property Keywords"),
    text("metadata", "Ne pas publier", location="property SpecialInstructions"),
]


def iptc():
    out = b"\x1c\x01\x5a\0\3\x1b%G"
    for number, value in ((120, "Légende : OTAN DIFFUSION RESTREINTE"), (25, "sensible"), (25, "plan"),
                          (40, "Ne pas publier")):
        raw = value.encode()
        out += struct.pack(">BBBH", 0x1C, 2, number, len(raw)) + raw
    return out


def resources(data):
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)


def segment(kind, data):
    return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data


def jpeg(*segments):
    frame = segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x55\xff\x00\x12"
    return b"\xff\xd8" + b"".join(segments) + segment(0xDB, bytes(65)) + frame + scan + b"\xff\xd9"


def png(*chunks):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    for kind, data in chunks:
        out += chunk(kind, data)
    return out + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def gif(*blocks):
    pixel = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + b"".join(blocks) + pixel + b";"


def sub_blocks(data):
    return b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255]
                    for i in range(0, len(data), 255)) + b"\0"


def webp(*chunks):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
                              for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heif(tiff, packet):
    def box(kind, data):
        return struct.pack(">I", len(data) + 8) + kind + data

    def full(kind, version, data):
        return box(kind, struct.pack(">I", version << 24) + data)

    first = struct.pack(">I", 0) + tiff
    infos = full(b"infe", 2, struct.pack(">HH", 1, 0) + b"Exif\0")
    infos += full(b"infe", 2, struct.pack(">HH", 2, 0) + b"mime\0application/rdf+xml\0")
    kinds = full(b"iinf", 0, struct.pack(">H", 2) + infos)
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(start):
        places = struct.pack(">BBH", 0x44, 0, 2)
        places += struct.pack(">HHHII", 1, 0, 1, start, len(first))
        places += struct.pack(">HHHII", 2, 0, 1, start + len(first), len(packet))
        return full(b"meta", 0, full(b"hdlr", 0, bytes(20)) + kinds + full(b"iloc", 0, places))

    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", first + packet)


def images():
    def add(name, data, texts, gaps=(OCR,), absent=()):
        case("images", name, data, texts, gaps, absent)

    camera = b"Exif\0\0" + exif(EXIF)
    adobe = b"http://ns.adobe.com/xap/1.0/\0" + xmp()
    press = b"Photoshop 3.0\0" + resources(iptc())
    comment = text("metadata", "SECRET UE", location="property Comment")
    full = jpeg(segment(0xE1, camera), segment(0xE1, adobe), segment(0xED, press),
                segment(0xFE, b"SECRET UE"))
    add("everything.jpg", full, [*EXIF_TEXTS, *XMP, *IPTC_TEXTS, comment])
    # As a photograph of the fixtures of GMime has it.
    add("misnamed-packet.jpg", jpeg(segment(0xE1, b"XMP\0://ns.adobe.com/xap/1.0/\0" + xmp())), XMP)
    half = len(xmp()) // 2
    pieces = [b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">II", len(xmp()), at)
              + xmp()[at:end] for at, end in ((0, half), (half, len(xmp())))]
    add("extended.jpg", jpeg(*[segment(0xE1, piece) for piece in reversed(pieces)]), XMP)
    add("clean.jpg", jpeg(segment(0xFE, b"photo de vacances")),
        [text("metadata", "photo de vacances", location="property Comment")],
        absent=["RESTREINTE", "SECRET"])
    add("cut-off.jpg", full[:-40], EXIF_TEXTS, [OCR, gap("truncated")])
    add("text-after-the-end.jpg", jpeg() + NOTE.encode(), [text("body-text", "DIFFUSION RESTREINTE")])
    add("rar-after-the-end.jpg", jpeg() + rar5([("note.txt", NOTE.encode())]),
        [text("body-text", "DIFFUSION RESTREINTE", ["note.txt"])])
    add("zip-after-the-end.jpg", jpeg() + zipped([("note.txt", NOTE.encode())]),
        [text("body-text", "DIFFUSION RESTREINTE", ["note.txt"])])
    add("big-endian.jpg", jpeg(segment(0xE1, b"Exif\0\0" + exif(EXIF, big=True))), EXIF_TEXTS)

    utf8 = "MENTION : ACCÈS RESTREINT".encode()
    add("texts.png", png(
        (b"tEXt", b"Comment\0DIFFUSION RESTREINTE"),
        (b"tEXt", b"Classification\0Restricted"),
        (b"zTXt", b"Description\0\0" + zlib.compress(b"NATO RESTRICTED")),
        (b"iTXt", b"Title\0\0\0fr\0Titre\0" + utf8),
        (b"iTXt", b"Warning\0\1\0\0\0" + zlib.compress(b"TLP:RED")),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
        (b"eXIf", exif(EXIF)),
    ), [
        text("metadata", "DIFFUSION RESTREINTE", location="property Comment"),
        text("label", "Classification: Restricted", location="property Classification"),
        text("metadata", "NATO RESTRICTED", location="property Description"),
        text("metadata", "ACCÈS RESTREINT", location="property Title"),
        text("metadata", "TLP:RED", location="property Warning"), *XMP, *EXIF_TEXTS])
    profile = b"\niptc\n      %d\n" % len(resources(iptc())) + resources(iptc()).hex().encode() + b"\n"
    add("raw-profile.png", png((b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(profile))),
        IPTC_TEXTS)
    bomb = zlib.compress(bytes(30 << 20), 9)
    add("bomb.png", png((b"zTXt", b"Comment\0\0" + bomb), (b"tEXt", b"Title\0NATO RESTRICTED")),
        [text("metadata", "NATO RESTRICTED", location="property Title")], [OCR, gap("limit")])
    add("gif.gif", gif(b"!\xfe" + sub_blocks(b"DIFFUSION RESTREINTE"),
                       b"!\xff\x0bXMP DataXMP" + xmp() + bytes([1, *range(255, -1, -1), 0])),
        [text("metadata", "DIFFUSION RESTREINTE", location="property Comment"), *XMP])
    add("webp.webp", webp((b"VP8X", b"\x0c" + bytes(9)), (b"VP8L", b"\x2f" + bytes(9)),
                          (b"EXIF", exif(EXIF)), (b"XMP ", xmp())), [*EXIF_TEXTS, *XMP])
    add("little.tif", exif([*EXIF, (0x02BC, 1, xmp()), (0x83BB, 7, iptc())]),
        [*EXIF_TEXTS, *XMP, *IPTC_TEXTS])
    loop = bytearray(exif(EXIF))
    loop[8 + 2 + 12 * len(EXIF):8 + 2 + 12 * len(EXIF) + 4] = struct.pack("<I", 8)
    add("circle.tif", bytes(loop), EXIF_TEXTS)
    nested = exif([(0x010E, 2, b"innermost\0")])
    for _ in range(12):
        body = b"8BIM\x04\x22\0\0" + struct.pack(">I", len(nested)) + nested + bytes(len(nested) % 2)
        nested = exif([(0x010E, 2, b"DIFFUSION RESTREINTE\0"), (0x8649, 1, body)])
    add("tags-in-tags.tif", nested, EXIF_TEXTS[:1], [OCR, gap("limit")], ["innermost"])
    again = [(0x010E, 2, b"DIFFUSION RESTREINTE " * 40 + b"\0")]
    one = bytearray(exif(again))
    many = b"II*\0" + struct.pack("<IH", 8, 400)
    many += b"".join(one[10:18] + struct.pack("<I", 8 + 2 + 400 * 12 + 4) for _ in range(400))
    add("same-bytes-again.tif", many + bytes(4) + again[0][2], EXIF_TEXTS[:1], [OCR, gap("limit")])
    add("apple.heic", heif(exif(EXIF), xmp()), [*EXIF_TEXTS, *XMP], [gap("unsupported")])
    bitmap = b"BM" + struct.pack("<IIIIiiHHIIiiII", 58, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0)
    add("plain.bmp", bitmap + bytes(4), [])
    add("text-after-the-end.bmp", bitmap + bytes(4) + NOTE.encode(),
        [text("body-text", "DIFFUSION RESTREINTE")])

    svg = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- CONFIDENTIEL -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
<title>TLP:AMBER</title><desc>OFFICIAL-SENSITIVE</desc>
<metadata>{xmp().decode().split("?>", 1)[1].rsplit("<?", 1)[0]}</metadata>
<style>text {{ fill: red }}</style>
<text x="1" y="2"><tspan>DIFFUSION</tspan> <tspan dy="1">RESTREINTE</tspan></text>
<text>NATO <![CDATA[<RESTRICTED>]]> &#233;t&#xe9;</text>
<a xlink:href="https://intranet.invalid/secret-ue"><text>lien</text></a>
<image xlink:href="data:image/png;base64,{b64(png((b"tEXt", b"Comment" + bytes(1) + b"SECRET UE")))}"/>
</svg>
"""
    add("drawing.svg", svg.encode(), [
        text("body-text", "DIFFUSION RESTREINTE\nNATO <RESTRICTED> été\nlien"),
        text("alternative-text", "TLP:AMBER", location="title"),
        text("alternative-text", "OFFICIAL-SENSITIVE", location="desc"),
        text("comment", "CONFIDENTIEL", location="comment in the source"),
        text("link", "secret-ue", location="link"),
        text("metadata", "SECRET UE", ["embedded document 1"], "property Comment"), *XMP],
        [gap("component-missing", "embedded document 1")], ["fill: red"])
    add("entities.svg", b'<!DOCTYPE svg [<!ENTITY a "SECRET">]><svg><text>&a; OTAN</text></svg>',
        [text("body-text", "OTAN")], [gap("unsupported")])
    add("drawing-utf-16.svg", ('<?xml version="1.0" encoding="UTF-16"?><svg><text>TLP:RED été</text>'
                               "</svg>").encode("utf-16"), [text("body-text", "TLP:RED été")], [])


def b64(data):
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    shutil.rmtree(ROOT / "images", ignore_errors=True)
    images()
