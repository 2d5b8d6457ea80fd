"""The stage: `python -m staging`; Tools/synapse-vigie/stage installs what it needs and runs it."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from staging import antispam, configuration, faults, messages, policy, redaction, scanner, uploads
from staging.processes import StageError
from staging.report import Report
from staging.scene import Programs, set_scene

ACTS = {
    "configuration": configuration.play,
    "messages": messages.play,
    "uploads": uploads.play,
    "redaction": redaction.play,
    "faults": faults.play,
    "scanner": scanner.play,
    "antispam": antispam.play,
    "policy": policy.play,
}


def main() -> int:
    """Plays the acts and returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", help="vigie-serve; without it a double takes its place")
    parser.add_argument("--vigie", help="vigie, for matrix-content-scanner and keys")
    parser.add_argument("--scanner-python", help="the Python that has matrix-content-scanner")
    parser.add_argument("--only", choices=ACTS, action="append", help="an act, more than once")
    parser.add_argument("--keep", action="store_true", help="keep logs and data")
    arguments = parser.parse_args()
    report = Report()
    directory = Path(tempfile.mkdtemp(prefix="synapse-stage-"))
    who = arguments.serve or "its double: vigie-serve is not built"
    report.section(f"a real Synapse, and {who}")
    scene = None
    try:
        scene = set_scene(report, directory, arguments.serve, sys.executable)
        scene.programs = Programs(arguments.vigie, arguments.scanner_python)
        for name in arguments.only or ACTS:
            try:
                ACTS[name](scene)
            except (LookupError, TypeError, AttributeError) as error:
                # An answer of another shape than the act expects; the next act may still hold.
                report.check(f"{name} can be played to the end", False, repr(error))
        report.check("Synapse runs still", scene.server.is_running)
    except StageError as error:
        report.check("the stage stands", False, str(error))
        print(error, file=sys.stderr)
    finally:
        if scene is not None:
            scene.server.stop()
            scene.vigie.stop()
            if not arguments.keep:
                shutil.rmtree(scene.vigie.directory, ignore_errors=True)
        if arguments.keep:
            print(f"kept: {directory}", scene.vigie.directory if scene else "")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
