"""How documents of Corpus/attachments/pdf are drawn, and described beside it."""

import io
import json
import pathlib

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "Corpus/attachments/pdf"
GUID = "3f2a8c10-5b7d-4e66-9a21-0c4d7e91b8aa"

made = {}


def case(name, data, texts=(), gaps=(), absent=(), ending="pdf"):
    """Keeps a document and its description."""
    description = {"file": f"{name}.{ending}", "texts": list(texts)}
    if gaps:
        description["gaps"] = [g if isinstance(g, dict) else {"reason": g} for g in gaps]
    if absent:
        description["absent"] = list(absent)
    made[f"{name}.{ending}"] = data
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    made[f"{name}.case.json"] = text.encode()


def want(role, text, location="", path=None):
    found = {"role": role, "location": location, "text": text}
    if path:
        found["path"] = path
    return found


def draw(*pages, **options):
    """A document of pages, each a function that draws on a canvas."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A4, invariant=1, **options)
    sheet.setProducer("Vigie corpus")
    sheet.setAuthor("Service des archives")
    for page in pages:
        page(sheet)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def edit(data, change, **options):
    """A document after a change of its objects."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


def body(sheet, lines, top=700, x=60, size=10, step=14):
    sheet.setFont("Helvetica", size)
    for index, line in enumerate(lines):
        sheet.drawString(x, top - index * step, line)


LINES = [
    "Le convoi part de Valmont a six heures et rejoint le depot par la route nord.",
    "Les equipes du lieutenant Marchand tiennent le carrefour jusqu'a midi.",
    "Le capitaine Oduya rend compte au poste de commandement chaque heure.",
]


def running(marked):
    def page(number):
        def paint(sheet):
            sheet.setFont("Helvetica-Bold", 11)
            if marked:
                sheet.drawCentredString(297, 812, "DIFFUSION RESTREINTE")
            sheet.setFont("Helvetica", 8)
            sheet.drawString(60, 24, f"Note 4412/EM - page {number} sur 4")
            if marked:
                sheet.drawRightString(535, 24, "NATO RESTRICTED")
            body(sheet, [f"Paragraphe {number}."] + LINES)

        return paint

    return draw(*(page(number) for number in range(1, 5)))
