#!/usr/bin/env python3
"""Writes documents again with nothing packed, so that damage by lot meets what lies within and not the packing.

    Tools/bench/unpacked_documents.py Corpus/attachments FOLDER
    vigie-bench mutate FOLDER 10000

Members of ZIPs (and of ZIPs within) are stored; streams of PDFs are unpacked where the command qpdf is there.
"""
import io
import pathlib
import shutil
import subprocess
import sys
import zipfile

# Bombs stay packed: what they unpack to is no document to damage.
MOST_BYTES = 1 << 20
MOST_DEPTH = 3


def stored(data, depth=0):
    """A ZIP with its members stored; anything else, and what cannot be read, as it is."""
    if not data.startswith(b"PK\x03\x04") or depth > MOST_DEPTH:
        return data
    output = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as plain:
            for member in packed.infolist():
                if member.file_size > MOST_BYTES:
                    return data
                plain.writestr(zipfile.ZipInfo(member.filename), stored(packed.read(member), depth + 1))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return data  # encrypted, damaged or packed in another way: the Corpus has those too
    return output.getvalue()


def unpacked_pdf(path):
    """A PDF with its streams unpacked, or nothing where it cannot be read."""
    if not shutil.which("qpdf"):
        return None
    done = subprocess.run(["qpdf", "--stream-data=uncompress", "--object-streams=disable", "--decrypt", path, "-"],
                          capture_output=True)
    return done.stdout if done.returncode in (0, 3) and done.stdout else None


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), 0
    for path in sorted(source.rglob("*")):
        if not path.is_file() or path.name.endswith(".case.json") or path.stat().st_size > MOST_BYTES:
            continue
        data = path.read_bytes()
        plain = unpacked_pdf(path) if data.startswith(b"%PDF-") else stored(data)
        if plain is None or plain == data or len(plain) > MOST_BYTES:
            continue
        written = target / path.relative_to(source)
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_bytes(plain)
        count += 1
    print(f"{count} documents")


if __name__ == "__main__":
    main()
