"""Flat OpenDocument sources with markings in every role, from which LibreOffice makes DOC, RTF, XLS
and PPT."""

from described import LABEL

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"),
        ("draw", "drawing"), ("meta", "meta"), ("svg", "svg-compatible"),
        ("presentation", "presentation"), ("fo", "xsl-fo-compatible"),
    ]
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'


def flat(kind, body, styles="", masters="", automatic=""):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {SPACES} office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{kind}">
<office:meta><dc:title>DIFFUSION RESTREINTE titre</dc:title><dc:creator>Anaïs Martin</dc:creator>
<dc:subject>sujet DR</dc:subject><meta:keyword>NATO RESTRICTED</meta:keyword>
<meta:user-defined meta:name="{LABEL}_Name">Confidential</meta:user-defined>
<meta:user-defined meta:name="Classification">NATO RESTRICTED</meta:user-defined></office:meta>
<office:styles>{styles}</office:styles>
<office:automatic-styles>{automatic}</office:automatic-styles>
<office:master-styles>{masters}</office:master-styles>
<office:body>{body}</office:body></office:document>
"""


def writer():
    return flat("text", """<office:text>
<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><office:change-info>
<dc:creator>Paul Durand</dc:creator><dc:date>2026-03-03T09:00:00</dc:date></office:change-info>
<text:p>TLP:RED supprimé</text:p></text:deletion></text:changed-region></text:tracked-changes>
<text:p>DIFFUSION RESTREINTE corps<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>OFFICIAL-SENSITIVE en note</text:p></text:note-body></text:note>, été.</text:p>
<text:p>Avant <text:change text:change-id="c1"/>après.</text:p>
<text:p>Un <text:span text:style-name="H">NATO SECRET caché</text:span> texte<text:note text:id="n2" text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body><text:p>VS-NfD en fin</text:p></text:note-body></text:note>.</text:p>
<text:p>Mot<office:annotation><dc:creator>Paul Durand</dc:creator><dc:date>2026-03-03T09:00:00</dc:date><text:p>TLP:AMBER commentaire</text:p></office:annotation> commenté, <text:bookmark text:name="signet_DR"/>signet, <text:a xlink:href="https://exemple.fr/nato-restricted">lien</text:a>.</text:p>
<table:table table:name="T"><table:table-column table:number-columns-repeated="2"/><table:table-row><table:table-cell><text:p>cellule un</text:p></table:table-cell><table:table-cell><text:p>CONFIDENTIEL DÉFENSE cellule</text:p></table:table-cell></table:table-row></table:table>
<text:p><draw:frame draw:name="F" text:anchor-type="paragraph" svg:width="5cm" svg:height="2cm" draw:z-index="0"><draw:text-box><text:p>RESTREINT UE cadre</text:p></draw:text-box></draw:frame>Fin. Письмо.</text:p>
</office:text>""",
        automatic='<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
                  '<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"/>'
                  '<style:header-style/><style:footer-style/></style:page-layout>',
        masters='<style:master-page style:name="Standard" style:page-layout-name="L">'
                '<style:header><text:p>DIFFUSION RESTREINTE en-tête</text:p></style:header>'
                '<style:footer><text:p>NATO RESTRICTED pied</text:p></style:footer></style:master-page>')


def calc():
    return flat("spreadsheet", """<office:spreadsheet>
<table:table table:name="Budget" table:style-name="ta1"><table:table-column/><table:table-column/>
<table:table-row><table:table-cell office:value-type="string"><text:p>DIFFUSION RESTREINTE</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1234"><text:p>1234</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>NATO SECRET rangée</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><office:annotation><dc:creator>Paul</dc:creator><text:p>TLP:AMBER commentaire</text:p></office:annotation><text:p>commenté</text:p></table:table-cell>
<table:table-cell table:formula="of:=CONCATENATE(&quot;OFFICIAL-&quot;;&quot;SENSITIVE&quot;)" office:value-type="string"><text:p>OFFICIAL-SENSITIVE</text:p></table:table-cell></table:table-row>
</table:table>
<table:table table:name="Caché" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>RESTREINT UE feuille</text:p></table:table-cell></table:table-row></table:table>
<table:named-expressions><table:named-range table:name="zone_DR" table:cell-range-address="$Budget.$A$1" table:base-cell-address="$Budget.$A$1"/></table:named-expressions>
</office:spreadsheet>""",
        automatic='<style:style style:name="ta1" style:family="table" style:master-page-name="Default"><style:table-properties table:display="true"/></style:style>'
                  '<style:style style:name="ta2" style:family="table" style:master-page-name="Default"><style:table-properties table:display="false"/></style:style>'
                  '<style:page-layout style:name="L"><style:header-style/><style:footer-style/></style:page-layout>',
        masters='<style:master-page style:name="Default" style:page-layout-name="L">'
                '<style:header><text:p>DIFFUSION RESTREINTE en-tête</text:p></style:header>'
                '<style:footer><text:p>NATO RESTRICTED pied</text:p></style:footer></style:master-page>')


def impress():
    def box(words, kind=""):
        what = f' presentation:class="{kind}"' if kind else ""
        return (f'<draw:frame{what} svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="2cm">'
                f'<draw:text-box><text:p>{words}</text:p></draw:text-box></draw:frame>')

    def page(name, content, notes="", style="dp1"):
        note = (f'<presentation:notes draw:style-name="dp1">{box(notes, "notes")}</presentation:notes>' if notes else "")
        return (f'<draw:page draw:name="{name}" draw:style-name="{style}" draw:master-page-name="M" '
                f'presentation:use-footer-name="ftr1">{content}{note}</draw:page>')

    return flat("presentation", "<office:presentation>"
        '<presentation:footer-decl presentation:name="ftr1">NATO RESTRICTED pied</presentation:footer-decl>'
        + page("un", box("DIFFUSION RESTREINTE titre", "title") + box("TAMPON TLP:RED"), "TLP:AMBER en note")
        + page("deux", box("NATO SECRET masqué", "title"), style="dp2")
        + "</office:presentation>",
        automatic='<style:style style:name="dp1" style:family="drawing-page"><style:drawing-page-properties presentation:display-footer="true"/></style:style>'
                  '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
                  '<style:page-layout style:name="PM"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout>',
        masters='<style:master-page style:name="M" style:page-layout-name="PM" draw:style-name="dp1">'
                + box("RESTREINT UE maître") + "</style:master-page>")
