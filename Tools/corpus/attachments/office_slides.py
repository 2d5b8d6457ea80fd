"""Workbooks and presentations of the Corpus."""

import struct

from office_parts import (LINK, OFFICE, PROPERTIES, PROPERTY_TEXTS, XML, case, gap, relationships,
                          text, types, zipped)

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R = f"{OFFICE}/relationships"


def sheet_part(root, body):
    """A part of SpreadsheetML."""
    return f'{XML}<{root} xmlns="{S}" xmlns:r="{R}">{body}</{root}>'


def cells(*rows):
    """Rows of (attributes, cells as (reference, type, content))."""
    out = ""
    for number, (attributes, row) in enumerate(rows, 1):
        out += f'<row r="{number}" {attributes}>'
        for reference, kind, content in row:
            out += f'<c r="{reference}"' + (f' t="{kind}"' if kind else "") + f">{content}</c>"
        out += "</row>"
    return f"<sheetData>{out}</sheetData>"


WORKBOOK = sheet_part(
    "workbook",
    '<sheets><sheet name="Budget" sheetId="1" r:id="rId1"/>'
    '<sheet name="SECRET onglet" sheetId="2" state="veryHidden" r:id="rId2"/></sheets>'
    "<definedNames><definedName name=\"SECRET_nom\">Budget!$A$1</definedName>"
    "<definedName name=\"_xlnm.Print_Area\">Budget!$A$1</definedName></definedNames>")

SHEET = sheet_part(
    "worksheet",
    '<cols><col min="3" max="3" hidden="1"/></cols>'
    + cells(
        ("", [("A1", "s", "<v>0</v>"), ("B1", "inlineStr", "<is><t>SECRET en ligne</t></is>"),
              ("C1", "inlineStr", "<is><t>SECRET colonne</t></is>")]),
        ('hidden="1"', [("A2", "inlineStr", "<is><t>SECRET rangée</t></is>")]),
        ("", [("A3", "", "<v>2.95109912611193E14</v>"), ("B3", "", "<v>42</v>"),
              ("C3", "b", "<v>1</v>")]),
        ("", [("A4", "str", '<f>"DIFFUSION "&amp;"RESTREINTE"</f><v>DIFFUSION RESTREINTE</v>')]))
    + '<dataValidations><dataValidation type="list" promptTitle="Marque" prompt="SECRET aide" '
      'error="SECRET refus" sqref="B7"><formula1>"SECRET choix,autre"</formula1>'
      "</dataValidation></dataValidations>"
      '<hyperlinks><hyperlink ref="A1" r:id="rId3" tooltip="SECRET infobulle"/></hyperlinks>'
      '<headerFooter><oddHeader>&amp;L&amp;"Arial,Gras"&amp;12&amp;K01+034DIFFUSION RESTREINTE'
      "&amp;CPage &amp;P</oddHeader><oddFooter>&amp;RNATO RESTRICTED</oddFooter>"
      "<firstHeader>SECRET premier</firstHeader></headerFooter>")

CHART = (f'{XML}<c:chartSpace xmlns:c="{C}" xmlns:a="{A}"><c:title><a:p><a:r><a:t>SECRET titre'
         "</a:t></a:r></a:p></c:title><c:cat><c:strRef><c:f>Budget!$A$1</c:f><c:strCache><c:pt>"
         "<c:v>SECRET catégorie</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numCache>"
         "<c:pt><c:v>1234567</c:v></c:pt></c:numCache></c:val></c:chartSpace>")

BOOK = [
    ("[Content_Types].xml", types([("xl/workbook.xml", "spreadsheetml.sheet.main")])),
    ("_rels/.rels", relationships(("officeDocument", "xl/workbook.xml"))),
    ("xl/workbook.xml", WORKBOOK),
    ("xl/_rels/workbook.xml.rels", relationships(
        ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"),
        ("sharedStrings", "sharedStrings.xml"))),
    ("xl/worksheets/sheet1.xml", SHEET),
    ("xl/worksheets/sheet2.xml", sheet_part("worksheet", cells(
        ("", [("B7", "inlineStr", "<is><t>SECRET invisible</t></is>")])))),
    ("xl/worksheets/_rels/sheet1.xml.rels", relationships(
        ("comments", "../comments1.xml"), ("drawing", "../drawings/drawing1.xml"),
        ("hyperlink", LINK, True),
        ("threadedComment", "../threadedComments/threadedComment1.xml"))),
    ("xl/drawings/_rels/drawing1.xml.rels", relationships(("chart", "../charts/chart1.xml"))),
    ("xl/sharedStrings.xml", sheet_part(
        "sst", "<si><r><t>DIFFUSION </t></r><r><t>RESTREINTE</t></r><rPh><t>SECRET ruby</t></rPh>"
        "</si><si><t>SECRET de personne</t></si>")),
    ("xl/comments1.xml", sheet_part(
        "comments", "<commentList><comment ref=\"B7\"><text><t>SECRET noté</t></text></comment>"
        "</commentList>")),
    ("xl/threadedComments/threadedComment1.xml",
     '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
     'threadedcomments"><threadedComment ref="C9"><text>SECRET en fil</text></threadedComment>'
     "</ThreadedComments>"),
    ("xl/drawings/drawing1.xml",
     f'{XML}<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{A}"><xdr:sp><xdr:nvSpPr><xdr:cNvPr id="1" '
     'name="Zone" descr="SECRET décrit"/></xdr:nvSpPr><xdr:txBody><a:p><a:r><a:t>SECRET dessiné'
     "</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"),
    ("xl/charts/chart1.xml", CHART),
    ("xl/styles.xml", sheet_part("styleSheet", "<numFmts><numFmt numFmtId=\"164\" formatCode="
                                 "'\"SECRET format\" 0'/></numFmts>")),
    ("xl/connections.xml", sheet_part(
        "connections", '<connection name="SECRET base"><dbPr command="SELECT SECRET FROM t"/>'
        "</connection>")),
    ("xl/externalLinks/externalLink1.xml", sheet_part(
        "externalLink", "<externalBook><sheetNames><sheetName val=\"SECRET ailleurs\"/>"
        "</sheetNames><sheetData><cell r=\"A1\" t=\"str\"><v>SECRET tampon</v></cell></sheetData>"
        "</externalBook>")),
    ("xl/pivotCache/pivotCacheDefinition1.xml", sheet_part(
        "pivotCacheDefinition", "<sharedItems><s v=\"SECRET pivot\"/></sharedItems>")),
]

BOOK_TEXTS = [
    text("table-cell", "DIFFUSION RESTREINTE", "sheet 'Budget'!A1"),
    text("table-cell", "SECRET en ligne", "sheet 'Budget'!B1"),
    text("hidden", "SECRET colonne", "sheet 'Budget'!C1"),
    text("hidden", "SECRET rangée", "sheet 'Budget'!A2"),
    text("table-cell", "295109912611193", "sheet 'Budget'!A3"),
    text("table-cell", "42", "sheet 'Budget' numbers"),
    text("table-cell", "DIFFUSION RESTREINTE", "sheet 'Budget'!A4"),
    text("hidden", '"DIFFUSION "&"RESTREINTE"', "sheet 'Budget'!A4 formula"),
    text("form-field", "SECRET aide", "sheet 'Budget' validation"),
    text("form-field", "SECRET refus", "sheet 'Budget' validation"),
    text("form-field", "SECRET choix", "sheet 'Budget' validation"),
    text("link", "SECRET infobulle", "sheet 'Budget' link"),
    text("header", "DIFFUSION RESTREINTE\nPage", "sheet 'Budget' header"),
    text("footer", "NATO RESTRICTED", "sheet 'Budget' footer"),
    text("header", "SECRET premier", "sheet 'Budget' header of the first page"),
    text("comment", "SECRET noté", "sheet 'Budget'!B7 comment"),
    text("comment", "SECRET en fil", "sheet 'Budget'!C9 comment"),
    text("text-box", "SECRET dessiné", "sheet 'Budget' text box"),
    text("alternative-text", "SECRET décrit", "sheet 'Budget' text box picture"),
    text("body-text", "SECRET titre\nSECRET catégorie", "sheet 'Budget' chart"),
    text("hidden", "SECRET invisible", "sheet 'SECRET onglet'!B7"),
    text("hidden", "SECRET onglet", "name of sheet 2"),
    text("metadata", "Budget", "name of sheet 1"),
    text("metadata", "SECRET_nom", "name 'SECRET_nom'"),
    text("hidden", "SECRET ruby", "part xl/sharedStrings.xml phonetic guides"),
    text("hidden", "SECRET de personne", "strings of no cell"),
    text("hidden", "SECRET format", "number format"),
    text("metadata", "SECRET base", "part xl/connections.xml"),
    text("metadata", "SELECT SECRET FROM t", "part xl/connections.xml"),
    text("metadata", "SECRET ailleurs", "part xl/externalLinks/externalLink1.xml"),
    text("body-text", "SECRET tampon", "part xl/externalLinks/externalLink1.xml"),
    text("metadata", "SECRET pivot", "part xl/pivotCache/pivotCacheDefinition1.xml"),
] + PROPERTY_TEXTS


def record(kind, data=b""):
    """A record of a binary part: its type, its length, its data."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(data)
    length = b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return head + length + bytes([size]) + data


def wide(words):
    """A string of a binary part."""
    return len(words).to_bytes(4, "little") + words.encode("utf-16-le")


def binary_cell(kind, column, data):
    """A cell of a binary part."""
    return record(kind, column.to_bytes(4, "little") + bytes(4) + data)


def row(number, hidden=False):
    """The header of a row."""
    return record(0, number.to_bytes(4, "little") + bytes(7) + bytes([16 if hidden else 0]) + bytes(5))


BINARY = [
    ("[Content_Types].xml", types([])),
    ("_rels/.rels", relationships(("officeDocument", "xl/workbook.bin"))),
    ("xl/workbook.bin", record(131) + record(156, bytes(8) + wide("rId1") + wide("Budget"))
     + record(132)),
    ("xl/_rels/workbook.bin.rels", relationships(
        ("worksheet", "worksheets/sheet1.bin"), ("sharedStrings", "sharedStrings.bin"))),
    ("xl/sharedStrings.bin", record(159, bytes(8)) + record(19, b"\0" + wide("DIFFUSION RESTREINTE"))
     + record(160)),
    ("xl/worksheets/sheet1.bin", record(129) + row(0) + binary_cell(7, 0, bytes(4)) + row(6)
     + binary_cell(6, 1, wide("SECRET B7"))
     + binary_cell(5, 2, struct.pack("<d", 295109912611193.0)) + row(7, hidden=True)
     + binary_cell(6, 0, wide("SECRET rangée"))
     + record(479, bytes(2) + wide("&LNATO RESTRICTED") + b"\xff" * 20) + record(130)),
]

BINARY_TEXTS = [
    text("table-cell", "DIFFUSION RESTREINTE", "sheet 'Budget'!A1"),
    text("table-cell", "SECRET B7", "sheet 'Budget'!B7"),
    text("table-cell", "295109912611193", "sheet 'Budget'!C7"),
    text("hidden", "SECRET rangée", "sheet 'Budget'!A8"),
    text("header", "NATO RESTRICTED", "sheet 'Budget' header"),
]


def shape(words, placeholder="", box=False, hidden=False):
    """A shape of a slide."""
    ph = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in words.split("\n"))
    return (f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="Forme"{" hidden=" + chr(34) + "1" + chr(34) if hidden else ""}/>'
            f'<p:cNvSpPr{" txBox=" + chr(34) + "1" + chr(34) if box else ""}/><p:nvPr>{ph}</p:nvPr></p:nvSpPr>'
            f"<p:txBody>{paragraphs}</p:txBody></p:sp>")


def slide(root, shapes, attributes=""):
    """A slide, notes or a master."""
    return (f'{XML}<p:{root} xmlns:p="{P}" xmlns:a="{A}" {attributes}><p:cSld><p:spTree>'
            f"{shapes}</p:spTree></p:cSld></p:{root}>")


TABLE = ("<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>SECRET case</a:t></a:r></a:p>"
         "</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>")
PICTURE = '<p:pic><p:nvPicPr><p:cNvPr id="9" name="Image" descr="SECRET décrit"/></p:nvPicPr></p:pic>'

SHOW = [
    ("[Content_Types].xml", types([("ppt/presentation.xml", "presentationml.presentation.main")])),
    ("_rels/.rels", relationships(("officeDocument", "ppt/presentation.xml"))),
    ("ppt/presentation.xml",
     f'{XML}<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
     '<p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>'),
    ("ppt/_rels/presentation.xml.rels", relationships(
        ("slide", "slides/slide1.xml"), ("slide", "slides/slide2.xml"))),
    ("ppt/slides/slide1.xml", slide("sld", shape("SECRET masquée"), 'show="0"')),
    ("ppt/slides/slide2.xml", slide("sld", shape("Titre", "title") + shape(
        "Corps\nSECRET corps", "body") + shape("DIFFUSION RESTREINTE", "ftr") + shape(
        "SECRET tampon", box=True) + shape("SECRET éteint", hidden=True) + TABLE + PICTURE
        + shape("2", "sldNum"))),
    ("ppt/slides/slide3.xml", slide("sld", shape("SECRET orpheline"))),
    ("ppt/slides/_rels/slide2.xml.rels", relationships(
        ("notesSlide", "../notesSlides/notesSlide1.xml"), ("comments", "../comments/comment1.xml"),
        ("chart", "../charts/chart1.xml"), ("diagramData", "../diagrams/data1.xml"),
        ("slideLayout", "../slideLayouts/slideLayout1.xml"))),
    ("ppt/notesSlides/notesSlide1.xml", slide("notes", shape("SECRET notes", "body") + shape(
        "SECRET en-tête", "hdr"))),
    ("ppt/slideMasters/slideMaster1.xml", slide("sldMaster", shape("Modifiez le titre", "title")
                                                + shape("NATO RESTRICTED", "ftr")
                                                + shape("SECRET du masque"))),
    ("ppt/slideLayouts/slideLayout1.xml", slide("sldLayout", shape("SECRET mise en page"))),
    ("ppt/comments/comment1.xml",
     f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0"><p:text>SECRET remarque</p:text></p:cm></p:cmLst>'),
    ("ppt/comments/modernComment_1.xml",
     f'<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
     f'xmlns:a="{A}"><p188:cm><p188:txBody><a:p><a:r><a:t>SECRET moderne</a:t></a:r></a:p>'
     "</p188:txBody></p188:cm></p188:cmLst>"),
    ("ppt/charts/chart1.xml", CHART),
    ("ppt/diagrams/data1.xml",
     f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
     f'xmlns:a="{A}"><dgm:pt><dgm:t><a:p><a:r><a:t>SECRET schéma</a:t></a:r></a:p></dgm:t></dgm:pt>'
     "</dgm:dataModel>"),
    ("ppt/tags/tag1.xml", f'<p:tagLst xmlns:p="{P}"><p:tag name="MARQUE" val="SECRET étiquette"/>'
                          "</p:tagLst>"),
]

SHOW_TEXTS = [
    text("body-text", "Titre\nCorps\nSECRET corps\nSECRET case", "slide 1"),
    text("footer", "DIFFUSION RESTREINTE", "slide 1 footer"),
    text("text-box", "SECRET tampon", "slide 1 text box"),
    text("hidden", "SECRET éteint", "slide 1 hidden shape"),
    text("alternative-text", "SECRET décrit", "slide 1 picture"),
    text("notes", "SECRET notes", "slide 1 notes"),
    text("header", "SECRET en-tête", "slide 1 notes header"),
    text("comment", "SECRET remarque", "slide 1 comment"),
    text("comment", "SECRET moderne", "comments 1"),
    text("body-text", "SECRET titre", "slide 1 chart"),
    text("body-text", "SECRET schéma", "slide 1 diagram"),
    text("hidden", "SECRET masquée", "slide 2"),
    text("hidden", "SECRET orpheline", "part ppt/slides/slide3.xml"),
    text("footer", "NATO RESTRICTED", "slide master 1 footer"),
    text("text-box", "SECRET du masque", "slide master 1"),
    text("text-box", "SECRET mise en page", "slide layout 1"),
    text("metadata", "SECRET étiquette", "part ppt/tags/tag1.xml"),
] + PROPERTY_TEXTS


def make():
    """Writes the workbooks and presentations."""
    case("spreadsheet", "roles.xlsx", zipped(BOOK + PROPERTIES), BOOK_TEXTS, absent=["_xlnm"])
    case("spreadsheet", "roles.xlsb", zipped(BINARY), BINARY_TEXTS)
    clean = [("[Content_Types].xml", BOOK[0][1]), ("xl/workbook.xml", sheet_part("workbook", "")),
             ("xl/worksheets/sheet1.xml", sheet_part("worksheet", cells(
                 ("", [("A1", "inlineStr", "<is><t>Le déjeuner</t></is>"), ("", "", "<v>12</v>")]))))]
    case("spreadsheet", "clean.xlsx", zipped(clean),
         [text("table-cell", "Le déjeuner", "part xl/worksheets/sheet1.xml!A1")], absent=["SECRET"])
    case("spreadsheet", "cut.xlsx", zipped(BOOK)[:-300],
         [text("table-cell", "SECRET en ligne", "sheet 'Budget'!B1")], [gap("truncated")])
    rows = '<row><c t="s"><v>0</v></c></row>' * 40_000
    long = sheet_part("sst", f"<si><t>{'SECRET ' * 500}</t></si>")
    case("spreadsheet", "repeated-string.xlsx", zipped([
        BOOK[0], ("xl/sharedStrings.xml", long),
        ("xl/worksheets/sheet1.xml", sheet_part("worksheet", f"<sheetData>{rows}</sheetData>"))]),
        [text("table-cell", "SECRET", "part xl/worksheets/sheet1.xml!A1")], [gap("limit")])
    case("presentation", "roles.pptx", zipped(SHOW + PROPERTIES), SHOW_TEXTS)
    case("presentation", "clean.pptx", zipped([SHOW[0], SHOW[1], (
        "ppt/slides/slide1.xml", slide("sld", shape("Le déjeuner est à midi")))]),
        [text("body-text", "Le déjeuner est à midi", "slide 1")], absent=["SECRET"])
