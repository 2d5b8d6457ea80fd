"""Reads documents with the Python library of their format: a peer of Tools/bench/documents.

    python Tools/bench/read_documents.py [--isolated] LIBRARY FILE…

Takes what Vigie is asked for too: the text, tables, headers and notes. Prints how many letters there were: of all
files together, or, isolated, of each one by a process of its own, a copy of one that has loaded the library.
"""
import os
import sys


def docx(path):
    from docx import Document
    document = Document(path)
    yield from (p.text for p in document.paragraphs)
    for grid in document.tables:
        yield from (cell.text for row in grid.rows for cell in row.cells)
    for section in document.sections:
        yield from (p.text for part in (section.header, section.footer) for p in part.paragraphs)


def openpyxl(path):
    from openpyxl import load_workbook
    # The fastest way that the library has; it does not give formulas and values at once.
    book = load_workbook(path, read_only=True)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            yield from (str(value) for value in row if value is not None)


def pptx(path):
    from pptx import Presentation
    for slide in Presentation(path).slides:
        yield from (shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def odf(path):
    from odf import opendocument, teletype
    yield teletype.extractText(opendocument.load(path).body)


def xlrd(path):
    from xlrd import open_workbook
    for sheet in open_workbook(path).sheets():
        for row in range(sheet.nrows):
            yield from (str(value) for value in sheet.row_values(row))


def striprtf(path):
    from striprtf.striprtf import rtf_to_text
    with open(path, encoding="latin-1") as file:
        yield rtf_to_text(file.read())


def email(path):
    import email
    import email.policy
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    yield from (str(value) for value in message.values())
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()
        elif part.get_content_type() == "application/octet-stream":
            import io
            yield from docx(io.BytesIO(part.get_content()))


def mailbox(path):
    import mailbox
    for message in mailbox.mbox(path):
        yield from (str(value) for value in message.values())
        yield message.get_payload(decode=True).decode()


def msg(path):
    import extract_msg
    with extract_msg.openMsg(path) as message:
        yield message.subject or ""
        yield message.body or ""
        for attached in message.attachments:
            yield attached.data.decode()


def lxml(path):
    from lxml import html
    yield html.parse(path).getroot().text_content()


def isolated(read, paths):
    """Reads each file in a copy of this process, which has read the first one already: nothing is loaded again."""
    list(read(paths[0]))
    for path in paths:
        child = os.fork()
        if not child:
            print(sum(map(len, read(path))), flush=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit(os.waitstatus_to_exitcode(status))


def main():
    arguments = sys.argv[1:]
    if arguments[0] == "--isolated":
        return isolated(globals()[arguments[1]], arguments[2:])
    read, count = globals()[arguments[0]], 0
    for path in arguments[1:]:
        count += sum(map(len, read(path)))
    print(count)


main()
