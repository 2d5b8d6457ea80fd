#!/usr/bin/env python3
"""Makes the PDF documents of Corpus/attachments/pdf and what each of them must give.

    . Tools/lib/common.sh
    "$(python_with pdf reportlab==5.1.0 pikepdf==10.18.0)" Tools/corpus/attachments/pdf.py [--check]

The same bytes come out each time: nothing in a document is drawn by lot or depends on the clock.
--check makes them in memory and says which differ. Persons and units are invented.
"""
import sys

import pdf_hostile  # noqa: F401  each module makes its documents when it is loaded
import pdf_objects  # noqa: F401
import pdf_pages  # noqa: F401
from pdf_drawing import FOLDER, made


def main():
    stale = []
    for name, data in sorted(made.items()):
        path = FOLDER / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_bytes() != data:
                stale.append(name)
            continue
        FOLDER.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if "--check" in sys.argv[1:]:
        stale += sorted(p.name for p in FOLDER.iterdir() if p.name not in made)
        for name in stale:
            print(f"{FOLDER.name}/{name} is not what Tools/corpus/attachments/pdf.py makes")
        sys.exit(1 if stale else 0)


main()
