"""A presentation of PowerPoint 97 written record by record, with what LibreOffice does not write.

Source: [MS-PPT] §2.3 to §2.6.
"""

import struct
import zlib

from described import gap, text
from compound import Storage
from compound import write as compound


def record(kind, body, instance=0, container=False):
    head = instance << 4 | (0xF if container else 0)
    return struct.pack("<HHI", head, kind, len(body)) + body


def group(kind, *parts, instance=0):
    return record(kind, b"".join(parts), instance, True)


def shape(words, kind=4, placeholder=None, properties=()):
    """A shape with its text; `kind` is that of the text, `placeholder` what it stands for."""
    parts = []
    if properties:
        table = b"".join(struct.pack("<HI", number | 0x8000, len(value)) for number, value in properties)
        parts.append(record(0xF00B, table + b"".join(value for _, value in properties), len(properties)))
    if placeholder is not None:
        parts.append(group(0xF011, record(3011, struct.pack("<IBBH", 0, placeholder, 0, 0))))
    if words:
        parts.append(group(0xF00D, record(3999, struct.pack("<I", kind)), record(4000, words.encode("utf-16-le"))))
    return group(0xF004, *parts)


def page(kind, *shapes, extra=b""):
    return group(kind, extra, group(1036, group(0xF002, group(0xF003, *shapes))))


def wide(words):
    return words.encode("utf-16-le")


def presentation(token=0xE391C05F, change=lambda stream: stream):
    """A presentation; `change` makes another stream of its records."""
    comment = group(12000, record(4026, wide("Paul"), 0), record(4026, wide("TLP:AMBER commentaire"), 1))
    hidden = record(1017, struct.pack("<IIHHI", 0, 0, 0, 4, 0)[:16])
    hidden = record(1017, bytes(10) + struct.pack("<H", 4) + bytes(4))
    objects = [
        page(1016, shape("NATO RESTRICTED pied", 4, 0x09), shape("DR en-tête", 4, 0x0A)),
        page(1006, shape("DIFFUSION RESTREINTE titre", 0, 0x0D), shape("TAMPON TLP:RED"),
             shape("", properties=[(0xC0, wide("FILIGRANE DR\0")), (0x381, wide("logo NR\0"))]),
             extra=group(5000, group(5002, record(4026, wide("___PPT10")), record(5003, comment)))),
        page(1006, shape("NATO SECRET masqué", 0, 0x0D), extra=hidden),
    ]
    old = page(1006, shape("OFFICIAL ancien", 0, 0x0D))
    storage = compound(Storage({"\1Ole10Native": struct.pack("<I", 23) + b"DIFFUSION RESTREINTE oo"}))
    packed = record(4113, struct.pack("<I", len(storage)) + zlib.compress(storage), 1)
    slides = group(
        4080, record(1011, struct.pack("<IIIII", 3, 0, 0, 256, 0)), record(3999, struct.pack("<I", 1)),
        record(4008, b"plan NR"), record(1011, struct.pack("<IIIII", 4, 0, 0, 257, 0)), instance=0)
    footers = group(4057, record(4026, wide("DR pied de page"), 2), instance=3)
    document = group(1000, record(1001, bytes(40)), slides, footers)
    stream, places = old, []
    for part in [document] + objects + [packed]:
        places.append(len(stream))
        stream += part
    directory = len(stream)
    stream += record(6002, struct.pack("<I", 1 | len(places) << 20) + struct.pack(f"<{len(places)}I", *places))
    edit = len(stream)
    stream += record(4085, struct.pack("<IIIIIIHH", 256, 0, 0, directory, 1, len(places), 1, 0))
    user = record(4086, struct.pack("<IIIHHBBH", 20, token, edit, 0, 0x3F4, 3, 0, 0))
    return compound(Storage({"PowerPoint Document": change(stream), "Current User": user}))


def documents():
    yield "records.ppt", presentation(), [
        text("body-text", "plan NR\nDIFFUSION RESTREINTE titre", "slide 1"),
        text("text-box", "TAMPON TLP:RED", "slide 1 text box 1"),
        text("text-box", "FILIGRANE DR", "slide 1 word art 1"),
        text("alternative-text", "logo NR", "slide 1 shape 1"),
        text("comment", "TLP:AMBER commentaire", "slide 1 comment 1"),
        text("hidden", "NATO SECRET masqué", "slide 2"),
        text("hidden", "OFFICIAL ancien", "earlier version of a page"),
        text("footer", "NATO RESTRICTED pied", "slide master 1"),
        text("header", "DR en-tête", "slide master 1"),
        text("footer", "DR pied de page", "slides footer"),
        text("body-text", "DIFFUSION RESTREINTE oo", path=["object 1"]),
    ], []
    yield "encrypted.ppt", presentation(0xF3D1C4DF), [], [gap("encrypted")]
