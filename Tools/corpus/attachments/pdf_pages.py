"""Pages: running headers and footers, lines from the places of glyphs."""

import random

from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfbase.pdfmetrics import stringWidth

from pdf_drawing import LINES, body, case, draw, edit, running, want


# Running headers and footers


case(
    "running-header",
    running(True),
    [
        want("header", "DIFFUSION RESTREINTE", "page 1 top"),
        want("header", "DIFFUSION RESTREINTE", "page 4 top"),
        want("footer", "NATO RESTRICTED", "page 3 bottom"),
        want("footer", "page 2 sur 4", "page 2 bottom"),
        want("body-text", "Le convoi part de Valmont", "page 3"),
        want("metadata", "Author: Service des archives", "property Author"),
    ],
)
case(
    "clean",
    running(False),
    [
        want("footer", "Note 4412/EM", "page 3 bottom"),
        want("body-text", "Le capitaine Oduya", "page 3"),
    ],
    absent=["RESTREINTE", "RESTRICTED"],
)


def artifacts(sheet):
    def marked(kind, paint):
        sheet._code.append(f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC")
        paint()
        sheet._code.append("EMC")

    sheet.setFont("Helvetica-Bold", 11)
    marked("Header", lambda: sheet.drawString(60, 730, "OFFICIAL-SENSITIVE"))
    body(sheet, LINES, top=690)
    marked("Footer", lambda: sheet.drawString(60, 90, "Annexe B"))


case(
    "artifact-marks",
    draw(artifacts),
    [
        want("header", "OFFICIAL-SENSITIVE", "page 1 top"),
        want("footer", "Annexe B", "page 1 bottom"),
        want("body-text", "Le convoi part", "page 1"),
    ],
)


def stamped(sheet):
    sheet.setFont("Helvetica-Bold", 14)
    sheet.drawCentredString(297, 815, "TLP:AMBER")
    body(sheet, LINES)
    sheet.setFont("Helvetica", 8)
    sheet.drawString(60, 20, "Exemplaire unique")


case(
    "single-page",
    draw(stamped),
    [
        want("body-text", "TLP:AMBER", "page 1 top"),
        want("body-text", "Exemplaire unique", "page 1 bottom"),
        want("body-text", "Le convoi part", "page 1"),
    ],
)


# Lines from the places of glyphs


def places(sheet):
    column_one = ["La mention qui suit est DIFFUSION", "RESTREINTE, elle couvre la note et"]
    column_two = ["Le tableau de marche est celui du", "dix mars, sans changement pour les"]
    for index in range(6):
        body(sheet, [column_one[index % 2]], top=760 - index * 13)
        body(sheet, [column_two[index % 2]], top=760 - index * 13, x=320)
    text = sheet.beginText(60, 640)
    text.setFont("Helvetica", 12)
    text.setCharSpace(9)
    text.textOut("MENTION ESPACEE")
    text.setCharSpace(0)
    sheet.drawText(text)
    letters, x = [], 60
    for letter in "SECRET DEFENSE":
        letters.append((x, letter))
        x += stringWidth(letter, "Helvetica", 12)
    random.Random(5).shuffle(letters)
    sheet.setFont("Helvetica", 12)
    for x, letter in letters:
        if letter != " ":
            sheet.drawString(x, 600, letter)
    for index, letter in enumerate("VERTICAL"):
        sheet.drawString(520, 560 - index * 15, letter)
    for shift in (0, 0.3):
        sheet.drawString(60 + shift, 560, "GRAS DOUBLE")
    sheet.saveState()
    sheet.translate(300, 330)
    sheet.rotate(52)
    sheet.setFont("Helvetica-Bold", 40)
    sheet.drawCentredString(0, 0, "NATO CONFIDENTIAL")
    sheet.restoreState()
    sheet.saveState()
    sheet.translate(580, 200)
    sheet.rotate(90)
    body(sheet, ["EN MARGE : C-M(2002)49"], top=0, x=0)
    sheet.restoreState()
    sheet.setFont("Helvetica", 10)
    sheet.drawString(700, 400, "HORS DU CADRE")
    for index, cells in enumerate([("Niveau", "DR", "4"), ("Unite", "2e BIM", "11")]):
        for column, cell in enumerate(cells):
            sheet.drawString(60 + column * 90, 160 - index * 14, cell)
    sheet.drawString(60, 120, "la note porte une res-")
    sheet.drawString(60, 108, "triction de diffusion, OFFICIAL-")
    sheet.drawString(60, 96, "SENSITIVE au besoin")


case(
    "places",
    draw(places),
    [
        want("body-text", "DIFFUSION\nRESTREINTE", "page 1"),
        want("body-text", "celui du\ndix mars", "page 1"),
        want("body-text", "MENTION ESPACEE", "page 1"),
        want("body-text", "SECRET DEFENSE", "page 1"),
        want("body-text", "VERTICAL", "page 1"),
        want("body-text", "\nGRAS DOUBLE\n", "page 1"),
        want("body-text", "NATO CONFIDENTIAL", "page 1"),
        want("body-text", "EN MARGE : C-M(2002)49", "page 1"),
        want("body-text", "Niveau\tDR\t4\nUnite\t2e BIM\t11", "page 1"),
        want("body-text", "OFFICIAL-SENSITIVE", "page 1"),
        want("hidden", "HORS DU CADRE", "page 1 outside the visible part"),
    ],
)


def rotated(pdf):
    for page in pdf.pages:
        page.Rotate = 90


def sideways(number):
    def paint(sheet):
        # A person sees the page turned clockwise: its top edge is the left one of the page.
        sheet.saveState()
        sheet.translate(30, 421)
        sheet.rotate(90)
        sheet.setFont("Helvetica-Bold", 12)
        sheet.drawCentredString(0, 0, "VS-NUR FUER DEN DIENSTGEBRAUCH")
        sheet.translate(-300, -200)
        body(sheet, [f"Blatt {number}."] + LINES, top=0, x=0)
        sheet.restoreState()

    return paint


case(
    "rotated",
    edit(draw(*(sideways(number) for number in range(3))), rotated),
    [
        want("header", "VS-NUR FUER DEN DIENSTGEBRAUCH", "page 2 top"),
        want("body-text", "Les equipes du lieutenant Marchand", "page 2"),
    ],
)


def layers(pdf):
    group = pdf.make_indirect(
        Dictionary(Type=Name.OCG, Name=String("Calque CONFIDENTIEL DEFENSE"))
    )
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group]))
    )
    pdf.Root.PageLabels = Dictionary(
        Nums=Array([0, Dictionary(S=Name.D, P=String("DR-"))])
    )
    page = pdf.pages[0]
    page.Resources.Properties = Dictionary(Hidden=group)
    page.contents_add(
        b"/OC /Hidden BDC BT /F1 12 Tf 60 600 Td (CALQUE MASQUE) Tj ET EMC\n"
        b"BT 3 Tr /F1 12 Tf 60 560 Td (COUCHE INVISIBLE) Tj 0 Tr ET\n"
        b"/Span <</ActualText (TEXTE REEL)>> BDC BT /F1 12 Tf 60 520 Td (xxxx) Tj ET EMC\n"
    )


case(
    "layers",
    edit(draw(lambda sheet: body(sheet, LINES)), layers),
    [
        want("body-text", "CALQUE MASQUE", "page 1"),
        want("body-text", "COUCHE INVISIBLE", "page 1"),
        want("body-text", "TEXTE REEL", "page 1"),
        want("metadata", "Calque CONFIDENTIEL DEFENSE", "layer"),
        want("metadata", "DR-", "page label"),
    ],
)
