"""Documents such as people send, one folder a format, for Tools/bench/documents.

    python Tools/bench/made_documents.py FOLDER COUNT [FORMAT…]

Words are drawn by lot with a fixed seed, so any machine reads the same words. What no free library
writes (DOC, XLS, PPT) is multiplied from Corpus/attachments.
"""
import email.message
import io
import mailbox
import pathlib
import random
import struct
import subprocess
import sys
import tarfile
import zipfile

import docx
import openpyxl
import pptx
from odf import opendocument, style, table, text
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "Corpus" / "attachments"
sys.path.insert(0, str(ROOT / "Tools" / "corpus" / "attachments"))

import compound  # noqa: E402: it lies beside what makes the Corpus

WORDS = """le la les de des du et en un une pour par sur dans avec réunion projet note service budget équipe suivi dossier
point demande réponse semaine calendrier compte rendu mission bureau direction version document annexe tableau données
the of and to in for with meeting report team schedule review access request annual delivery plan figures""".split()
# What is multiplied: the ordinary cases, no bomb and none that is damaged.
MULTIPLIED = {
    "doc": ["doc/roles.doc"], "xls": ["xls/roles.xls"], "ppt": ["ppt/libreoffice.ppt"],
}


class Lot:
    """Words by lot."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def words(self, count):
        return " ".join(self.random.choices(WORDS, k=count))

    def paragraphs(self, count, words=60):
        return [self.words(self.random.randint(words // 2, words * 2)).capitalize() + "." for _ in range(count)]


def pdf(lot):
    file = io.BytesIO()
    sheet = canvas.Canvas(file, pagesize=A4, invariant=1)
    for number in range(1, 9):
        sheet.setFont("Helvetica", 8)
        sheet.drawString(60, 810, "Direction des projets - compte rendu")
        sheet.drawString(60, 30, f"page {number}")
        sheet.setFont("Times-Roman", 10)
        for line in range(52):
            sheet.drawString(60, 780 - line * 14, lot.words(13))
        sheet.showPage()
    sheet.save()
    return file.getvalue()


def word(lot):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Direction des projets"
    document.sections[0].footer.paragraphs[0].text = "Page"
    for paragraph in lot.paragraphs(80):
        document.add_paragraph(paragraph)
    grid = document.add_table(12, 4)
    for row in grid.rows:
        for cell in row.cells:
            cell.text = lot.words(3)
    return saved(document)


def workbook(lot):
    book = openpyxl.Workbook()
    for name in ("Budget", "Effectifs"):
        sheet = book.create_sheet(name)
        for row in range(400):
            sheet.append([lot.words(2), lot.words(4), row, row * 1.5, lot.words(1), f"=C{row + 1}*2"])
    return saved(book)


def slides(lot):
    show = pptx.Presentation()
    for _ in range(15):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = lot.words(5)
        slide.placeholders[1].text = "\n".join(lot.words(9) for _ in range(6))
        slide.notes_slide.notes_text_frame.text = lot.words(40)
    return saved(show)


def odt(lot):
    document = opendocument.OpenDocumentText()
    for paragraph in lot.paragraphs(80):
        document.text.addElement(text.P(text=paragraph))
    return saved(document)


def ods(lot):
    document = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Budget")
    for _ in range(150):
        row = table.TableRow()
        for _ in range(5):
            cell = table.TableCell(valuetype="string")
            cell.addElement(text.P(text=lot.words(3)))
            row.addElement(cell)
        sheet.addElement(row)
    document.spreadsheet.addElement(sheet)
    return saved(document)


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def rtf(lot):
    body = "".join(r"\pard\plain\fs22 " + escaped(p) + "\\par\n" for p in lot.paragraphs(80))
    return (r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Calibri;}}" + "\n" + body + "}").encode("ascii")


def escaped(words):
    return "".join(c if c.isascii() else f"\\'{c.encode('cp1252')[0]:02x}" for c in words)


def mail(lot):
    message = email.message.EmailMessage()
    message["From"], message["To"] = "Ana <ana@example.org>", "Bo <bo@example.org>"
    message["Subject"] = lot.words(6)
    message.set_content("\n\n".join(lot.paragraphs(10)))
    message.add_alternative(html(lot).decode(), subtype="html")
    message.add_attachment(word(lot), maintype="application", subtype="octet-stream", filename="note.docx")
    return message.as_bytes()


def letters(lot):
    """A mailbox of 20 letters without attachments."""
    parts = []
    for _ in range(20):
        message = mailbox.mboxMessage()
        message["From"], message["Subject"] = "ana@example.org", lot.words(6)
        message["Content-Type"] = "text/plain; charset=utf-8"
        message.set_payload("\n\n".join(lot.paragraphs(8)).encode())
        parts.append(b"From ana@example.org Thu Jan  1 00:00:00 1970\n" + message.as_bytes() + b"\n")
    return b"".join(parts)


def outlook(lot):
    """A message of Outlook with a text attached.

    Source: [MS-OXMSG] §2.4 (properties stream); [MS-OXPROPS] for the numbers.
    """
    def storage(texts, streams, numbers, header, children=()):
        fixed = b"".join(struct.pack("<IIII", tag, 6, value, 0) for tag, value in numbers)
        parts = {"__properties_version1.0": bytes(header) + fixed, **dict(children)}
        parts |= {f"__substg1.0_{tag:04X}001F": text.encode("utf-16-le") for tag, text in texts}
        parts |= {f"__substg1.0_{tag:04X}0102": data for tag, data in streams}
        return compound.Storage(parts)

    attached = storage([(0x3707, "note.txt")], [(0x3701, plain(lot))], [(0x37050003, 1)], 8)
    nobody = storage([], [], [], 8)
    names = compound.Storage({f"__substg1.0_000{number}0102": b"" for number in (2, 3, 4)})
    return compound.write(storage(
        [(0x001A, "IPM.Note"), (0x0037, lot.words(6)), (0x0C1A, "Ana"), (0x0E04, "Bo"),
         (0x1000, "\r\n\r\n".join(lot.paragraphs(10)))],
        [], [(0x340D0003, 0x40000)], 32,
        [("__attach_version1.0_#00000000", attached), ("__recip_version1.0_#00000000", nobody),
         ("__nameid_version1.0", names)]))


def html(lot):
    rows = "".join(f"<div class=\"p\"><p>{p}</p><a href=\"https://example.org/\">{lot.words(3)}</a></div>\n"
                   for p in lot.paragraphs(80))
    return f"<!DOCTYPE html><html><head><title>Note</title></head><body>{rows}</body></html>".encode()


def plain(lot):
    return "\n\n".join(lot.paragraphs(200)).encode()


def packed(lot):
    """A ZIP of texts, such as an export of minutes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(12):
            archive.writestr(f"minutes/{number}.txt", plain(lot))
    return file.getvalue()


def tarball(lot, option):
    """A TAR of texts, packed by the program tar."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for number in range(12):
            data = plain(lot)
            member = tarfile.TarInfo(f"minutes/{number}.txt")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return subprocess.run(option, input=file.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def photo(lot):
    """A picture of a scene: no words in it, camera data beside it."""
    small = Image.new("RGB", (80, 60))
    small.putdata([tuple(lot.random.randrange(256) for _ in range(3)) for _ in range(80 * 60)])
    exif = Image.Exif()
    exif[0x010E] = lot.words(6)
    file = io.BytesIO()
    small.resize((1600, 1200), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85, exif=exif)
    return file.getvalue()


MAKERS = {
    "pdf": pdf, "docx": word, "xlsx": workbook, "pptx": slides, "odt": odt, "ods": ods, "rtf": rtf, "eml": mail,
    "mbox": letters, "msg": outlook, "html": html, "txt": plain, "zip": packed,
    "tar.gz": lambda lot: tarball(lot, ["gzip", "-n"]), "tar.xz": lambda lot: tarball(lot, ["xz"]),
    "tar.zst": lambda lot: tarball(lot, ["zstd", "-q"]),
    "7z": lambda lot: tarball(lot, ["bsdtar", "-c", "-f", "-", "--format=7zip", "@-"]), "jpg": photo,
}


def multiplied(names, index):
    """A document of the Corpus whose bytes no other has, so that no cache knows them."""
    data = bytearray((CORPUS / names[index % len(names)]).read_bytes())
    # The class of the header, which nothing reads. Source: [MS-CFB] §2.2.
    data[8:12] = index.to_bytes(4, "little")
    return bytes(data)


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for name in sys.argv[3:] or [*MAKERS, *MULTIPLIED]:
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for index in range(count):
            if name in MAKERS:
                data = MAKERS[name](Lot(f"{name} {index}"))
            else:
                data = multiplied(MULTIPLIED[name], index)
            (place / f"{index:04}.{name}").write_bytes(data)


main()
