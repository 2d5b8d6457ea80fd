"""Word documents of the Corpus: markings in every role, and what tries to hide them."""

from office_parts import (LINK, PROPERTIES, PROPERTY_TEXTS, TYPES, XML, case, gap, relationships,
                          text, types, zipped)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
OTHERS = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"')


def part(root, body, namespace=W):
    """A part of WordprocessingML."""
    return f'{XML}<w:{root} xmlns:w="{namespace}" {OTHERS}>{body}</w:{root}>'


def run(words, properties=""):
    """A run; properties such as `<w:vanish/>`."""
    head = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{head}<w:t xml:space="preserve">{words}</w:t></w:r>'


def para(*runs):
    """A paragraph of runs or words."""
    return "<w:p>" + "".join(r if r.startswith("<") else run(r) for r in runs) + "</w:p>"


def box(words):
    """A text box as Word writes it: a shape, and its picture for older programs."""
    content = f"<w:txbxContent>{para(words)}</w:txbxContent>"
    return ("<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>"
            f"{content}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
            f"<v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>")


BODY = (
    para("Le compte rendu est en pi", run("èce jointe."))
    + para(box("SECRET boite"))
    + para("visible", run("SECRET cache", "<w:vanish/>"), " suite")
    + para(run("SECRET par style", '<w:rStyle w:val="Cache"/>'))
    + para("avant ", '<w:del w:author="Camille Servant">'
           "<w:r><w:delText>SECRET efface</w:delText></w:r></w:del>",
           "<w:ins>" + run("ajout visible") + "</w:ins>")
    + para('<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
           '<w:r><w:instrText>DOCPROPERTY "Marque cachée"</w:instrText></w:r>'
           '<w:r><w:fldChar w:fldCharType="end"/></w:r>', run("résultat du champ"))
    + para('<w:fldSimple w:instr=" PAGE ">' + run("1") + "</w:fldSimple>")
    + para('<w:bookmarkStart w:id="1" w:name="DIFFUSION_RESTREINTE"/>', run("signet"),
           '<w:bookmarkStart w:id="2" w:name="_GoBack"/>')
    + para('<w:hyperlink r:id="rId9" w:tooltip="SECRET infobulle">' + run("lien")
           + "</w:hyperlink>")
    + '<w:sdt><w:sdtPr><w:alias w:val="Niveau de protection"/><w:tag w:val="SECRET balise"/>'
      '<w:dropDownList><w:listItem w:displayText="SECRET choix" w:value="1"/></w:dropDownList>'
      f"</w:sdtPr><w:sdtContent>{para('choix fait')}</w:sdtContent></w:sdt>"
    + para('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="champ"/><w:textInput>'
           '<w:default w:val="SECRET saisi"/></w:textInput></w:ffData></w:fldChar></w:r>')
    + para('<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Image 1" descr="SECRET décrit" '
           'title="Titre de l’image"/></wp:inline></w:drawing></w:r>')
    + f"<w:tbl><w:tr><w:tc>{para('case une')}</w:tc><w:tc>{para('SECRET case')}</w:tc></w:tr></w:tbl>"
    + para('<w:r><w:sym w:font="Arial" w:char="F053"/></w:r>', run("ECRET symbole"))
    + para("gauche", '<w:r><w:ptab w:relativeTo="margin" w:alignment="right"/></w:r>', "droite")
)

MEMBERS = [
    ("[Content_Types].xml", types([
        ("word/document.xml", "wordprocessingml.document.main"),
        ("word/header1.xml", "wordprocessingml.header"),
        ("word/footer1.xml", "wordprocessingml.footer")])),
    ("_rels/.rels", relationships(("officeDocument", "word/document.xml"))),
    ("word/_rels/document.xml.rels", relationships(
        ("styles", "styles.xml"), ("header", "header1.xml"), ("footer", "footer1.xml"),
        ("footnotes", "footnotes.xml"), ("endnotes", "endnotes.xml"),
        ("comments", "comments.xml"), ("settings", "settings.xml"),
        ("numbering", "numbering.xml"), ("hyperlink", LINK, True),
        ("attachedTemplate", "file:///S:/modeles/SECRET.dotx", True))),
    ("word/document.xml", part("document", f"<w:body>{BODY}</w:body>")),
    ("word/styles.xml", part("styles", '<w:style w:type="character" w:styleId="Cache">'
                             "<w:rPr><w:vanish/></w:rPr></w:style>")),
    ("word/header1.xml", part("hdr", para("DIFFUSION ", run("RESTREINTE")) + para(
        '<w:r><w:pict><v:shape alt="filigrane"><v:textpath string="SECRET filigrane"/></v:shape>'
        "</w:pict></w:r>") + para(box("SECRET tampon")))),
    ("word/footer1.xml", part("ftr", para("SPÉCIAL FRANCE", "<w:r><w:tab/></w:r>", "page 1"))),
    ("word/footnotes.xml", part("footnotes", '<w:footnote w:type="separator" w:id="-1">'
                                + para("") + '</w:footnote><w:footnote w:id="1">'
                                + para("SECRET en note") + "</w:footnote>")),
    ("word/endnotes.xml", part("endnotes", '<w:endnote w:id="1">' + para("SECRET en fin")
                               + "</w:endnote>")),
    ("word/comments.xml", part("comments", '<w:comment w:id="0" w:author="Sacha Lemoine">'
                               + para("À relire") + '</w:comment><w:comment w:id="1" '
                               'w:author="Sacha Lemoine">' + para("SECRET en marge")
                               + "</w:comment>")),
    ("word/settings.xml", part("settings", '<w:docVars><w:docVar w:name="Marque" '
                               'w:val="SECRET variable"/></w:docVars>')),
    ("word/numbering.xml", part("numbering", '<w:abstractNum><w:lvl><w:lvlText '
                                'w:val="SECRET n° %1"/></w:lvl></w:abstractNum>')),
    ("word/glossary/document.xml", part("glossaryDocument", "<w:docParts><w:docPart>"
                                        "<w:docPartBody>" + para("SECRET insertion")
                                        + "</w:docPartBody></w:docPart></w:docParts>")),
    ("word/afchunk.html", "<html><body><p>SECRET importé</p></body></html>"),
    ("word/embeddings/note.txt", "SECRET incorporé\n"),
]

TEXTS = [
    text("body-text", "Le compte rendu est en pièce jointe."),
    text("body-text", "visible suite"),
    text("body-text", "avant ajout visible"),
    text("body-text", "résultat du champ"),
    text("body-text", "case une\nSECRET case"),
    text("body-text", "SECRET symbole"),
    text("body-text", "gauche\tdroite"),
    text("text-box", "SECRET boite", "text box 1"),
    text("hidden", "SECRET cache", "hidden text"),
    text("hidden", "SECRET par style", "hidden text"),
    text("tracked-change", "SECRET efface", "deleted text"),
    text("hidden", 'DOCPROPERTY "Marque cachée"', "field codes"),
    text("bookmark", "DIFFUSION_RESTREINTE", "bookmark"),
    text("link", "SECRET infobulle", "link"),
    text("link", LINK, "link"),
    text("link", "file:///S:/modeles/SECRET.dotx", "link to a file"),
    text("form-field", "Niveau de protection\nSECRET balise\nSECRET choix", "content control 1"),
    text("form-field", "SECRET saisi", "form field 1"),
    text("alternative-text", "SECRET décrit", "picture"),
    text("header", "DIFFUSION RESTREINTE", "header 1"),
    text("header", "SECRET filigrane", "header 1 watermark"),
    text("header", "SECRET tampon", "header 1 text box"),
    text("footer", "SPÉCIAL FRANCE\tpage 1", "footer 1"),
    text("footnote", "SECRET en note", "footnote 1"),
    text("footnote", "SECRET en fin", "endnote 1"),
    text("comment", "SECRET en marge", "comment 2"),
    text("metadata", "Sacha Lemoine", "author"),
    text("metadata", "Marque: SECRET variable", "document variable Marque"),
    text("body-text", "SECRET n° %1", "numbering"),
    text("hidden", "SECRET insertion", "building blocks"),
    text("body-text", "SECRET importé", path=["word/afchunk.html"]),
    text("body-text", "SECRET incorporé", path=["word/embeddings/note.txt"]),
] + PROPERTY_TEXTS


def simple(body, namespace=W):
    """The members of a small document."""
    return [
        ("[Content_Types].xml", types([("word/document.xml", "wordprocessingml.document.main")])),
        ("_rels/.rels", relationships(("officeDocument", "word/document.xml"))),
        ("word/document.xml", part("document", f"<w:body>{body}</w:body>", namespace)),
    ]


def make():
    """Writes the Word documents."""
    case("word", "roles.docx", zipped(MEMBERS + PROPERTIES), TEXTS, absent=["_GoBack"])
    case("word", "wrong-ending.txt", zipped(simple(para("SECRET sous un autre nom"))),
         [text("body-text", "SECRET sous un autre nom")])
    case("word", "clean.docx", zipped(simple(para("Le déjeuner est à midi."))),
         [text("body-text", "Le déjeuner est à midi.")], absent=["SECRET"])
    case("word", "strict.docx", zipped(simple(para("DIFFUSION ", "RESTREINTE"), STRICT)),
         [text("body-text", "DIFFUSION RESTREINTE")])
    wide = part("document", f"<w:body>{para('SECRET en UTF-16')}</w:body>")
    wide = wide.replace("UTF-8", "UTF-16", 1).encode("utf-16")
    case("word", "utf-16-part.docx", zipped(simple("")[:2] + [("word/document.xml", wide)]),
         [text("body-text", "SECRET en UTF-16")])
    case("word", "no-relationships.docx",
         zipped([("word/a.xml", part("document", para("corps"))),
                 ("word/b.xml", part("hdr", para("SECRET sans relation"))),
                 ("word/c.xml", "<x:inconnu xmlns:x='urn:x'>SECRET inconnu<y t='SECRET "
                                "attribut'/></x:inconnu>")]),
         [text("body-text", "corps"), text("header", "SECRET sans relation", "header 1"),
          text("body-text", "SECRET inconnu", "part word/c.xml"),
          text("metadata", "t: SECRET attribut", "part word/c.xml")])
    case("word", "wrong-type.docx",
         zipped(simple(para("corps")) + [("word/media/image1.png", part(
             "ftr", para("SECRET sous un faux type")))]),
         [text("footer", "SECRET sous un faux type", "footer 1")])
    case("word", "duplicate.docx",
         zipped(simple(para("SECRET premier")) + simple(para("SECRET second"))[2:]),
         [text("body-text", "SECRET premier"), text("body-text", "SECRET second")])
    case("word", "alternatives.docx", zipped(simple(para(
        '<mc:AlternateContent><mc:Choice Requires="w14">' + run("SECRET choisi")
        + "</mc:Choice><mc:Fallback>" + run("SECRET de repli")
        + "</mc:Fallback></mc:AlternateContent>"))),
        [text("body-text", "SECRET choisi"), text("body-text", "SECRET de repli")])
    case("word", "comment-in-xml.docx", zipped(simple("<!--SECRET commentaire-->" + para("corps"))),
         [text("comment", "SECRET commentaire", "part word/document.xml")])
    entities = part("document", f"<w:body>{para('corps &e9;')}</w:body>").replace(
        "<w:document", '<!DOCTYPE d [<!ENTITY e0 "SECRET entité">'
        + "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 10))
        + "]><w:document", 1)
    case("word", "entities.docx", zipped(simple("")[:2] + [("word/document.xml", entities)]),
         [text("body-text", "corps"), text("hidden", "SECRET entité", "part word/document.xml")],
         [gap("unsupported"), gap("corrupt")])
    cut = part("document", f"<w:body>{para('SECRET entier')}<w:p><w:r><w:t>SECRET coup")[:-13]
    case("word", "cut-part.docx", zipped(simple("")[:2] + [("word/document.xml", cut)]),
         [text("body-text", "SECRET entier")], [gap("corrupt")])
    whole = zipped(simple(para("SECRET tronqué")) + [("word/media/x.txt", "fin " * 40)])
    case("word", "truncated.docx", whole[:-250], [text("body-text", "SECRET tronqué")],
         [gap("truncated")])
    deep = "<w:sdt><w:sdtContent>" * 4000 + para("SECRET profond")
    case("word", "deep.docx", zipped(simple(deep)),
         [text("body-text", "SECRET profond", "part word/document.xml")],
         [gap("limit")])
    bomb = part("document", para("SECRET bombe") + "<w:p/>" * 1_500_000)
    case("word", "bomb.docx", zipped(simple("")[:2] + [("word/document.xml", bomb)]),
         [text("body-text", "SECRET bombe")], [gap("limit"), gap("corrupt")])
    inner = zipped(simple(para("SECRET dedans")))
    for level in range(9):
        inner = zipped(simple(para(f"niveau {level}")) + [("word/embeddings/a.docx", inner)])
    case("word", "nested.docx", inner,
         [text("body-text", "niveau 8"), text("body-text", "niveau 2",
                                              path=["word/embeddings/a.docx"] * 6)],
         [gap("limit", *["word/embeddings/a.docx"] * 8)], absent=["SECRET"])
