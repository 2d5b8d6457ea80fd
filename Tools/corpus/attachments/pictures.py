#!/usr/bin/env python3
"""Makes Corpus/attachments/ocr: pictures with words drawn in them, and what reading them must give.

    . Tools/lib/common.sh
    "$(python_with pictures pillow==12.0.0)" Tools/corpus/attachments/pictures.py [--check]

The same bytes come out each time: the only lots are drawn from a fixed seed, and the font is the one
inside Pillow. --check makes them in memory and says which differ. Persons and units are invented.

`recognized` says which words reading must give and where, `missed` what cannot be read all the same;
`gaps` is what stands there without a reader of pictures. In `clean` ones no rule finds anything.
"""
import io
import json
import pathlib
import random
import struct
import sys
import zipfile
import zlib

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "Corpus" / "attachments" / "ocr"
made = {}


def case(name, data, recognized=(), gaps=("component-missing",), missed=(), clean=False, absent=()):
    """Keeps a document and its description."""
    assert len(data) < 60_000, (name, len(data))
    made[name] = data
    wanted = {
        "file": name,
        "gaps": [g if isinstance(g, dict) else {"reason": g} for g in gaps],
        "recognized": [r if isinstance(r, dict) else {"text": r} for r in recognized],
        "missed": [g if isinstance(g, dict) else {"reason": g} for g in missed],
    }
    if clean:
        wanted["clean"] = True
    if absent:
        wanted["absent"] = list(absent)
    made[name + ".case.json"] = (json.dumps(wanted, ensure_ascii=False, indent=2) + "\n").encode()


def page(lines, size=(900, 560), ink=0, paper=255, mode="L"):
    """A sheet with lines: (x, y, height of the letters, words)."""
    sheet = Image.new(mode, size, paper)
    pen = ImageDraw.Draw(sheet)
    for x, y, height, words in lines:
        pen.text((x, y), words, font=ImageFont.load_default(height), fill=ink)
    return sheet


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


NOTE = [
    (260, 24, 34, "DIFFUSION RESTREINTE"),
    (60, 130, 24, "Compte rendu de la reunion du 3 mars"),
    (60, 190, 22, "Les travaux du pont reprennent lundi, sous la"),
    (60, 226, 22, "conduite de Camille Servant, chef du service."),
    (60, 300, 22, "Une copie va au bureau des plans."),
]
CLEAN = [
    (300, 24, 34, "MENU DE LA SEMAINE"),
    (60, 130, 24, "Lundi : soupe de legumes, poisson du jour"),
    (60, 190, 22, "Mardi : salade verte, gratin de pommes de terre"),
    (60, 226, 22, "Mercredi : le restaurant est ferme"),
]


def paper_noise(picture, seed):
    """Grain and a slight blur, as from a scanner."""
    lot = random.Random(seed)
    small = Image.new("L", (picture.width // 4, picture.height // 4))
    small.putdata([lot.randrange(20) for _ in range(small.width * small.height)])
    grain = small.resize(picture.size, Image.Resampling.NEAREST)
    gray = picture.convert("L").filter(ImageFilter.GaussianBlur(0.8))
    out = Image.new("L", picture.size)
    out.putdata([max(0, p - g) for p, g in zip(gray.getdata(), grain.getdata())])
    return out


def zipped(members):
    """A ZIP whose bytes are the same on every machine."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Default Extension="png" ContentType="image/png"/><Override PartName="{part}" ContentType="{kind}"/></Types>')
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relation(kind, target):
    return RELATIONS.format(f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>')


def letter(picture):
    """A Word document with one picture."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = ('<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>Voir le plan joint.</w:t></w:r></w:p></w:body></w:document>")
    return zipped({
        "[Content_Types].xml": TYPES.format(part="/word/document.xml", kind=kind),
        "_rels/.rels": relation("officeDocument", "word/document.xml"),
        "word/document.xml": body,
        "word/_rels/document.xml.rels": relation("image", "media/image1.png"),
        "word/media/image1.png": picture,
    })


def slides(picture):
    """A presentation of one slide with one picture."""
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    types = TYPES.format(part="/ppt/presentation.xml", kind=kind).replace(
        "</Types>",
        '<Override PartName="/ppt/slides/slide1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.presentationml.slide+xml"/></Types>')
    return zipped({
        "[Content_Types].xml": types,
        "_rels/.rels": relation("officeDocument", "ppt/presentation.xml"),
        "ppt/presentation.xml": f'<?xml version="1.0"?><p:presentation {space}/>',
        "ppt/_rels/presentation.xml.rels": relation("slide", "slides/slide1.xml"),
        "ppt/slides/slide1.xml": f'<?xml version="1.0"?><p:sld {space}><p:cSld/></p:sld>',
        "ppt/slides/_rels/slide1.xml.rels": relation("image", "../media/image1.png"),
        "ppt/media/image1.png": picture,
    })


def scan(*pictures):
    """A PDF whose pages are JPEG pictures and nothing else."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for picture in pictures:
        data = saved(picture, "JPEG", quality=40)
        first = len(objects) + 1
        kids.append(b"%d 0 R" % first)
        content = b"q 595 0 0 370 0 400 cm /I Do Q"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources"
            b" << /XObject << /I %d 0 R >> >> >>" % (first + 1, first + 2),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
            b" /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream"
            % (picture.width, picture.height, len(data), data),
        ]
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, places = b"%PDF-1.7\n", []
    for index, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def marked():
    note = page(NOTE)
    case("scan.png", saved(note, "PNG"), ["DIFFUSION RESTREINTE", "Camille Servant"])
    case("grain.jpg", saved(paper_noise(note, 3), "JPEG", quality=45), ["DIFFUSION RESTREINTE"])
    screen = page([(14, 10, 14, "NATO RESTRICTED"), (14, 40, 13, "Please read the plan before the call."),
                   (14, 60, 13, "The second bridge opens in spring.")], (360, 90))
    case("screen.png", saved(screen, "PNG"), ["NATO RESTRICTED", "second bridge"])
    banner = page([(30, 20, 30, "TLP:RED"), (200, 20, 30, "OFFICIAL-SENSITIVE")], (620, 80),
                  (255, 255, 255), (170, 20, 20), "RGB")
    case("banner.jpg", saved(banner, "JPEG", quality=80), ["OFFICIAL-SENSITIVE"])
    turned = note.rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    case("held-sideways.jpg", saved(turned, "JPEG", quality=45, exif=exif), ["DIFFUSION RESTREINTE"])
    case("fax.tif",
         saved(page(CLEAN).convert("1"), "TIFF", compression="group4", save_all=True,
               append_images=[note.convert("1")]),
         [{"location": "image 1", "text": "MENU"}, {"location": "image 2", "text": "DIFFUSION RESTREINTE"}])
    case("drawn.gif", saved(note.convert("P"), "GIF"), ["DIFFUSION RESTREINTE"])
    case("drawn.bmp", saved(page([(10, 10, 26, "SECRET UE")], (230, 60)).convert("1"), "BMP"), ["SECRET UE"])
    case("drawn.webp", saved(note, "WEBP", quality=50), ["DIFFUSION RESTREINTE"])
    stamp = [{"path": ["word/media/image1.png"], "text": "DIFFUSION RESTREINTE"}]
    missing = [{"path": ["word/media/image1.png"], "reason": "component-missing"}]
    case("letter.docx", letter(saved(note, "PNG")), stamp, missing)
    stamp = [{"path": ["ppt/media/image1.png"], "text": "DIFFUSION RESTREINTE"}]
    missing = [{"path": ["ppt/media/image1.png"], "reason": "component-missing"}]
    case("talk.pptx", slides(saved(note, "PNG")), stamp, missing)
    case("scan.pdf", scan(paper_noise(page(CLEAN), 5), paper_noise(note, 7)),
         [{"location": "page 1", "text": "MENU"}, {"location": "page 2", "text": "DIFFUSION RESTREINTE"}])


def clean():
    case("clean.png", saved(page(CLEAN), "PNG"), ["MENU DE LA SEMAINE"], clean=True)
    case("clean.pdf", scan(paper_noise(page(CLEAN), 11)), [{"location": "page 1", "text": "gratin"}], clean=True)
    lot = random.Random(13)
    rubble = Image.new("L", (200, 150))
    rubble.putdata([lot.randrange(256) for _ in range(200 * 150)])
    case("rubble.png", saved(rubble, "PNG"), clean=True)
    hatch = Image.new("L", (500, 400), 255)
    pen = ImageDraw.Draw(hatch)
    for _ in range(400):
        x, y = lot.randrange(500), lot.randrange(400)
        pen.line((x, y, x + lot.randrange(-30, 30), y + lot.randrange(-30, 30)), fill=lot.randrange(128), width=2)
    for _ in range(60):
        x, y, r = lot.randrange(500), lot.randrange(400), lot.randrange(3, 30)
        pen.arc((x, y, x + r, y + 2 * r), 0, lot.randrange(360), fill=0, width=3)
    case("strokes.png", saved(hatch, "PNG"), clean=True)
    logo = Image.new("RGB", (240, 240), (255, 255, 255))
    pen = ImageDraw.Draw(logo)
    pen.ellipse((20, 20, 220, 220), fill=(30, 60, 160))
    pen.polygon([(60, 180), (120, 50), (180, 180)], fill=(250, 250, 250))
    case("logo.gif", saved(logo.convert("P"), "GIF"), clean=True)
    case("dot.png", saved(Image.new("L", (8, 8), 0), "PNG"), clean=True)


def hostile():
    head = b"\x89PNG\r\n\x1a\n"
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = head + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(100_000), 9)) + chunk(b"IEND", b"")
    case("bomb.png", bomb, missed=["limit"], clean=True)
    whole = saved(page(NOTE), "PNG")
    case("cut.png", whole[: len(whole) // 2], gaps=["component-missing", "truncated"],
         missed=["truncated", "corrupt"], clean=True)
    lies = saved(page(CLEAN, (300, 200)), "PNG")
    size = struct.pack(">IIBBBBB", 3_000, 2_000, 8, 0, 0, 0, 0)
    case("lies.png", lies[:8] + chunk(b"IHDR", size) + lies[33:], missed=["corrupt"], clean=True)


def main():
    marked()
    clean()
    hostile()
    stale = []
    for name, data in sorted(made.items()):
        path = FOLDER / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_bytes() != data:
                stale.append(name)
            continue
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if "--check" in sys.argv[1:]:
        stale += sorted(p.name for p in FOLDER.iterdir() if p.name not in made)
        for name in stale:
            print(f"{FOLDER.name}/{name} is not what Tools/corpus/attachments/pictures.py makes")
        sys.exit(1 if stale else 0)


main()
