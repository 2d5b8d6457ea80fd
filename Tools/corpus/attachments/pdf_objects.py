"""What stands around the pages: properties, annotations, attached files, forms."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pdf_drawing import GUID, LINES, body, case, draw, edit, running, want


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
        want("label", "Classification: NATO RESTRICTED", "property Classification"),
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
