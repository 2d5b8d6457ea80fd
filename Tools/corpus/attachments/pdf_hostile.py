"""Hostile and damaged documents."""

import io
import zlib

import pikepdf

from pdf_drawing import GUID, body, case, draw, running, want


# Hostile and damaged documents


def seal(user):
    """A document encrypted for a password; the key is the same each time for lack of entropy only
    with RC4, whose files hold no random bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(running(True))) as pdf:
        pdf.save(
            out,
            static_id=True,
            encryption=pikepdf.Encryption(owner="gardien", user=user, R=3, aes=False, metadata=False),
        )
    return out.getvalue()


case(
    "owner-password",
    seal(""),
    [want("header", "DIFFUSION RESTREINTE", "page 1 top")],
)
case("user-password", seal("sesame"), gaps=["encrypted"])

packet = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description
 pdfx:MSIP_Label_{GUID}_Name="VS-NfD"/></rdf:RDF></x:xmpmeta>""".encode()


def assemble(objects, trailer):
    """A file of numbered objects, written by hand."""
    out = b"%PDF-1.6\n"
    offsets = []
    for number, body_bytes in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body_bytes + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R " % (len(objects) + 1) + trailer + b" >>\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def stream(data, keys=b""):
    return b"<< /Length %d " % len(data) + keys + b" >>\nstream\n" + data + b"\nendstream"


case(
    "rights-managed",
    assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R >>",
            b"<< /Type /Pages /Kids [] /Count 0 >>",
            stream(packet, b"/Type /Metadata /Subtype /XML"),
            b"<< /Filter /MicrosoftIRMServices /V 1 /MicrosoftIRMVersion 2 >>",
        ],
        b"/Encrypt 4 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]",
    ),
    [want("label", f"MSIP_Label_{GUID}_Name=VS-NfD", f"property MSIP_Label_{GUID}_Name")],
    gaps=["encrypted"],
)

whole = running(True)
case(
    "truncated",
    whole[: len(whole) * 3 // 4],
    [],
    gaps=["truncated", "corrupt"],
)
case(
    "junk-before",
    b"From the scanner of the post room\r\n\r\n" + whole,
    [want("header", "DIFFUSION RESTREINTE", "page 1 top")],
)
case("no-objects", b"%PDF-1.7\n" + bytes(range(256)) * 4, gaps=["corrupt", "truncated"])


def image(sheet):
    from reportlab.lib.utils import ImageReader
    from PIL import Image

    picture = Image.new("L", (60, 80), 200)
    sheet.drawImage(ImageReader(picture), 0, 0, 595, 842)


case("scan", draw(image), gaps=["component-missing"])

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
WORDS = b"BT /F 12 Tf 60 600 Td (DIFFUSION RESTREINTE) Tj ET"

case(
    "circles",
    assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R /AcroForm << /Fields [8 0 R] >> "
            b"/Names << /EmbeddedFiles 9 0 R /JavaScript 9 0 R >> /StructTreeRoot 10 0 R "
            b"/OpenAction 11 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 2 0 R 3 0 R] /Count 3 >>",
            PAGE,
            stream(WORDS),
            FONT,
            b"<< /First 7 0 R >>",
            b"<< /Title (RONDE) /First 7 0 R /Next 7 0 R >>",
            b"<< /T (ronde) /V (SECRET) /Parent 8 0 R /Kids [8 0 R] >>",
            b"<< /Kids [9 0 R] >>",
            b"<< /K 10 0 R /Alt (ronde) >>",
            b"<< /S /JavaScript /JS (ronde) /Next 11 0 R >>",
        ],
        b"",
    ),
    [
        want("body-text", "DIFFUSION RESTREINTE", "page 1"),
        want("bookmark", "RONDE", "bookmarks"),
        want("metadata", "ronde", "script"),
    ],
    # The tree says that there are three pages, and there is one.
    gaps=["corrupt"],
)

# Two layers of Flate: 80 bytes that would unpack to 8 MiB, small enough to hurt nobody.
layers_of_flate = zlib.compress(zlib.compress(b" " * (8 << 20) + WORDS, 9), 9)
case(
    "bomb-contents",
    assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE,
            stream(layers_of_flate, b"/Filter [/FlateDecode /FlateDecode]"),
            FONT,
        ],
        b"",
    ),
    [want("body-text", "DIFFUSION RESTREINTE", "page 1")],
)
case(
    "bomb-attachment",
    assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(b) 6 0 R] >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE,
            stream(WORDS),
            FONT,
            b"<< /Type /Filespec /F (bombe.txt) /EF << /F 7 0 R >> >>",
            stream(layers_of_flate, b"/Filter [/FlateDecode /FlateDecode]"),
        ],
        b"",
    ),
    [
        want("body-text", "DIFFUSION RESTREINTE", "page 1"),
        want("filename", "bombe.txt", path=["bombe.txt"]),
    ],
    gaps=[{"reason": "limit", "path": ["bombe.txt"]}],
)


def appended(data, objects, count, trailer=b""):
    """A document that was saved by appending new objects, such as those of a page that was cleaned."""
    before = int(data.rpartition(b"startxref\n")[2].split()[0])
    out, table = data, b"xref\n"
    for number, new in objects.items():
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n" % number + new + b"\nendobj\n"
    start = len(out)
    table += b"trailer\n<< /Size %d /Root 1 0 R /Prev %d " % (count + 1, before) + trailer + b" >>\n"
    return out + table + b"startxref\n%d\n%%%%EOF\n" % start


def saying(words):
    return stream(b"BT /F1 10 Tf 60 700 Td (" + words + b") Tj ET")


first = assemble(
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE,
        saying(b"Note DIFFUSION RESTREINTE du cabinet"),
        FONT,
        b"<< /Classification (NATO RESTRICTED) >>",
    ],
    b"/Info 6 0 R",
)
second = appended(first, {4: saying(b"Note du bureau, TLP:RED"), 6: b"<< /Title (Note) >>"}, 6, b"/Info 6 0 R")
case(
    "earlier-revisions",
    appended(second, {4: saying(b"Note du bureau")}, 6, b"/Info 6 0 R"),
    [
        want("body-text", "Note du bureau", "page 1"),
        want("hidden", "Note du bureau, TLP:RED", "page 1 of an earlier revision"),
        want("hidden", "Note DIFFUSION RESTREINTE du cabinet", "page 1 of an earlier revision"),
        want("label", "Classification: NATO RESTRICTED", "property Classification of an earlier revision"),
    ],
)
# What is appended mostly leaves the pages as they are, such as a signature: nothing is said twice.
case(
    "same-revisions",
    appended(first, {6: b"<< /Classification (NATO RESTRICTED) /Title (Note) >>"}, 6, b"/Info 6 0 R"),
    [
        want("body-text", "DIFFUSION RESTREINTE", "page 1"),
        want("label", "Classification: NATO RESTRICTED", "property Classification"),
    ],
)


def thousand():
    with pikepdf.open(io.BytesIO(draw(lambda sheet: body(sheet, ["NATO RESTRICTED"])))) as pdf:
        first = pdf.pages[0]
        for _ in range(999):
            pdf.pages.append(first)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


case(
    "thousand-pages",
    thousand(),
    [want("body-text", "NATO RESTRICTED", "page 500")],
    gaps=["limit"],
)
