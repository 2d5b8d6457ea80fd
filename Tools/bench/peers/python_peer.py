"""The peers that are libraries of Python, asked over lines as peer.h says: python_peer.py KIND RECORDS RULES."""
import re
import struct
import sys
import time

BLOCK = 65_536


def read_rules(path):
    with open(path, encoding="utf-8") as lines:
        return [re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), line.rstrip("\n").partition("\t")[2])
                for line in lines]


def read_texts(path):
    """Messages, and blocks of them joined by line feeds."""
    data = open(path, "rb").read()
    messages, at = [], 0
    while at + 4 <= len(data):
        count, = struct.unpack_from("<I", data, at)
        messages.append(data[at + 4:at + 4 + count])
        at += 4 + count
    blocks, block = [], bytearray()
    for message in messages:
        block += message + b"\n"
        if len(block) >= BLOCK:
            blocks.append(bytes(block))
            block = bytearray()
    return messages, blocks + ([bytes(block)] if block else [])


def yara_x(rules):
    """One rule for each phrase or expression, as libyara gets them."""
    import yara_x as engine
    compiler, refused = engine.Compiler(), 0
    for number, rule in enumerate(rules):
        source = f"rule r{number} {{ strings: $a = {rule} condition: $a }}"
        try:
            engine.compile(source)
            compiler.add_source(source)
        except engine.CompileError:
            refused += 1
    scanner = engine.Scanner(compiler.build())
    scanner.fast_scan(True)
    return refused, lambda text: len(scanner.scan(text).matching_rules)


def presidio(rules):
    """A recognizer for each phrase or expression, and no model of a language: that would cost far more."""
    import regex
    import spacy
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    recognizers, refused = [], 0
    for number, rule in enumerate(rules):
        try:
            regex.compile(rule)
        except regex.error:
            refused += 1
            continue
        recognizers.append(PatternRecognizer(f"R{number}", patterns=[Pattern("p", rule, 0.5)], global_regex_flags=0))

    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def is_loaded(self):
            return True
    engine = AnalyzerEngine(registry=RecognizerRegistry(recognizers), nlp_engine=Blank())
    return refused, lambda text: len(engine.analyze(text.decode(errors="replace"), language="en"))


def detect_secrets(_):
    """With its own plugins: it takes no rules of others."""
    from detect_secrets.core.scan import scan_line
    from detect_secrets.settings import default_settings
    settings = default_settings()  # in force as long as it lives
    settings.__enter__()
    return 0, lambda text: sum(1 for line in text.decode(errors="replace").splitlines() for _ in scan_line(line) if settings)


def main():
    kind, records, path = sys.argv[1:]
    rules = read_rules(path)
    refused, scan = {"yara-x": yara_x, "presidio": presidio, "detect-secrets": detect_secrets}[kind](rules)
    if kind != "detect-secrets":
        print("rules", len(rules) - refused, refused)
    messages, blocks = read_texts(records)
    print("ready", flush=True)
    for line in sys.stdin:
        job = line.strip()
        texts = blocks if job == "blocks" else messages
        start = time.thread_time_ns()
        hits = sum(scan(text) for text in texts)
        print(job, time.thread_time_ns() - start, sum(map(len, texts)), len(texts), hits, flush=True)


if __name__ == "__main__":
    main()
