#!/usr/bin/env python3
"""Makes Corpus/attachments/word, spreadsheet, presentation, opendocument, html and xml.

Every byte is written here, so that the result is the same on every machine.

Run: Tools/corpus/attachments/office.py
"""

import office_markup
import office_odf
import office_slides
import office_word

if __name__ == "__main__":
    office_word.make()
    office_slides.make()
    office_odf.make()
    office_markup.make()
