"""Documents of OpenDocument in the Corpus."""

import base64

from office_parts import LABEL, XML, case, gap, text, zipped

NS = " ".join(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for prefix, name in [
    ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
    ("style", "style"), ("meta", "meta"), ("form", "form"), ("svg", "svg-compatible"),
    ("presentation", "presentation"), ("number", "datastyle"),
]) + (' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" '
      'xmlns:script="http://openoffice.org/2000/script"')


def part(root, body):
    """A part of a document."""
    return f"{XML}<office:{root} {NS}>{body}</office:{root}>"


def p(*words):
    """A paragraph."""
    return f"<text:p>{''.join(words)}</text:p>"


def package(kind, members, encrypted=()):
    """A document: members behind its type and manifest."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml">'
        + ('<manifest:encryption-data manifest:checksum="x"/>' if name in encrypted else "")
        + "</manifest:file-entry>" for name, _ in members)
    manifest = (f'{XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:'
                f'xmlns:manifest:1.0">{entries}</manifest:manifest>')
    head = [("mimetype", f"application/vnd.oasis.opendocument.{kind}")]
    return zipped(head + members + [("META-INF/manifest.xml", manifest)], stored=("mimetype",))


STYLES = (
    '<style:style style:name="Cache" style:family="text"><style:text-properties '
    'text:display="none"/></style:style>'
    '<style:style style:name="ta2" style:family="table"><style:table-properties '
    'table:display="false"/></style:style>'
    '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties '
    'presentation:visibility="hidden"/></style:style>')

MASTER = ('<office:master-styles><style:master-page style:name="Standard"><style:header>'
          + p("DIFFUSION <text:span>RESTREINTE</text:span>") + "</style:header><style:footer>"
          + p("NATO RESTRICTED") + "</style:footer><style:header-first>" + p("SECRET premier")
          + "</style:header-first></style:master-page></office:master-styles>")

META = ("<office:meta><meta:generator>Essai</meta:generator><dc:title>Note de cadrage</dc:title>"
        "<meta:keyword>SECRET mot</meta:keyword>"
        f'<meta:user-defined meta:name="{LABEL}_Name">Confidential</meta:user-defined>'
        '<meta:user-defined meta:name="urn:bails:IntellectualProperty:'
        'BusinessAuthorizationCategory:Name">Confidential</meta:user-defined></office:meta>')

META_TEXTS = [
    text("metadata", "title: Note de cadrage", "property title"),
    text("metadata", "keyword: SECRET mot", "property keyword"),
    text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
    text("label", "urn:bails:IntellectualProperty:BusinessAuthorizationCategory:Name: "
         "Confidential",
         "property urn:bails:IntellectualProperty:BusinessAuthorizationCategory:Name"),
]

TEXT = (
    "<office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
    "<dc:creator>Sacha Lemoine</dc:creator></office:change-info>" + p("SECRET effacé")
    + "</text:deletion></text:changed-region></text:tracked-changes>"
    + p("Le compte<text:s text:c='2'/>rendu<text:tab/>est joint.")
    + p("noté<office:annotation><dc:creator>Sacha Lemoine</dc:creator>" + p("SECRET en marge")
        + "</office:annotation> ici")
    + p("appel<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation>"
        "<text:note-body>" + p("SECRET en note") + "</text:note-body></text:note>.")
    + p("<draw:frame><draw:text-box>" + p("SECRET boite") + "</draw:text-box><svg:title>SECRET titré"
        "</svg:title><svg:desc>SECRET décrit</svg:desc></draw:frame>")
    + p("vu <text:span text:style-name='Cache'>SECRET caché</text:span>fin")
    + "<text:section text:name='S' text:display='none'>" + p("SECRET en section")
    + "</text:section>"
    + p("<text:hidden-text text:string-value='SECRET conditionnel' text:condition='ooow:1'/>")
    + p("<text:user-field-get text:name='x' office:string-value='SECRET champ'/>")
    + p("<text:bookmark text:name='DIFFUSION_RESTREINTE'/>",
        "<text:a xlink:href='https://intranet.example/notes'>lien</text:a>")
    + "<table:table><table:table-row><table:table-cell>" + p("case une")
    + "</table:table-cell><table:table-cell>" + p("SECRET case")
    + "</table:table-cell></table:table-row></table:table>"
    + "<form:form><form:text form:current-value='SECRET saisi' form:label='Niveau'/></form:form>"
    "</office:text>")

TEXTS = [
    text("body-text", "Le compte  rendu\test joint."), text("body-text", "noté ici"),
    text("body-text", "appel."), text("body-text", "vu fin"),
    text("body-text", "case une\nSECRET case"),
    text("tracked-change", "SECRET effacé", "deleted text 1"),
    text("comment", "SECRET en marge", "comment 1"),
    text("footnote", "SECRET en note", "footnote 1"),
    text("text-box", "SECRET boite", "text box 1"),
    text("alternative-text", "SECRET titré", "picture"),
    text("alternative-text", "SECRET décrit", "picture"),
    text("hidden", "SECRET caché", "hidden text"),
    text("hidden", "SECRET en section", "hidden section"),
    text("hidden", "SECRET conditionnel", "hidden text"),
    text("hidden", "SECRET champ", "field"),
    text("bookmark", "DIFFUSION_RESTREINTE", "bookmark"),
    text("link", "https://intranet.example/notes", "link"),
    text("form-field", "SECRET saisi", "form field"),
    text("form-field", "Niveau", "form field"),
]
HEADERS = [
    text("header", "DIFFUSION RESTREINTE", "header of page style 'Standard'"),
    text("footer", "NATO RESTRICTED", "footer of page style 'Standard'"),
    text("header", "SECRET premier", "header of the first page of page style 'Standard'"),
]


def cell(words="", attributes=""):
    """A cell."""
    return f"<table:table-cell {attributes}>{p(words) if words else ''}</table:table-cell>"


SHEETS = (
    "<office:spreadsheet><table:content-validations><table:content-validation><table:help-message "
    "table:title='Aide'>" + p("SECRET aide") + "</table:help-message></table:content-validation>"
    "</table:content-validations><table:table table:name='Budget'><table:table-column "
    "table:number-columns-repeated='2'/><table:table-column table:visibility='collapse'/>"
    "<table:table-row>" + cell("DIFFUSION RESTREINTE") + cell("42", "office:value='42'")
    + cell("SECRET colonne") + "</table:table-row><table:table-row "
    "table:number-rows-repeated='5'><table:table-cell table:number-columns-repeated='3'/>"
    "</table:table-row><table:table-row>" + cell() + cell(
        "SECRET B7<office:annotation>" + p("SECRET noté") + "</office:annotation>")
    + "</table:table-row><table:table-row table:visibility='filter'>" + cell("SECRET filtré")
    + "</table:table-row><table:table-row>"
    + cell("2,95E+14", "office:value='295109912611193'")
    + cell("", "office:string-value='SECRET sans texte'")
    + cell("calcul", "table:formula='of:=\"SECRET \"&amp;\"formule\"'")
    + "</table:table-row></table:table><table:table table:name='SECRET onglet' "
    "table:style-name='ta2'><table:table-row>" + cell("SECRET invisible")
    + "</table:table-row></table:table><table:named-expressions><table:named-range "
    "table:name='SECRET_nom'/></table:named-expressions></office:spreadsheet>")

SHEET_TEXTS = [
    text("table-cell", "DIFFUSION RESTREINTE", "sheet 'Budget'!A1"),
    text("table-cell", "42", "sheet 'Budget' numbers"),
    text("hidden", "SECRET colonne", "sheet 'Budget'!C1"),
    text("table-cell", "SECRET B7", "sheet 'Budget'!B7"),
    text("comment", "SECRET noté", "comment 1"),
    text("hidden", "SECRET filtré", "sheet 'Budget'!A8"),
    text("table-cell", "295109912611193", "sheet 'Budget'!A9 value"),
    text("table-cell", "SECRET sans texte", "sheet 'Budget'!B9"),
    text("hidden", 'of:="SECRET "&"formule"', "sheet 'Budget'!C9 formula"),
    text("hidden", "SECRET onglet", "name of sheet 2"),
    text("hidden", "SECRET invisible", "sheet 'SECRET onglet'!A1"),
    text("form-field", "SECRET aide", "validation"),
    text("metadata", "SECRET_nom", "name of a range"),
]


def frame(words, kind=""):
    """A frame of a slide."""
    name = f" presentation:class='{kind}'" if kind else ""
    return f"<draw:frame{name}><draw:text-box>{p(words)}</draw:text-box></draw:frame>"


SLIDES = (
    "<office:presentation><presentation:footer-decl presentation:name='f'>NATO RESTRICTED"
    "</presentation:footer-decl><draw:page draw:name='page1'>" + frame("Titre", "title")
    + frame("SECRET corps") + "<presentation:notes>" + frame("SECRET notes", "notes")
    + "</presentation:notes></draw:page><draw:page draw:name='Annexe' draw:style-name='dp2'>"
    + frame("SECRET masquée") + "</draw:page></office:presentation>")
SLIDE_MASTER = ("<office:master-styles><style:master-page style:name='Gris'>"
                + frame("SECRET du masque") + frame("DIFFUSION RESTREINTE", "footer")
                + "</style:master-page></office:master-styles>")
SLIDE_TEXTS = [
    text("body-text", "Titre\nSECRET corps", "slide 1"),
    text("notes", "SECRET notes", "slide 1 notes"),
    text("hidden", "SECRET masquée", "slide 2"),
    text("hidden", "Annexe", "slide 2 name"),
    text("footer", "NATO RESTRICTED", "footer of slides"),
    text("text-box", "SECRET du masque", "master page 'Gris'"),
    text("footer", "DIFFUSION RESTREINTE", "master page 'Gris' footer"),
]

MACRO = ('<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1">'
         "REM SECRET macro</script:module>")


def members(body, master=MASTER):
    """The parts of a document."""
    return [
        ("content.xml", part("document-content", "<office:automatic-styles>" + STYLES
                             + f"</office:automatic-styles><office:body>{body}</office:body>")),
        ("styles.xml", part("document-styles", master)),
        ("meta.xml", part("document-meta", META)),
    ]


def make():
    """Writes the documents."""
    macro = [("Basic/Standard/Module1.xml", MACRO)]
    case("opendocument", "roles.odt", package("text", members(TEXT) + macro),
         TEXTS + HEADERS + META_TEXTS + [text("hidden", "SECRET macro", "macro Module1")])
    case("opendocument", "roles.ods", package("spreadsheet", members(SHEETS)),
         SHEET_TEXTS + HEADERS + META_TEXTS)
    case("opendocument", "roles.odp", package("presentation", members(SLIDES, SLIDE_MASTER)),
         SLIDE_TEXTS + META_TEXTS)
    image = base64.b64encode("SECRET incorporé\n".encode()).decode()
    flat = part("document", META + "<office:styles>" + STYLES + "</office:styles>" + MASTER
                + "<office:body>" + TEXT.replace("</office:text>", p(
                    f"<draw:image><office:binary-data>{image}</office:binary-data></draw:image>")
                    + "</office:text>") + "</office:body>")
    case("opendocument", "flat.fodt", flat.encode(), TEXTS + HEADERS + META_TEXTS + [
        text("body-text", "SECRET incorporé", path=["embedded file 1"])])
    case("opendocument", "clean.odt", package("text", [("content.xml", part(
        "document-content", "<office:body><office:text>" + p("Le déjeuner est à midi.")
        + "</office:text></office:body>"))]),
        [text("body-text", "Le déjeuner est à midi.")], absent=["SECRET"])
    case("opendocument", "encrypted.odt", package("text", [
        ("content.xml", b"\x93\x11\x80" * 80), ("meta.xml", part("document-meta", META))],
        encrypted=("content.xml",)), META_TEXTS, [gap("encrypted")])
    case("opendocument", "no-type.odt", zipped([
        ("META-INF/manifest.xml", "<manifest/>"), ("content.xml", part(
            "document-content", "<office:body>" + p("SECRET sans type") + "</office:body>"))]),
        [text("body-text", "SECRET sans type")])
    case("opendocument", "repeated.ods", package("spreadsheet", [("content.xml", part(
        "document-content", "<office:body><office:spreadsheet><table:table table:name='A'>"
        + "<table:table-row table:number-rows-repeated='99999999999999999999'>"
        + cell("un", "table:number-columns-repeated='9223372036854775807'") * 3
        + "</table:table-row><table:table-row table:number-rows-repeated='9223372036854775807'>"
        + cell("SECRET répété") + "</table:table-row></table:table></office:spreadsheet>"
        "</office:body>"))]), [text("table-cell", "SECRET répété", "sheet 'A'!A2")])
    cut = part("document-content", "<office:body><office:text>" + p("SECRET entier") + "<text:p>cou")
    case("opendocument", "cut-part.odt", package("text", [
        ("content.xml", cut[:cut.index("<text:p>cou") + 11])]),
        [text("body-text", "SECRET entier")], [gap("corrupt")])
