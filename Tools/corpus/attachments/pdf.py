#!/usr/bin/env python3
"""Makes the PDF documents of Corpus/attachments/pdf and what each of them must give.

    . Tools/lib/common.sh
    "$(python_with pdf reportlab==5.1.0 pikepdf==10.18.0)" Tools/corpus/attachments/pdf.py [--check]

The same bytes come out each time: nothing in a document is drawn by lot or depends on the clock.
--check makes them in memory and says which differ. Persons and units are invented.
"""

import io
import json
import pathlib
import random
import sys
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
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


# Running headers and footers


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


# Objects around the pages


def label(pdf):
    info = pdf.trailer.Info
    info[f"/MSIP_Label_{GUID}_Name"] = String("Confidentiel")
    info[f"/MSIP_Label_{GUID}_Enabled"] = String("true")
    info["/Classification"] = String("NATO RESTRICTED")
    info["/Title"] = String("Compte rendu - DIFFUSION RESTREINTE é")
    xmp = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:bjDocumentSecurityLabel="Highly Confidential"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Instructions="TLP:RED &amp; rien d'autre">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Pour le cabinet, SECRET</rdf:li></rdf:Alt></dc:description>
<pdfx:MSIP_Label_{GUID}_SiteId>0b1c2d3e-0000-4111-8222-333344445555</pdfx:MSIP_Label_{GUID}_SiteId>
<pdfx:Niveauↂ0020deↂ0020diffusion>interne</pdfx:Niveauↂ0020deↂ0020diffusion>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    stream = pikepdf.Stream(pdf, xmp.encode())
    stream.Type = Name.Metadata
    stream.Subtype = Name.XML
    pdf.Root.Metadata = stream


case(
    "labels",
    edit(draw(lambda sheet: body(sheet, LINES)), label),
    [
        want("label", f"MSIP_Label_{GUID}_Name=Confidentiel", f"property MSIP_Label_{GUID}_Name"),
        want("label", "_SiteId=0b1c2d3e", f"property MSIP_Label_{GUID}_SiteId"),
        want("metadata", "Classification: NATO RESTRICTED", "property Classification"),
        want("metadata", "Title: Compte rendu - DIFFUSION RESTREINTE é", "property Title"),
        want("metadata", "bjDocumentSecurityLabel: Highly Confidential", "XMP"),
        want("metadata", "Instructions: TLP:RED & rien d'autre", "XMP"),
        want("metadata", "description: Pour le cabinet, SECRET", "XMP"),
        want("metadata", "Niveau de diffusion: interne", "XMP"),
    ],
)


def nato_label(pdf):
    xmp = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""><slab:originatorConfidentialityLabel xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0">
<slab:ConfidentialityInformation><slab:PolicyIdentifier>NATO</slab:PolicyIdentifier><slab:Classification>RESTRICTED</slab:Classification>
</slab:ConfidentialityInformation></slab:originatorConfidentialityLabel></rdf:Description></rdf:RDF></x:xmpmeta>"""
    pdf.Root.Metadata = pikepdf.Stream(pdf, xmp.encode())


case(
    "stanag-label",
    edit(draw(lambda sheet: body(sheet, LINES)), nato_label),
    [
        want("label", "<slab:Classification>RESTRICTED</slab:Classification>", "XMP"),
        want("metadata", "PolicyIdentifier: NATO\nClassification: RESTRICTED", "XMP"),
    ],
)


def annotate(pdf):
    page = pdf.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    def drawn(text):
        stream = pikepdf.Stream(pdf, b"BT /F 14 Tf 4 8 Td (" + text + b") Tj ET")
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox = Array([0, 0, 220, 30])
        stream.Resources = Dictionary(Font=Dictionary(F=font))
        return Dictionary(N=stream)

    def add(y, **keys):
        return pdf.make_indirect(
            Dictionary(Type=Name.Annot, Rect=Array([300, y, 520, y + 30]), F=4, **keys)
        )

    note = add(500, Subtype=Name.Text, Contents=String("Commentaire : SECRET"), T=String("Oduya"))
    annotations = [
        add(560, Subtype=Name.Stamp, AP=drawn(b"TAMPON NATO SECRET"), Name=Name("/#23Stamp1")),
        add(
            530,
            Subtype=Name.FreeText,
            Contents=String("Encadré DIFFUSION RESTREINTE"),
            DA=String("/Helv 10 Tf"),
            AP=drawn(b"Encadr\\351 DIFFUSION RESTREINTE"),
        ),
        note,
        add(470, Subtype=Name.Popup, Parent=note),
        add(
            440,
            Subtype=Name.Highlight,
            Contents=String("surligné"),
            RC=String("<body><p>Riche <b>TLP:</b>RED</p></body>"),
        ),
        add(
            410,
            Subtype=Name.Link,
            A=Dictionary(S=Name.URI, URI=String("https://intranet.example/DR/4412")),
        ),
        add(380, Subtype=Name.Stamp, AP=drawn(b"TAMPON CACHE"), Contents=String("cachet")),
        pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.FileAttachment,
                Rect=Array([60, 380, 80, 400]),
                Contents=String("voir la pièce"),
                FS=specification(pdf, "épingle.txt", "Pièce épinglée : OTAN SECRET".encode()),
            )
        ),
    ]
    annotations[6].F = 2
    page.Annots = Array(annotations)
    with pdf.open_outline() as outline:
        chapter = pikepdf.OutlineItem("1. Situation (DR)", 0)
        chapter.children.append(pikepdf.OutlineItem("1.1 CONFIDENTIEL DEFENSE", 0))
        outline.root.append(chapter)


def specification(pdf, name, data, text=""):
    stream = pikepdf.Stream(pdf, data)
    stream.Type = Name.EmbeddedFile
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            Desc=String(text),
            EF=Dictionary(F=stream),
        )
    )


case(
    "annotations",
    edit(draw(lambda sheet: body(sheet, LINES)), annotate),
    [
        want("annotation", "TAMPON NATO SECRET", "page 1"),
        want("annotation", "Encadré DIFFUSION RESTREINTE", "page 1"),
        want("annotation", "Commentaire : SECRET", "page 1"),
        want("annotation", "Riche TLP:RED", "page 1"),
        want("annotation", "TAMPON CACHE", "page 1"),
        want("link", "https://intranet.example/DR/4412", "page 1"),
        want("bookmark", "1. Situation (DR)\n1.1 CONFIDENTIEL DEFENSE", "bookmarks"),
        want("filename", "épingle.txt", path=["épingle.txt"]),
        want("body-text", "OTAN SECRET", path=["épingle.txt"]),
    ],
)


def attach(pdf):
    inner = running(True)
    files = [
        ("annexe A (DR).txt", "Annexe : DIFFUSION RESTREINTE".encode(), "annexe classifiée"),
        ("note.pdf", inner, ""),
    ]
    names = Array()
    for name, data, text in files:
        names.append(String(name))
        names.append(specification(pdf, name, data, text))
    leaf = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([leaf])))


case(
    "attached-files",
    edit(draw(lambda sheet: body(sheet, LINES)), attach),
    [
        want("filename", "annexe A (DR).txt", path=["annexe A (DR).txt"]),
        want("body-text", "Annexe : DIFFUSION RESTREINTE", path=["annexe A (DR).txt"]),
        want("metadata", "annexe classifiée", "description of an attached file"),
        want("header", "DIFFUSION RESTREINTE", "page 2 top", ["note.pdf"]),
    ],
)


def form(pdf):
    def field(name, **keys):
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, Rect=Array([60, 400, 200, 420]),
                T=String(name), **keys,
            )
        )

    level = field(
        "niveau",
        FT=Name.Ch,
        V=String("DR"),
        TU=String("Niveau de protection"),
        Opt=Array([Array([String("DR"), String("DIFFUSION RESTREINTE")]), String("NP")]),
    )
    person = field("nom", FT=Name.Tx, V=String("Adèle Marchand, SPECIAL FRANCE"))
    parent = pdf.make_indirect(Dictionary(T=String("demande"), Kids=Array([level, person])))
    level.Parent = person.Parent = parent
    check = field("case", FT=Name.Btn, V=Name("/Oui"), MK=Dictionary(CA=String("TLP:GREEN")))
    xfa = b"<template><field name='a'><caption><value><text>XFA NATO RESTRICTED</text></value></caption></field></template>"
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([parent, check]),
        XFA=Array([String("template"), pikepdf.Stream(pdf, xfa)]),
    )
    pdf.pages[0].Annots = Array([level, person, check])
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(
            Names=Array(
                [
                    String("init"),
                    Dictionary(S=Name.JavaScript, JS=String("app.alert('Document TRES SECRET');")),
                ]
            )
        )
    )


case(
    "form",
    edit(draw(lambda sheet: body(sheet, LINES)), form),
    [
        want("form-field", "DIFFUSION RESTREINTE", "form field 'demande.niveau'"),
        want("form-field", "Niveau de protection", "form field 'demande.niveau'"),
        want("form-field", "SPECIAL FRANCE", "form field 'demande.nom'"),
        want("form-field", "TLP:GREEN", "form field 'case'"),
        want("form-field", "XFA NATO RESTRICTED", "XFA form"),
        want("metadata", "TRES SECRET", "script"),
    ],
)


def figure(pdf):
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String("Carte marquée NATO SECRET"))
    )
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([element]))
    element.P = pdf.Root.StructTreeRoot


case(
    "alternative-text",
    edit(draw(lambda sheet: body(sheet, LINES)), figure),
    [want("alternative-text", "Carte marquée NATO SECRET", "alternative texts")],
)


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


def main():
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
            print(f"{FOLDER.name}/{name} is not what Tools/corpus/attachments/pdf.py makes")
        sys.exit(1 if stale else 0)


main()
