#!/usr/bin/env python3
"""Makes Corpus/attachments/locked: documents under the password that their program tries by itself, and others.

    Tools/corpus/attachments/locked.py

A person who opens the first is asked nothing. It needs the program `openssl` for AES; every byte is the same each time.

Sources: [MS-OFFCRYPTO] §2.3.4 (standard and agile encryption), §2.3.5 and §2.3.6 (RC4), §2.3.7 (XOR), [MS-XLS] §2.2.10,
[MS-PPT] §2.3.7.
"""

import base64
import hashlib
import struct
import subprocess
import zlib

import slides
from cases import case, gap, text
from compound import SUMMARY, Storage, property_set, streams
from compound import write as compound
from office_parts import zipped
from office_word import para, simple
from old_office import record, short

EXCEL, POWERPOINT, OTHER = "VelvetSweatshop", "/01Hannes Ruescher/01", "sesame"
SALT = bytes(range(1, 17))
VERIFIER = bytes(range(101, 117))
FOLDER = "locked"
WORDS = "DIFFUSION RESTREINTE"


def rc4(key, data):
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)


class Old:
    """RC4 with a key of 40 bits, of Office 97."""

    def __init__(self, password):
        start = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
        self.seed = hashlib.md5((start + SALT) * 16).digest()[:5]
        self.header = struct.pack("<HH", 1, 1) + SALT + self.lock(VERIFIER + hashlib.md5(VERIFIER).digest())

    def lock(self, data, block=0):
        return rc4(hashlib.md5(self.seed + struct.pack("<I", block)).digest(), data)


class CryptoAPI:
    """RC4 of the system's provider, of Office 2002 and 2003."""

    def __init__(self, password, bits=128):
        self.bits = bits
        self.seed = hashlib.sha1(SALT + password.encode("utf-16-le")).digest()
        name = "Microsoft Enhanced Cryptographic Provider v1.0\0".encode("utf-16-le")
        head = struct.pack("<8I", 4, 0, 0x6801, 0x8004, bits, 1, 0, 0) + name
        locked = self.lock(VERIFIER + hashlib.sha1(VERIFIER).digest())
        self.header = struct.pack("<HHII", 2, 2, 4, len(head)) + head + struct.pack("<I", 16) + SALT
        self.header += locked[:16] + struct.pack("<I", 20) + locked[16:]

    def lock(self, data, block=0):
        key = hashlib.sha1(self.seed + struct.pack("<I", block)).digest()[: self.bits // 8]
        return rc4(key.ljust(16, b"\0") if self.bits == 40 else key, data)

    def summary(self, members):
        """Streams locked together in one."""
        body, table = b"", struct.pack("<I", len(members))
        for number, (name, data) in enumerate(members):
            table += struct.pack("<IIHBBI", 8 + len(body), len(data), number + 1, len(name), 1, 0)
            table += name.encode("utf-16-le") + b"\0\0"
            body += self.lock(data, number + 1)
        return self.lock(struct.pack("<II", 8 + len(body), len(table))) + body + self.lock(table)


def obfuscated(data, place, length, password=EXCEL):
    """Bytes of a record of some length from a place of the stream on, under the key of XOR obfuscation."""
    # *Key* of the password, then the bytes that fill it.
    filled = password.encode() + bytes([0xBB])
    key = [byte ^ (0xB359 >> (8 * (index & 1)) & 255) for index, byte in enumerate(filled)]
    key = [(byte >> 1 | byte << 7) & 255 for byte in key]
    turned = [(byte << 5 | byte >> 3) & 255 for byte in data]
    return bytes(byte ^ key[(place + index + length) & 15] for index, byte in enumerate(turned))


def workbook(protection, lock, unicode=True):
    """A workbook of one sheet whose records are locked; `lock` gets bytes, their place and the record's length."""
    def string(words):
        raw = words.encode("cp1252")
        return struct.pack("<HB", len(raw), 0) + raw if unicode else struct.pack("<H", len(raw)) + raw

    version = 0x600 if unicode else 0x500
    sheet = [(0x809, struct.pack("<HHHH4x4x", version, 0x10, 0, 0)), (0x14, string("&C" + WORDS + " en-tête"))]
    for row in range(40):
        sheet.append((0x204, struct.pack("<HHH", row, 0, 0) + string(f"{WORDS} ligne {row}, affaires de tous les jours")))
    sheet.append((0x0A, b""))
    name = b"\6\0Budget" if unicode else short("Budget")
    head = [(0x809, struct.pack("<HHHH4x4x", version, 5, 0, 0)), (0x2F, protection),
            (0x42, struct.pack("<H", 1200 if unicode else 1252)), (0x85, struct.pack("<IBB", 0, 0, 0) + name), (0x0A, b"")]
    place = sum(4 + len(body) for _, body in head)
    head[3] = (0x85, struct.pack("<IBB", place, 0, 0) + name)
    if not unicode:
        sheet[1] = (0x14, short("&C" + WORDS + " en-tête"))
    out = b""
    for kind, body in head + sheet:
        start = 4 if kind == 0x85 else 0
        if kind not in (0x809, 0x2F):
            body = body[:start] + lock(body[start:], len(out) + 4 + start, len(body))
        out += record(kind, body)
    return out


def blocks(cipher):
    """How a stream cipher locks the bytes at a place of a workbook: anew for each 1,024 bytes."""
    def lock(data, place, _):
        out = b""
        while data:
            inside = place & 1023
            part = data[: 1024 - inside]
            out += cipher.lock(bytes(inside) + part, place >> 10)[inside:]
            data, place = data[len(part) :], place + len(part)
        return out

    return lock


CELLS = [text("table-cell", WORDS + " ligne 0", location="sheet 'Budget'!A1"),
         text("table-cell", WORDS + " ligne 39", location="sheet 'Budget'!A40"),
         text("header", WORDS + " en-tête", location="sheet 'Budget' header")]
PROPERTIES = property_set([(SUMMARY, {2: WORDS + " titre"}, {})])


def workbooks():
    for name, cipher in [("excel-97.xls", Old(EXCEL)), ("excel-2003.xls", CryptoAPI(EXCEL)),
                         ("excel-40-bit.xls", CryptoAPI(EXCEL, 40)), ("other-password.xls", CryptoAPI(OTHER)),
                         ("other-password-97.xls", Old(OTHER))]:
        children = {"Workbook": workbook(struct.pack("<H", 1) + cipher.header, blocks(cipher))}
        wanted = list(CELLS)
        if isinstance(cipher, CryptoAPI):
            children["encryption"] = cipher.summary([("\5SummaryInformation", PROPERTIES)])
            wanted.append(text("metadata", WORDS + " titre", location="property Title"))
        other = "other" in name
        case(FOLDER, name, compound(Storage(children)), [] if other else wanted, [gap("encrypted")] if other else [],
             ["DIFFUSION"] if other else [])
    for name, protection, unicode in [("excel-95.xls", b"\x59\xb3\x0a\x9a", False),
                                      ("excel-weak.xls", b"\0\0\x59\xb3\x0a\x9a", True)]:
        book = workbook(protection, obfuscated, unicode)
        case(FOLDER, name, compound(Storage({"Workbook" if unicode else "Book": book})), CELLS)
    weak = workbook(b"\x12\x34\x56\x78", obfuscated, False)
    case(FOLDER, "other-key-95.xls", compound(Storage({"Book": weak})), [], [gap("encrypted")], ["DIFFUSION"])


def png():
    """A picture of a point with a comment."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0NATO RESTRICTED image") + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def presentation(password):
    """The presentation of slides.py, locked."""
    cipher = CryptoAPI(password)
    sound = streams(slides.presentation())
    stream = bytearray(sound["PowerPoint Document"])
    directory = struct.unpack_from("<I", stream, struct.unpack_from("<I", sound["Current User"], 16)[0] + 20)[0]
    count = struct.unpack_from("<I", stream, directory + 8)[0] >> 20
    places = list(struct.unpack_from(f"<{count}I", stream, directory + 12))
    for number, place in enumerate(places, 1):
        end = place + 8 + struct.unpack_from("<I", stream, place + 4)[0]
        stream[place:end] = cipher.lock(bytes(stream[place:end]), number)
    # What an earlier save left unlocked has no place in a file that is locked.
    stream[: places[0]] = bytes(places[0])
    places.append(directory)
    session = slides.record(12052, cipher.header, container=True)
    table = slides.record(6002, struct.pack("<I", 1 | len(places) << 20) + struct.pack(f"<{len(places)}I", *places))
    edit = slides.record(4085, struct.pack("<IIIIIIHHI", 256, 0, 0, directory + len(session), 1, len(places), 1, 0, count + 1))
    stream[directory:] = session + table + edit
    user = slides.record(4086, struct.pack(
        "<IIIHHBBHI", 20, 0xF3D1C4DF, directory + len(session) + len(table), 0, 0x3F4, 3, 0, 0, 8))
    pictures = b""
    for kind, instance, fields in [(0xF01E, 0x6E0, [bytes(16), b"\xff", png()])]:
        head = struct.pack("<HHI", instance << 4, kind, sum(map(len, fields)))
        pictures += b"".join(cipher.lock(field) for field in [head] + fields)
    summary = cipher.summary([("\5SummaryInformation", PROPERTIES)])
    return compound(Storage({"PowerPoint Document": bytes(stream), "Current User": user, "Pictures": pictures,
                             "EncryptedSummary": summary}))


def presentations():
    case(FOLDER, "powerpoint-2003.ppt", presentation(POWERPOINT), [
        text("body-text", "plan NR\nDIFFUSION RESTREINTE titre", location="slide 1"),
        text("comment", "TLP:AMBER commentaire", location="slide 1 comment 1"),
        text("hidden", "NATO SECRET masqué", location="slide 2"),
        text("body-text", "DIFFUSION RESTREINTE oo", path=["object 1"]),
        text("metadata", "NATO RESTRICTED image", path=["picture 1"], location="property Comment"),
        text("metadata", WORDS + " titre", location="property Title")], [gap("component-missing", "picture 1")])
    case(FOLDER, "other-password.ppt", presentation(OTHER), [], [gap("encrypted")], ["DIFFUSION"])


def aes(data, key, iv=None):
    """Whole blocks locked with AES."""
    data = data.ljust(-(-len(data) // 16) * 16, b"\0")
    mode = f"-aes-{len(key) * 8}-{'ecb' if iv is None else 'cbc'}"
    start = [] if iv is None else ["-iv", iv.hex()]
    return subprocess.run(["openssl", "enc", mode, "-nopad", "-nosalt", "-K", key.hex(), *start], input=data,
                          check=True, capture_output=True).stdout


def rounds(name, password, count):
    digest = hashlib.new(name, SALT + password.encode("utf-16-le")).digest()
    for number in range(count):
        digest = hashlib.new(name, struct.pack("<I", number) + digest).digest()
    return digest


def standard(data, password, bits=128):
    digest = hashlib.sha1(rounds("sha1", password, 50_000) + bytes(4)).digest()
    halves = [hashlib.sha1(bytes(a ^ b for a, b in zip(digest.ljust(64, b"\0"), bytes([filler]) * 64))).digest()
              for filler in (0x36, 0x5C)]
    key = b"".join(halves)[: bits // 8]
    name = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")
    head = struct.pack("<8I", 0x24, 0, {128: 0x660E, 256: 0x6610}[bits], 0x8004, bits, 0x18, 0, 0) + name
    info = struct.pack("<HHII", 4, 2, 0x24, len(head)) + head + struct.pack("<I", 16) + SALT + aes(VERIFIER, key)
    info += struct.pack("<I", 20) + aes(hashlib.sha1(VERIFIER).digest(), key)
    return info, struct.pack("<Q", len(data)) + aes(data, key)


def agile(data, password, hash_name="SHA512", bits=256, count=100_000, said=None):
    name = hash_name.lower()
    size = hashlib.new(name).digest_size
    digest = rounds(name, password, count)

    def locked(value, purpose):
        key = hashlib.new(name, digest + bytes.fromhex(purpose)).digest()
        return base64.b64encode(aes(value, key.ljust(bits // 8, b"\x36")[: bits // 8], SALT)).decode()

    key = bytes(range(200, 200 + bits // 8))
    salt = SALT[::-1]
    package = struct.pack("<Q", len(data))
    for number in range(-(-len(data) // 4096)):
        start = hashlib.new(name, salt + struct.pack("<I", number)).digest()[:16]
        package += aes(data[4096 * number : 4096 * number + 4096], key, start)

    def parameters(salt):
        return (f'saltSize="16" blockSize="16" keyBits="{bits}" hashSize="{size}" cipherAlgorithm="AES" '
                f'cipherChaining="ChainingModeCBC" hashAlgorithm="{hash_name}" saltValue="{base64.b64encode(salt).decode()}"')

    xml = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
           '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
           'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
           f'<keyData {parameters(salt)}/><dataIntegrity encryptedHmacKey="" encryptedHmacValue=""/><keyEncryptors>'
           '<keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
           f'<p:encryptedKey spinCount="{said or count}" {parameters(SALT)} '
           f'encryptedVerifierHashInput="{locked(VERIFIER, "fea7d2763b4b9e79")}" '
           f'encryptedVerifierHashValue="{locked(hashlib.new(name, VERIFIER).digest(), "d7aa0f6d3061344e")}" '
           f'encryptedKeyValue="{locked(key, "146e0be7abacd0d6")}"/></keyEncryptor></keyEncryptors></encryption>')
    return struct.pack("<HHI", 4, 4, 0x40) + xml.encode(), package


def packages():
    lines = [f"Ligne {number} d'un compte rendu des plus ordinaires." for number in range(60)]
    # More than one segment of 4,096 bytes.
    members = simple("".join(para(line) for line in lines + [WORDS + " fin"]))
    document = zipped(members, stored=["word/document.xml"])
    wanted = [text("body-text", WORDS + " fin")]
    for name, made in [("standard.docx", standard(document, EXCEL)), ("standard-256.docx", standard(document, EXCEL, 256)),
                       ("agile.docx", agile(document, EXCEL)), ("agile-sha1.docx", agile(document, EXCEL, "SHA1", 128)),
                       ("agile-384.docx", agile(document, EXCEL, "SHA384", 192, 1000)),
                       ("agile-powerpoint.docx", agile(document, POWERPOINT, "SHA256", 128, 1000))]:
        info, package = made
        case(FOLDER, name, compound(Storage({"EncryptionInfo": info, "EncryptedPackage": package})), wanted)
    for name, made in [("other-password-agile.docx", agile(document, OTHER)),
                       ("other-password-standard.docx", standard(document, OTHER)),
                       ("endless-rounds.docx", agile(document, EXCEL, count=1000, said=4_000_000_000))]:
        info, package = made
        case(FOLDER, name, compound(Storage({"EncryptionInfo": info, "EncryptedPackage": package})), [],
             [gap("encrypted")], ["DIFFUSION"])
    info, package = agile(document, EXCEL)
    case(FOLDER, "cut.docx", compound(Storage({"EncryptionInfo": info, "EncryptedPackage": package[:-600]})),
         [text("body-text", "Ligne 50 d'un compte rendu")], [gap("truncated"), gap("corrupt")])


if __name__ == "__main__":
    workbooks()
    presentations()
    packages()
