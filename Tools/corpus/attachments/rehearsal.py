#!/usr/bin/env python3
"""Packs the documents that a reader of documents reads once before all others.

    Tools/corpus/attachments/rehearsal.py

They are small cases of Corpus/attachments, one of each kind of reader; the output is the same at every run.
"""

import pathlib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
CASES = [
    "doc/roles.doc", "xls/roles.xls", "ppt/records.ppt", "outlook/message.msg", "word/roles.docx",
    "opendocument/roles.odt", "rtf/roles.rtf", "html/roles.html", "mail/nested.eml", "mail/two.mbox",
    "pdf/running-header.pdf", "pdf/annotations.pdf",
]


def main():
    path = ROOT / "Sources" / "VigieAttachments" / "Rehearsal" / "samples.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for case in CASES:
            member = zipfile.ZipInfo(case.split("/")[1], (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, (ROOT / "Corpus" / "attachments" / case).read_bytes(), compresslevel=9)


main()
