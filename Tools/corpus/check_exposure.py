#!/usr/bin/env python3
"""Hold what vigie says of the intruder of an archive of Tools/corpus/incident --access-log against what is true.

    Tools/corpus/check_exposure.py PATH-OF-VIGIE FOLDER

What could be read must be just what the archive was made to hold, with and without the log, and what was read must lie
within what the log was made to show; nothing may have been read that could not be. Exit code 0 when all is well, 1 when
not.
"""

import datetime
import json
import pathlib
import subprocess
import sys


def moment(milliseconds):
    """RFC 3339 of a time."""
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[1])
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    could, did = truth["could"], truth["did"]
    claims = [f"messages={did['messages_least']}", f"messages={did['messages_most'] + 1}", f"media={did['media']}",
              f"media={did['media'] + 1}", f"bytes={did['media_bytes']}", f"readable:rooms={could['rooms']}",
              f"readable:messages={could['messages']}", f"readable:media={could['media']}"]
    command = [arguments[0], "exposure", str(folder / truth["archive"]), "--account", truth["intruder"], "--from",
               moment(truth["from"]), "--to", moment(truth["to"]), "--json", "--quiet"]
    faults = []

    def expect(name, found, wanted):
        print(f"{name:28} {found!s:>44}  {'as it is' if found == wanted else f'NOT {wanted}'}")
        if found != wanted:
            faults.append(name)

    for logged in (False, True):
        more = ["--access-log", str(folder / "access.log"), *(f"--claim={claim}" for claim in claims)] if logged else []
        result = subprocess.run(command + more, capture_output=True, check=False)
        if result.returncode not in (0, 1, 3):
            sys.exit(result.stderr.decode())
        report = json.loads(result.stdout)
        for name in ("rooms", "messages", "edits", "media", "media_bytes"):
            expect(f"could {name}", report["could"][name], dict(certain=could[name], possible=could[name]))
        kinds = report["reckoning"]
        expect("messages of public rooms", sum(kinds[kind]["total"] for kind in ("messages", "edits")), truth["messages"])
        expect("media", kinds["media"]["total"], truth["media"])
        expect("accounts", kinds["accounts"]["total"], truth["accounts"])
        if not logged:
            expect("did", report["did"], None)
    for name in ("media", "media_bytes"):
        expect(f"did {name}", report["did"][name], dict(certain=did[name], possible=did[name]))
    expect("did rooms", report["did"]["rooms"]["certain"], did["rooms"])
    expect("requests", report["did"]["requests"], did["requests"])
    expect("did messages", report["did"]["messages"], dict(certain=did["messages_least"], possible=did["messages_most"]))
    for name in ("rooms", "accounts", "messages", "media", "media_bytes", "marked"):
        for end in ("certain", "possible"):
            if report["did"][name][end] > report["could"][name][end]:
                faults.append(f"more {name} were read than could be")
    expect("claims", [claim["verdict"] for claim in report["claims"]],
           ["confirmed", "contradicted", "confirmed", "contradicted", "confirmed", "confirmed", "confirmed", "confirmed"])
    print("all is well" if not faults else "wrong: " + ", ".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
