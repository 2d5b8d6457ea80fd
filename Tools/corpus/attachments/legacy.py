#!/usr/bin/env python3
"""Makes the DOC, RTF, XLS and PPT of Corpus/attachments with LibreOffice, and hostile ones of them.

    Tools/corpus/attachments/legacy.py

It needs `soffice` (libreoffice-writer-nogui, -calc-nogui, -impress-nogui). LibreOffice writes its
version and the time into its files, so they are only made anew when something here changes.
"""

import struct
import subprocess
import tempfile
from pathlib import Path

import flat
import slides
from described import LABEL, gap, text, write
from compound import SUMMARY, Storage, property_set, streams
from compound import write as compound
from rtf_cases import documents


def convert(source, kind, ending):
    """A flat OpenDocument text in another format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"document.{kind}"
        path.write_text(source, encoding="utf-8")
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", ending, "--outdir", folder, str(path)],
            check=True, capture_output=True)
        return (Path(folder) / f"document.{ending.split(':')[0]}").read_bytes()


PROPERTIES = [
    text("metadata", "DIFFUSION RESTREINTE titre", "property Title"),
    text("metadata", "sujet DR", "property Subject"),
    text("metadata", "NATO RESTRICTED", "property Keywords"),
    text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
    text("label", "Classification: NATO RESTRICTED", "property Classification"),
]


def encrypted(data, stream, offset, bits):
    """A document whose header says that it is encrypted: only the bit is set."""
    out = bytearray(data)
    start = data.index(stream) + offset
    value = struct.unpack_from("<H", out, start)[0]
    struct.pack_into("<H", out, start, value | bits)
    return bytes(out)


def excel95():
    """A workbook of Excel 95, record by record."""

    def record(number, data=b""):
        return struct.pack("<HH", number, len(data)) + data

    def short(words):
        raw = words.encode("cp1252")
        return bytes([len(raw)]) + raw

    constant = short("OFFICIAL-SENSITIVE")
    formula = b"\x17" + constant
    label = "DIFFUSION RESTREINTE été".encode("cp1252")
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    sheet += record(0x14, short("&CNATO RESTRICTED&R&\"Arial\"&12NR"))
    sheet += record(0x204, struct.pack("<HHHH", 0, 0, 0, len(label)) + label)
    sheet += record(0x27E, struct.pack("<HHHI", 0, 1, 0, 1250 << 2 | 3))
    sheet += record(0x06, struct.pack("<HHHd", 1, 0, 0, 1.0) + struct.pack("<HIH", 0, 0, len(formula)) + formula)
    sheet += record(0x1C, struct.pack("<HHH", 0, 0, 14) + b"TLP:AMBER note") + record(0x0A)
    name = short("Budget")
    head = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", 1252))
    offset = len(head) + 4 + 6 + len(name) + 4
    head += record(0x85, struct.pack("<IBB", offset, 0, 0) + name) + record(0x0A)
    return compound(Storage({"Book": head + sheet}))


def main():
    doc = convert(flat.writer(), "fodt", "doc:MS Word 97")
    write("doc", "roles.doc", doc, PROPERTIES + [
        text("body-text", "DIFFUSION RESTREINTE corps, été."), text("body-text", "Fin. Письмо."),
        text("body-text", "cellule un\nCONFIDENTIEL DÉFENSE cellule\n"),
        text("header", "DIFFUSION RESTREINTE en-tête", "header 1"),
        text("footer", "NATO RESTRICTED pied", "footer 1"),
        text("footnote", "OFFICIAL-SENSITIVE en note", "footnote 1"),
        text("footnote", "VS-NfD en fin", "endnote 1"),
        text("comment", "TLP:AMBER commentaire", "comment 1"),
        text("text-box", "RESTREINT UE cadre", "text box 1"),
        text("hidden", "NATO SECRET caché"), text("tracked-change", "TLP:RED supprimé"),
        text("bookmark", "signet_DR", "bookmark"),
        text("link", "https://exemple.fr/nato-restricted", "field 1"),
    ], absent=["SECRET caché texte"])
    write("doc", "encrypted.doc", encrypted(doc, b"\xec\xa5", 10, 0x0100), PROPERTIES[:1], [gap("encrypted")])
    write("doc", "truncated.doc", doc[: len(doc) * 2 // 3], [
        text("body-text", "DIFFUSION RESTREINTE corps")], [gap("corrupt")])
    clean = flat.flat("text", "<office:text><text:p>Le menu de la semaine.</text:p></office:text>")
    for word in ["DIFFUSION RESTREINTE titre", "sujet DR", "NATO RESTRICTED", "Confidential"]:
        clean = clean.replace(word, "menu")
    write("doc", "clean.doc", convert(clean, "fodt", "doc:MS Word 97"),
          [text("body-text", "Le menu de la semaine.")], absent=["RESTREINTE"])
    rtf = convert(flat.writer(), "fodt", "rtf")
    write("rtf", "libreoffice.rtf", rtf, [
        text("body-text", "DIFFUSION RESTREINTE corps, été."), text("body-text", "Fin. Письмо."),
        text("header", "DIFFUSION RESTREINTE en-tête", "header 1"),
        text("footer", "NATO RESTRICTED pied", "footer 1"),
        text("footnote", "OFFICIAL-SENSITIVE en note", "footnote 1"),
        text("comment", "TLP:AMBER commentaire", "comment 1"),
        text("hidden", "NATO SECRET caché", "hidden text"),
        text("tracked-change", "TLP:RED supprimé", "deleted text"),
        text("bookmark", "signet_DR", "bookmark"),
        text("metadata", "DIFFUSION RESTREINTE titre", "property Title"),
        text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name")])
    xls = convert(flat.calc(), "fods", "xls")
    write("xls", "roles.xls", xls, PROPERTIES + [
        text("table-cell", "DIFFUSION RESTREINTE", "sheet 'Budget'!A1"),
        text("table-cell", "1234", "sheet 'Budget'!B1"),
        text("hidden", "NATO SECRET rangée", "sheet 'Budget'!A2"),
        text("comment", "TLP:AMBER commentaire", "sheet 'Budget'!A3 comment"),
        text("table-cell", "OFFICIAL-SENSITIVE", "sheet 'Budget'!B3"),
        text("hidden", "OFFICIAL-\nSENSITIVE", "sheet 'Budget'!B3 formula"),
        text("hidden", "RESTREINT UE feuille", "sheet 'Caché'!A1"),
        text("header", "DIFFUSION RESTREINTE en-tête", "sheet 'Budget' header"),
        text("footer", "NATO RESTRICTED pied", "sheet 'Budget' footer"),
        text("metadata", "zone_DR", "defined name"), text("metadata", "Budget", "name of sheet 1"),
        text("hidden", "Caché", "name of sheet 2")])
    book = xls.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    locked = bytearray(xls)
    locked[book + 20 : book + 24] = struct.pack("<HH", 0x2F, 2)
    write("xls", "encrypted.xls", bytes(locked), PROPERTIES[:1], [gap("encrypted")])
    write("xls", "excel-95.xls", excel95(), [
        text("table-cell", "DIFFUSION RESTREINTE été", "sheet 'Budget'!A1"),
        text("table-cell", "12.5", "sheet 'Budget'!B1"),
        text("comment", "TLP:AMBER note", "sheet 'Budget'!A1 comment"),
        text("header", "NATO RESTRICTED\nNR", "sheet 'Budget' header"),
        text("hidden", "OFFICIAL-SENSITIVE", "sheet 'Budget'!A2 formula")])
    # A preview in the properties is most of what LibreOffice writes.
    parts = streams(convert(flat.impress(), "fodp", "ppt"))
    parts["\5SummaryInformation"] = property_set([(SUMMARY, {2: "DIFFUSION RESTREINTE titre"}, {})])
    ppt = compound(Storage(parts))
    write("ppt", "libreoffice.ppt", ppt, PROPERTIES[:1] + PROPERTIES[3:] + [
        text("text-box", "DIFFUSION RESTREINTE titre", "slide 1 text box 1"),
        text("text-box", "TAMPON TLP:RED", "slide 1 text box 2"),
        text("notes", "TLP:AMBER en note", "slide 1 notes"),
        text("hidden", "NATO SECRET masqué", "slide 2 text box 1"),
        text("footer", "NATO RESTRICTED pied", "slide 1 footer"),
        text("text-box", "RESTREINT UE maître", "slide master 1 text box 1")])
    write("ppt", "truncated.ppt", ppt[: len(ppt) * 3 // 4], [
        text("text-box", "TAMPON TLP:RED", "slide 1 text box 2")], [gap("corrupt"), gap("truncated")])
    for name, data, texts, gaps in slides.documents():
        write("ppt", name, data, texts, gaps)
    for name, data, texts, gaps, absent in documents():
        write("rtf", name, data, texts, gaps, absent)


main()
