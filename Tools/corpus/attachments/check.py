#!/usr/bin/env python3
"""Says whether the generators of Corpus/attachments still make what is committed; ends with 1 where they do not.

    Tools/corpus/attachments/check.py [GENERATOR…]

Runs them on a copy of the corpus, with nothing but Python and, for archives and locked documents, the programs that they
name; then compares every file. The DOC, XLS and PPT of LibreOffice (legacy.py) hold its version and the time and are left
out; text, PDF and pictures with words have a `--check` of their own (encoded.py, pdf.py, pictures.py).
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

GENERATORS = ["office.py", "mail.py", "containers.py", "images.py", "writers.py", "locked.py"]
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CORPUS = pathlib.Path("Corpus") / "attachments"


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def main():
    failed = False
    for generator in sys.argv[1:] or GENERATORS:
        with tempfile.TemporaryDirectory() as scratch:
            copy = pathlib.Path(scratch)
            shutil.copytree(HERE, copy / HERE.relative_to(ROOT), ignore=shutil.ignore_patterns("__pycache__"))
            shutil.copytree(ROOT / CORPUS, copy / CORPUS)
            made = copy / HERE.relative_to(ROOT) / generator
            done = subprocess.run([sys.executable, "-B", made], cwd=copy, capture_output=True, text=True)
            if done.returncode:
                print(f"{generator}: ended with {done.returncode}: {done.stderr.strip()[-300:]}")
                failed = True
                continue
            before, after = contents(ROOT / CORPUS), contents(copy / CORPUS)
            differing = sorted(str(name) for name in before.keys() | after.keys() if before.get(name) != after.get(name))
            print(f"{generator}: " + (", ".join(differing) + " differ" if differing else "as committed"))
            failed = failed or bool(differing)
    sys.exit(1 if failed else 0)


main()
