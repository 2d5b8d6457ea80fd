#!/usr/bin/env python3
"""Scan the sample archives and compare what is found with what was planted in them.

    Tools/corpus/check_scan.py PATH-OF-VIGIE

Every planted applied marking must be found with its scheme in its message, in the body or the file
name as planted, and no message in which nothing was planted may be stopped. Usage mistakes on
mentioned markings are shown and do not count: `vigie rules eval` measures them. Exit code 0 when
all is well, 1 when not, 2 when the scan could not run.
"""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Corpus" / "archives" / "sample"


def scan(vigie, archive):
    """The reviews of an archive by message id, and the exit code."""
    with tempfile.TemporaryDirectory() as directory:
        report = pathlib.Path(directory) / "findings.jsonl"
        command = [vigie, "scan", str(archive), "--quiet", "--report", f"jsonl={report}"]
        code = subprocess.run(command, check=False).returncode
        if code not in (0, 1, 3):
            sys.exit(2)
        lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    return {line["id"]: line for line in lines if "verdict" in line}


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    planted = collections.defaultdict(list)
    with open(FOLDER / "planted.jsonl", encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            planted[entry["archive"], entry["message"]].append(entry)
    faults, found, total = [], 0, 0
    for archive in sorted({key[0] for key in planted}):
        reviews = scan(arguments[0], FOLDER / archive)
        for (name, message), entries in planted.items():
            if name != archive:
                continue
            findings = reviews.get(message, {}).get("findings", [])
            for entry in entries:
                total += 1
                inside = [
                    finding for finding in findings
                    if finding["scheme"] == entry["scheme"]
                    and (finding["place"]["role"] == "filename") == (entry["where"] == "filename")
                ]
                kind = f"{entry['usage']} {entry['scheme']} {'+'.join(entry['disguise'])}".strip()
                if not inside:
                    if entry["usage"] == "applied":
                        faults.append(f"{archive} {message}: {kind} was not found")
                    continue
                found += 1
                if all(finding["usage"] != entry["usage"] for finding in inside):
                    print(f"note: {archive} {message}: {kind} has the other usage")
        for message, review in reviews.items():
            if (archive, message) not in planted and review["verdict"] not in ("allow", "log"):
                faults.append(f"{archive} {message}: stopped, and nothing was planted there")
    for fault in faults:
        print(fault)
    print(f"{found} of {total} planted markings found, {len(faults)} faults")
    return 1 if faults or not total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
