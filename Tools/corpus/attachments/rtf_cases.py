"""RTF written by hand: what writers do seldom and evasions do always."""

import struct

from described import LABEL, gap, text
from compound import SUMMARY, Storage, property_set
from compound import write as compound


def package(name, content):
    """The native data of a packed file."""
    out = struct.pack("<H", 2) + name + b"\0" + name + b"\0" + struct.pack("<HHI", 0, 3, 1) + b"\0"
    return out + struct.pack("<I", len(content)) + content


def metafile():
    """An EMF that draws a line in two pieces, and a second line."""
    def words(column, line, piece):
        data = piece.encode("utf-16-le").ljust((len(piece) * 2 + 3) // 4 * 4, b"\0")
        advances = struct.pack(f"<{len(piece)}I", *[10] * len(piece))
        body = bytes(16) + struct.pack("<IffiiIII", 1, 1, 1, column, line, len(piece), 76, 0)
        body += bytes(16) + struct.pack("<I", 76 + len(data)) + data + advances
        return struct.pack("<II", 84, 8 + len(body)) + body

    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    return (head + words(0, 5, "DIFFUSION REST") + words(140, 5, "REINTE") + words(0, 20, "été")
            + struct.pack("<IIIII", 14, 20, 0, 16, 20))


def plain_metafile():
    """A WMF that draws two words."""
    piece = b"NATO RESTRICTED "
    record = struct.pack("<HHHH", 0, 0, len(piece), 0) + piece
    record = struct.pack("<IH", 3 + len(record) // 2, 0x0A32) + record
    return struct.pack("<HHHIHIH", 1, 9, 0x300, 9 + len(record) // 2 + 3, 0, len(record) // 2, 0) + record \
        + struct.pack("<IH", 3, 0)


def ole1(kind, data):
    """An embedded object of OLE 1."""
    name = kind + b"\0"
    head = struct.pack("<III", 0x501, 2, len(name)) + name + struct.pack("<III", 0, 0, len(data))
    return (head + data).hex().encode()


def documents():
    """Each document with its name, its texts, its gaps and what stands in no text."""
    roles = (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial CYR;}{\f2\fcharset128 MS;}}"
        r"{\info{\title Titre DR}{\*\company Cellule NR}}"
        rf"{{\*\userprops{{\propname {LABEL}_Name}}\proptype30{{\staticval Confidential}}}}"
        r"{\*\docvar {niveau}{DIFFUSION RESTREINTE variable}}"
        r"{\headerf {TLP:RED premi\'e8re}}{\footerl NATO RESTRICTED gauche}"
        r"DIFF{\*\annotation TLP:AMBER ici}USION {\*\inconnu cach\'e9 ignorable}REST{\footnote note NR}REINTE corps\par "
        r"{\f1 \'d1\'e5\'ea\'f0\'e5\'f2\'ed\'ee} {\f2 \'95\'94\'8aO\'94\'e9} \uc2\u233 ??t\u233 ??\par "
        r"NATO {texte \*\b RESTRICTED} milieu\par "
        r"{\v SECRET hidden}{\deleted OFFICIAL deleted}{\ul vu}\par "
        r"{\field{\*\fldinst HYPERLINK ""https://exemple.fr/dr""}{\fldrslt lien}}"
        r"{\shp{\*\shpinst{\sp{\sn gtextUNICODE}{\sv FILIGRANE DR}}{\sp{\sn wzDescription}{\sv logo NR}}"
        r"{\shptxt RESTREINT UE cadre}}}"
        r"{\trowd\cellx1000\cellx2000 un\cell CONFIDENTIEL cellule\cell\row}"
        r"{\*\xe entr\'e9e DR}{\*\formfield{\*\ffhelptext aide NR}}"
        r"{\bin5 }{}}\par fin}}"
    ).replace(r"\bin5 }{}}", "\\bin5 }{}}{")
    texts = [
        text("body-text", "DIFFUSION RESTREINTE corps"), text("body-text", "Секретно 部外秘 été".replace("部外秘", "部外秘")),
        text("body-text", "NATO texte RESTRICTED milieu"), text("body-text", "un\nCONFIDENTIEL cellule\n"),
        text("comment", "TLP:AMBER ici", "comment 1"), text("footnote", "note NR", "footnote 1"),
        text("header", "TLP:RED première", "first-page header 1"),
        text("footer", "NATO RESTRICTED gauche", "left-page footer 1"),
        text("metadata", "Titre DR", "property Title"), text("metadata", "Cellule NR", "property Company"),
        text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
        text("metadata", "DIFFUSION RESTREINTE variable", "document variable"),
        text("hidden", "SECRET hidden", "hidden text"), text("tracked-change", "OFFICIAL deleted", "deleted text"),
        text("hidden", "caché ignorable", "ignored group 1"), text("link", "https://exemple.fr/dr", "link 1"),
        text("text-box", "FILIGRANE DR", "word art 1"), text("alternative-text", "logo NR", "shape 1"),
        text("text-box", "RESTREINT UE cadre", "text box 1"), text("hidden", "entrée DR", "index entry 1"),
        text("form-field", "aide NR", "form field 1"),
    ]
    kanji = "部外秘".encode("cp932")
    wanted = "".join(chr(byte) if 0x20 < byte < 0x7F and chr(byte) not in "\\{}" else f"\\'{byte:02x}" for byte in kanji)
    yield "roles.rtf", roles.replace(r"\'95\'94\'8aO\'94\'e9", wanted).encode("ascii"), texts, [], []
    html = (rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 NATO {\*\htmltag84 <b>}RESTRICTED"
            rb"{\*\htmltag92 </b>}\htmlrtf DR seul ici\htmlrtf0 }\par}")
    yield "html.rtf", html, [text("body-text", "NATO RESTRICTEDDR seul ici")], [], []
    inside = compound(Storage({"\5SummaryInformation": property_set([(SUMMARY, {2: "NATO RESTRICTED objet"}, {})])}))
    objects = (rb"{\rtf1 {\object\objemb{\*\objclass Package}{\*\objdata " + ole1(b"Package", package(b"DR.txt", b"TLP:RED packed"))
               + rb"}{\result vu}}{\object\objemb{\*\objdata " + ole1(b"Visio", inside) + rb"}}}")
    yield "objects.rtf", objects, [
        text("body-text", "TLP:RED packed", path=["DR.txt"]), text("body-text", "vu"),
        text("metadata", "NATO RESTRICTED objet", "property Title")], [gap("unsupported")], []
    yield "picture.rtf", rb"{\rtf1 {\pict\emfblip " + metafile().hex().encode() + rb"}{\pict\wmetafile8 " \
        + plain_metafile().hex().encode() + b"}}", [
        text("body-text", "DIFFUSION RESTREINTE\nété", path=["picture 1"]),
        text("body-text", "NATO RESTRICTED", path=["picture 2"])], [], []
    yield "deep.rtf", rb"{\rtf1 " + b"{" * 5000 + b"TLP:RED" + b"}" * 5001, [text("body-text", "TLP:RED")], [gap("limit")], []
    yield "truncated.rtf", rb"{\rtf1{\header DIFFUSION RESTREINTE", [
        text("header", "DIFFUSION RESTREINTE", "header 1")], [gap("truncated")], []
    yield "clean.rtf", rb"{\rtf1\ansi Le menu de la semaine.\par}", [text("body-text", "Le menu")], [], []
