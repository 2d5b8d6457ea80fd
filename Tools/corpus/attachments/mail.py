#!/usr/bin/env python3
"""Makes the mails of Corpus/attachments: EML, mbox, winmail.dat, S/MIME and MSG.

    Tools/corpus/attachments/mail.py

All people and units are made up; the output is the same at every run.
"""

import base64
import struct

from described import LABEL, gap, text, write
from compound import DOCUMENT_SUMMARY, SUMMARY, USER_DEFINED, Storage, property_set
from compound import write as compound

HEAD = (
    "From: =?utf-8?q?Ana=C3=AFs_Martin?= <a.martin@exemple.fr>\r\n"
    "To: cellule@exemple.fr\r\nDate: Tue, 3 Mar 2026 09:12:44 +0100\r\n"
    "Message-ID: <1@exemple.fr>\r\nMIME-Version: 1.0\r\n"
)


def eml(name, data, texts=(), gaps=(), absent=()):
    if isinstance(data, str):
        data = data.encode("utf-8")
    write("mail", name, data, texts, gaps, absent)


def tlv(tag, *parts):
    """A value of ASN.1."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def oid(text_form):
    numbers = [int(number) for number in text_form.split(".")]
    out = bytes([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return tlv(6, out)


def signed(content, label=None, indefinite=False):
    """A SignedData around content, without any real signature."""
    digest = tlv(0x30, oid("2.16.840.1.101.3.4.2.1"))
    attributes = tlv(0x30, oid("1.2.840.113549.1.9.3"), tlv(0x31, oid("1.2.840.113549.1.7.1")))
    if label:
        attributes += tlv(0x30, oid("1.2.840.113549.1.9.16.2.2"), tlv(0x31, label))
    signer = tlv(0x30, tlv(2, b"\1"), tlv(0x80, b"synthetic"), digest, tlv(0xA0, attributes),
                 digest, tlv(4, bytes(32)))
    if indefinite:
        half = len(content) // 2
        octets = b"\x24\x80" + tlv(4, content[:half]) + tlv(4, content[half:]) + b"\0\0"
        inner = b"\x30\x80" + oid("1.2.840.113549.1.7.1") + b"\xa0\x80" + octets + b"\0\0\0\0"
    else:
        inner = tlv(0x30, oid("1.2.840.113549.1.7.1"), tlv(0xA0, tlv(4, content)))
    data = tlv(0x30, tlv(2, b"\1"), tlv(0x31, digest), inner, tlv(0x31, signer))
    return tlv(0x30, oid("1.2.840.113549.1.7.2"), tlv(0xA0, data))


def mails():
    subject = base64.b64encode("Diffusion restreinte : été".encode()).decode()
    eml("headers.eml", HEAD + f"Subject: =?utf-8?b?{subject[:32]}?=\r\n =?utf-8?b?{subject[32:]}?=\r\n"
        "X-Protective-Marking: VER=2024.1, NS=gov.au,\r\n SEC=PROTECTED, ORIGIN=j.nguyen@agency.test\r\n"
        f"msip_labels: {LABEL}_Enabled=True;\r\n {LABEL}_Name=Confidential\r\n"
        "SIO-Label: marking=\"NATO RESTRICTED\"\r\nSensitivity: Company-Confidential\r\n"
        "\r\nDIFFUSION RESTREINTE\r\n\r\nCompte rendu.\r\n",
        [text("metadata", "Diffusion restreinte : été", "header Subject"),
         text("metadata", "Anaïs Martin", "header From"),
         text("label", "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=PROTECTED",
              "header X-Protective-Marking"),
         text("label", f"{LABEL}_Name=Confidential", "header msip_labels"),
         text("label", "NATO RESTRICTED", "header SIO-Label"),
         text("label", "Sensitivity: Company-Confidential", "header Sensitivity"),
         text("body-text", "DIFFUSION RESTREINTE")])
    inner = (HEAD + "Subject: transmis\r\n\r\nNATO RESTRICTED inner\r\n").replace("<1@", "<2@")
    csv = "niveau;texte\nDR;été".encode("iso-8859-15")
    eml("nested.eml", (HEAD + "Subject: parts\r\nContent-Type: multipart/mixed; boundary=\"=_a\"\r\n\r\n"
        "TLP:RED preamble\r\n--=_a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "\r\n=F3=C5=CB=D2=C5=D4=CE=CF =\r\nOFFICIAL-SENSITIVE\r\n"
        "--b\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "\r\n<p>Diffusion r=E9serv=E9e</p>\r\n--b--\r\n"
        "--=_a\r\nContent-Type: message/rfc822\r\n\r\n" + inner +
        "--=_a\r\nContent-Type: text/csv; charset=iso-8859-15\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment;\r\n filename*0*=utf-8''DR%20r%C3;\r\n filename*1*=%A9sum%C3%A9.csv\r\n\r\n"
        + base64.b64encode(csv).decode() + "\r\n"
        "--=_a\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\n"
        "SUMMARY:DIFFUSION REST\r\n REINTE point\r\nEND:VCALENDAR\r\n--=_a--\r\nTLP:RED epilogue\r\n"),
        [text("hidden", "TLP:RED preamble", "preamble"), text("hidden", "TLP:RED epilogue", "epilogue"),
         text("body-text", "Секретно OFFICIAL-SENSITIVE", "part 1.1"),
         text("body-text", "Diffusion réservée"),
         text("body-text", "NATO RESTRICTED inner", path=["message 2"]),
         text("metadata", "transmis", "header Subject", path=["message 2"]),
         text("filename", "DR résumé.csv", path=["DR résumé.csv"]),
         text("body-text", "DR;été", path=["DR résumé.csv"]),
         text("body-text", "DIFFUSION RESTREINTE point", "part 4 calendar")])
    eml("clean.eml", HEAD + "Subject: menu\r\n\r\nLe menu de la semaine.\r\n",
        [text("body-text", "menu de la semaine")])
    note = "Note: rien\nSujet : DIFFUSION RESTREINTE\nFrom: la cellule\n\nTexte.\n"
    write("mail", "no-mail.txt", note.encode(), [text("body-text", note.strip())])
    eml("unterminated.eml", HEAD + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nTLP:AMBER\r\n",
        [text("body-text", "TLP:AMBER", "part 1")], [gap("truncated")])
    eml("no-boundary.eml", HEAD + "Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nTLP:AMBER\r\n",
        [text("body-text", "TLP:AMBER")], [gap("corrupt")])
    odd = "--x\r\nOFFICIAL-SENSITIVE first\r\n\r\nbody one\r\n--x\r\nX-Part: 2\r\nNATO RESTRICTED\r\n\r\nbody two\r\n--x--\r\n"
    eml("odd-lines.eml", HEAD + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + odd,
        [text("body-text", "OFFICIAL-SENSITIVE first", "part 1 lines in the header"), text("body-text", "body one", "part 1"),
         text("body-text", "NATO RESTRICTED", "part 2 lines in the header"), text("body-text", "body two", "part 2")])
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(60))
    eml("deep.eml", HEAD + deep + "\r\nTLP:RED\r\n", [], [gap("limit"), gap("truncated")])
    many = "".join("--m\r\n\r\nx\r\n" for _ in range(2000))
    eml("many-parts.eml", HEAD + "Content-Type: multipart/mixed; boundary=m\r\n\r\n" + many + "--m--\r\n",
        [], [gap("limit")])
    eml("charsets.eml", (HEAD + "Subject: =?gb2312?B?" + base64.b64encode("机密文件".encode("gb2312")).decode()
        + "?= =?iso-2022-jp?B?" + base64.b64encode("取扱注意".encode("iso-2022-jp")).decode() + "?=\r\n"
        "Content-Type: multipart/mixed; boundary=c\r\n\r\n").encode()
        + b"--c\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n" + "部外秘 DR".encode("shift_jis")
        + b"\r\n--c\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nDIFFUSION +AFI-ESTREINTE +AOk-t+AOk-"
        + b"\r\n--c\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nNATO RESTRICTED"
        + b"\r\n--c--\r\n",
        [text("metadata", "机密文件取扱注意", "header Subject"), text("body-text", "部外秘 DR", "part 1"),
         text("body-text", "DIFFUSION RESTREINTE été", "part 2"),
         text("body-text", "NATO RESTRICTED", "part 3")], [gap("encoding")])
    parts = ("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
             + base64.b64encode("DIFFUSION RESTREINTE du 12 mars".encode()).decode() + "\r\n--trait\r\n"
             "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
             "TR=C3=88S SECRET D=C3=89=\r\nFENSE\r\n--trait--\r\n")
    found = [text("body-text", "DIFFUSION RESTREINTE du 12 mars", "part 1"),
             text("body-text", "TRÈS SECRET DÉFENSE", "part 2")]
    eml("pasted-source.eml", HEAD + "Content-Type: text/plain; charset=utf-8\r\n\r\nSous DIFFUSION LIMITEE :\r\n\r\n"
        "> Subject: =?utf-8?Q?Note_secr=C3=A8te?=\r\n>\r\n> TR=C3=88S SECRET D=C3=89FE=\r\n> NSE du 12=20mars\r\n",
        [text("body-text", "Sous DIFFUSION LIMITEE"),
         text("body-text", "TRÈS SECRET DÉFENSE du 12 mars", "pasted source")])
    # What is no header of a mail elsewhere, and parts that are not parted as the header says.
    eml("parts-alone.eml", "Content-Type: multipart/mixed; boundary=trait\r\n\r\n--trait\r\n" + parts, found)
    eml("other-boundary.eml", HEAD + "Content-Type: multipart/mixed; boundary=fil\r\n\r\n--trait\r\n" + parts, found,
        [gap("corrupt")])
    eml("unnamed-boundary.eml", HEAD + "Content-Type: multipart/mixed\r\n\r\n--trait\r\n" + parts, found, [gap("corrupt")])
    eml("uuencode.eml", HEAD + "Subject: vieux\r\n\r\nVoici :\r\n\r\nbegin 644 dr.txt\r\n"
        + "".join(__import__("binascii").b2a_uu(b"DIFFUSION RESTREINTE en uuencode"[i:i + 45]).decode()
                  for i in range(0, 32, 45)).replace("\n", "\r\n") + "`\r\nend\r\nfin\r\n",
        [text("body-text", "fin"), text("body-text", "DIFFUSION RESTREINTE en uuencode", path=["dr.txt"])])
    eml("pgp.eml", HEAD + "Content-Type: multipart/encrypted; boundary=e;\r\n protocol=\"application/pgp-encrypted\"\r\n\r\n"
        "--e\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
        "--e\r\nContent-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n--e--\r\n",
        [], [gap("encrypted")])
    label = tlv(0x31, oid("1.3.26.1.3.1"), tlv(2, b"\2"), tlv(0x13, b"NATO RESTRICTED"))
    entity = b"Content-Type: text/plain\r\n\r\nDIFFUSION RESTREINTE signed\r\n"
    for name, indefinite in [("signed.eml", False), ("signed-ber.eml", True)]:
        body = base64.encodebytes(signed(entity, label, indefinite)).decode().replace("\n", "\r\n")
        eml(name, HEAD + "Subject: s\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data;\r\n name=smime.p7m\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n" + body,
            [text("body-text", "DIFFUSION RESTREINTE signed"),
             text("label", "restricted; policy 1.3.26.1.3.1; NATO RESTRICTED", "security label")])
    write("mail", "signed-file.p7m", signed(entity), [text("body-text", "DIFFUSION RESTREINTE signed")])
    enveloped = tlv(0x30, oid("1.2.840.113549.1.7.3"), tlv(0xA0, tlv(0x30, tlv(2, b"\0"))))
    eml("enveloped.eml", HEAD + "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(enveloped).decode(), [], [gap("encrypted")])
    box = ("From a.martin@exemple.fr Tue Mar  3 09:12:44 2026\n" + HEAD.replace("\r", "") +
           "Subject: un\n\nTLP:GREEN un\n>From ici\n\n"
           "From b@exemple.fr Tue Mar  3 10:12:44 2026\n" + HEAD.replace("\r", "") +
           "Subject: deux\n\nTLP:AMBER deux\n")
    write("mail", "two.mbox", box.encode(),
          [text("body-text", "TLP:GREEN un\nFrom ici", path=["message 1"]),
           text("metadata", "deux", "header Subject", path=["message 2"]),
           text("body-text", "TLP:AMBER deux", path=["message 2"])], absent=["From b@"])


def lzfu(rtf):
    """RTF in the packed form of Outlook, all of it literal."""
    data = b""
    for start in range(0, len(rtf), 8):
        data += b"\0" + rtf[start : start + 8]
    return struct.pack("<IIII", len(data) + 12, len(rtf), 0x75465A4C, 0) + data


RTF = (rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 DIFFUSION "
       rb"{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 RESTREINTE{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 "
       rb"\htmlrtf NR seul\par\htmlrtf0{\*\htmltag72 </p>}}}")


def attribute(level, number, data):
    """An attribute of winmail.dat."""
    return bytes([level]) + struct.pack("<II", number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def variable(tag, data):
    """A property of winmail.dat, with one value."""
    return struct.pack("<IIII", tag, 1, len(data), 0)[:12] + data.ljust(-(-len(data) // 4) * 4, b"\0")


def winmail():
    """A message of Outlook as winmail.dat."""
    named = (struct.pack("<HH", 0x1F, 0x8001) + bytes(16) + struct.pack("<II", 1, 24)
             + "msip_labels\0".encode("utf-16-le"))
    value = (f"{LABEL}_Name=Confidential\0").encode("utf-16-le")
    named += struct.pack("<II", 1, len(value)) + value.ljust(-(-len(value) // 4) * 4, b"\0")
    properties = struct.pack("<I", 3) + variable(0x0037001F, "DR winmail\0".encode("utf-16-le"))
    properties += variable(0x10090102, lzfu(RTF)) + named
    file = struct.pack("<I", 1) + variable(0x3707001F, "annexe.txt\0".encode("utf-16-le"))
    data = struct.pack("<IH", 0x223E9F78, 1)
    data += attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    data += attribute(1, 0x00069003, properties)
    data += attribute(2, 0x00069002, bytes(14))
    data += attribute(2, 0x0006800F, b"NATO RESTRICTED annexe")
    data += attribute(2, 0x00069005, file)
    return data


def tnef():
    data = winmail()
    texts = [text("metadata", "DR winmail", "header Subject"),
             text("label", f"{LABEL}_Name=Confidential", "property msip_labels"),
             text("body-text", "DIFFUSION RESTREINTE"), text("body-text", "NR seul"),
             text("body-text", "NATO RESTRICTED annexe", path=["annexe.txt"])]
    write("mail", "winmail.dat", data, texts)
    write("mail", "winmail-cut.dat", data[:-30],
          [text("body-text", "NATO RESTRICTED annexe")], [gap("truncated"), gap("corrupt")])


def titles():
    """Recipients, and titles of attachments beside their long names."""
    def wide(words):
        return (words + "\0").encode("utf-16-le")

    def named(title, name, data):
        return (attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, title.encode("cp1252") + b"\0")
                + attribute(2, 0x0006800F, data)
                + attribute(2, 0x00069005, struct.pack("<I", 1) + variable(0x3707001F, wide(name))))

    people = struct.pack("<I", 2)
    for name, address in [("Anaïs Martin", "a.martin@exemple.fr"), ("Groupe DR SF", "dr-sf@exemple.fr")]:
        people += struct.pack("<I", 2) + variable(0x3001001F, wide(name)) + variable(0x39FE001F, wide(address))
    data = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    data += attribute(1, 0x00069004, people)
    data += attribute(1, 0x00069003, struct.pack("<I", 1) + variable(0x0037001F, wide("titres")))
    data += named("DIFFUSION RESTREINTE été.txt", "annexe.txt", b"TLP:AMBER une")
    data += named("meme.txt", "meme.txt", b"TLP:GREEN deux")
    place = "title of the attachment"
    write("mail", "winmail-titles.dat", data,
          [text("metadata", "titres", "header Subject"),
           text("metadata", "Anaïs Martin", "recipient 1 name"),
           text("metadata", "a.martin@exemple.fr", "recipient 1 address"),
           text("metadata", "Groupe DR SF", "recipient 2 name"),
           text("metadata", "dr-sf@exemple.fr", "recipient 2 address"),
           text("filename", "annexe.txt", path=["annexe.txt"]),
           text("metadata", "DIFFUSION RESTREINTE été.txt", place, path=["annexe.txt"]),
           text("body-text", "TLP:AMBER une", path=["annexe.txt"]),
           text("body-text", "TLP:GREEN deux", path=["meme.txt"])])


def message(strings, binaries=(), numbers=(), attachments=(), header=32, names=None, code_page=None):
    """The storage of an Outlook message or attachment."""
    fixed = b"".join(struct.pack("<IIII", tag, 6, value, 0) for tag, value in numbers)
    children = {"__properties_version1.0": bytes(header) + fixed}
    for tag, value in strings:
        wide = tag & 0xFFFF == 0x1F
        children[f"__substg1.0_{tag:08X}"] = value.encode("utf-16-le" if wide else code_page)
    for tag, value in binaries:
        children[f"__substg1.0_{tag:08X}"] = value
    for index, attachment in enumerate(attachments):
        children[f"__attach_version1.0_#{index:08X}"] = attachment
    if names:
        entries, table = b"", b""
        for index, name in enumerate(names):
            entries += struct.pack("<IHH", len(table), 5, index)
            raw = name.encode("utf-16-le")
            table += struct.pack("<I", len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")
        children["__nameid_version1.0"] = Storage(
            {"__substg1.0_00020102": bytes(16), "__substg1.0_00030102": entries,
             "__substg1.0_00040102": table})
    return Storage(children)


def msg():
    inner = message([(0x0037001F, "transmis"), (0x1000001F, "NATO RESTRICTED inside")], header=24)
    attachments = [
        message([(0x3707001F, "DR annexe.txt")], [(0x37010102, b"TLP:RED attached")], header=8),
        message([(0x3001001F, "message joint")], header=8)]
    attachments[1].children["__substg1.0_3701000D"] = inner
    root = message(
        [(0x0037001F, "Diffusion restreinte"), (0x0C1A001F, "Anaïs Martin"),
         (0x1000001F, "OFFICIAL-SENSITIVE body"), (0x0E04001F, "cellule"),
         (0x8000001F, f"{LABEL}_Enabled=True; {LABEL}_Name=Confidential;"), (0x8001001F, "NATO RESTRICTED"),
         (0x007D001F, "Subject: Diffusion restreinte\r\nX-Protective-Marking: SEC=PROTECTED\r\n\r\n")],
        [(0x10090102, lzfu(RTF)), (0x10130102, "<p>Secret défense en HTML</p>".encode("cp1252"))],
        [(0x00360003, 3), (0x3FDE0003, 1252)], attachments, names=["msip_labels", "Classification"])
    texts = [
        text("metadata", "Diffusion restreinte", "header Subject"),
        text("metadata", "Anaïs Martin", "header From"), text("body-text", "OFFICIAL-SENSITIVE body"),
        text("label", f"{LABEL}_Name=Confidential", "property msip_labels"),
        text("label", "Classification: NATO RESTRICTED", "property Classification"),
        text("label", "Sensitivity: Company-Confidential", "header Sensitivity"),
        text("label", "X-Protective-Marking: SEC=PROTECTED", "header X-Protective-Marking"),
        text("body-text", "DIFFUSION RESTREINTE"), text("body-text", "Secret défense en HTML"),
        text("filename", "DR annexe.txt", path=["DR annexe.txt"]),
        text("body-text", "TLP:RED attached", path=["DR annexe.txt"]),
        text("body-text", "NATO RESTRICTED inside", path=["message joint"])]
    data = compound(root)
    write("outlook", "message.msg", data, texts)
    write("outlook", "message-v4.msg", compound(root, 4096), texts[:3])
    # Recipients: one in Unicode, one in the code page of the message.
    root.children["__recip_version1.0_#00000000"] = message(
        [(0x3001001F, "Groupe DIFFUSION RESTREINTE"), (0x39FE001F, "dr-sf@exemple.fr")], header=8)
    root.children["__recip_version1.0_#00000001"] = message(
        [(0x3001001E, "Zoë Lefèvre"), (0x3003001E, "zoe@exemple.fr")], header=8, code_page="cp1252")
    write("outlook", "recipients.msg", compound(root), texts[:1] + [
        text("metadata", words, place) for words, place in
        [("Groupe DIFFUSION RESTREINTE", "recipient 1 name"), ("dr-sf@exemple.fr", "recipient 1 address"),
         ("Zoë Lefèvre", "recipient 2 name"), ("zoe@exemple.fr", "recipient 2 address")]])
    # The table of sectors leads every chain back to its start.
    broken = bytearray(data)
    fat = 512 + struct.unpack_from("<I", data, 0x4C)[0] * 512
    for index in range(128):
        struct.pack_into("<I", broken, fat + index * 4, index // 2)
    write("outlook", "cycle.msg", bytes(broken), [text("body-text", "Diffusion restreinte", "damaged file")],
          [gap("corrupt")])
    russian = message([(0x0037001E, "Секретно"), (0x1000001E, "для служебного пользования")],
                      [], [(0x3FFD0003, 1251), (0x3FDE0003, 65001)], code_page="cp1251")
    write("outlook", "cyrillic.msg", compound(russian),
          [text("metadata", "Секретно", "header Subject"), text("body-text", "для служебного пользования")])
    write("outlook", "clean.msg", compound(message([(0x0037001F, "menu"), (0x1000001F, "Le menu.")])),
          [text("body-text", "Le menu.")])


def packages():
    """Documents of OLE that are no document of Office."""
    summary = property_set([(SUMMARY, {2: "DIFFUSION RESTREINTE titre", 4: "Anaïs Martin"}, {})])
    user = property_set([
        (DOCUMENT_SUMMARY, {15: "Cellule NR"}, {}),
        (USER_DEFINED, {2: "Confidential", 3: "NATO RESTRICTED"},
         {2: f"{LABEL}_Name", 3: "Classification"})])
    native = struct.pack("<H", 2) + b"DR.txt\0C:\\NR\\DR.txt\0" + struct.pack("<HHI", 0, 3, 1) + b"\0"
    native += struct.pack("<I", 24) + b"DIFFUSION RESTREINTE ole"
    children = {"\5SummaryInformation": summary, "\5DocumentSummaryInformation": user,
                "\1Ole10Native": struct.pack("<I", len(native)) + native}
    texts = [text("metadata", "DIFFUSION RESTREINTE titre", "property Title"),
             text("metadata", "Cellule NR", "property Company"),
             text("label", f"{LABEL}_Name=Confidential", f"property {LABEL}_Name"),
             text("label", "Classification: NATO RESTRICTED", "property Classification"),
             text("body-text", "DIFFUSION RESTREINTE ole", path=["DR.txt"])]
    write("ole", "package.bin", compound(Storage(children)), texts)
    del children["\1Ole10Native"]
    unknown = compound(Storage(dict(children, VisioDocument=b"Visio" * 40)))
    write("ole", "drawing.vsd", unknown, texts[:4], [gap("unsupported")])
    locked = Storage(dict(children, EncryptedPackage=bytes(64), EncryptionInfo=bytes(64)))
    write("ole", "encrypted.docx", compound(locked), texts[:1], [gap("encrypted")])
    rights = Storage({"\6DataSpaces": Storage({"TransformInfo": Storage(
        {"DRMEncryptedTransform": Storage({"\6Primary": bytes(32)})})}), "EncryptedPackage": bytes(64)})
    write("ole", "rights.docx", compound(rights), [], [gap("encrypted")])
    write("ole", "head-only.doc", compound(Storage(children))[:512], [], [gap("corrupt")])


if __name__ == "__main__":
    mails()
    tnef()
    titles()
    msg()
    packages()
