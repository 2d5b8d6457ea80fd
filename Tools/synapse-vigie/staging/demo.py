"""Shows to a person what the module does: `Tools/demo-synapse`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

from staging.homeserver import Answer
from staging.processes import StageError
from staging.report import Report
from staging.scene import NAMESPACE, Scene, set_scene
from staging.vigie import BLACKED, CLEAN, MARKED, NOWHERE, PERSONAL


def main() -> int:
    """Shows it; exit code 1 where something was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", help="vigie-serve; without it a double takes its place")
    parser.add_argument("--keep", action="store_true", help="stay until Ctrl-C")
    arguments = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="synapse-demo-"))
    scene = None
    print(f"Starting Synapse and {arguments.serve or 'a double of Vigie (not built here)'} …")
    try:
        scene = set_scene(Report(), directory, arguments.serve, sys.executable)
        scene.server.start([scene.module(redact=True)])
        is_right = show(scene)
        if arguments.keep:
            stay(scene)
        return 0 if is_right else 1
    except StageError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if scene is not None:
            scene.server.stop()
            scene.vigie.stop()
            shutil.rmtree(scene.vigie.directory, ignore_errors=True)
        shutil.rmtree(directory, ignore_errors=True)


def show(scene: Scene) -> bool:
    """Plays the demo; whether everything was as it should be."""
    ann = scene.ann
    told = Teller(scene)
    told.say("ann writes in #Annonces, a public room", scene.public, CLEAN, 200)
    told.say("a marked note, by mistake", scene.public, MARKED, 403)
    told.say("… with every letter apart", scene.public, "D I F F U S I O N restreinte\nNote", None)
    told.say("the same note in 'Cellule', private and encrypted", scene.encrypted, MARKED, 200)
    told.say("a message of which one part is blacked out", scene.public, BLACKED, 200)
    told.say("personal data", scene.private, PERSONAL, 403)
    told.answer(
        "a room with a marked name", ann.create_room(preset="public_chat", name=f"{MARKED}"), 403
    )
    told.answer("a file that no room may hold", ann.upload(NOWHERE.encode(), "note.txt"), 403)
    uploaded = ann.upload(MARKED.encode(), "note.txt")
    told.answer("a file that some rooms may hold", uploaded, 200)
    if uploaded.status == 200:
        file: dict[str, Any] = {"msgtype": "m.file", "body": "note.txt"}
        file["url"] = uploaded.body["content_uri"]
        told.answer("… named in the public room", ann.send(scene.public, file), 403)
    scene.vigie.kill()
    told.say("Vigie dies; a public room fails closed", scene.public, CLEAN, 403)
    told.say("… and a private one open", scene.encrypted, CLEAN, 200)
    scene.vigie.start()
    time.sleep(1)  # the longest that the module waits before it tries again
    told.say("Vigie is back; nobody touched Synapse", scene.public, CLEAN, 200)
    print("\nWhat bob sees in #Annonces:")
    for event in reversed(scene.bob.history(scene.public)):
        if event["type"] == "m.room.message":
            print(textwrap.indent(event["content"].get("body", "(redacted)"), "  │ "))
    print("\nWhat Vigie's audit holds (the last lines; never a text):")
    for line in scene.vigie.audit_text().splitlines()[-3:]:
        print("  " + line[:160])
    return told.is_right


class Teller:
    """Prints what is sent and what comes back."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.is_right = True

    def say(self, what: str, room: str, text: str, wanted: int | None) -> None:
        """Sends a text and shows it."""
        print(f"\n▶ {what}")
        print(textwrap.indent(text, "    "))
        self._show(self._scene.ann.say(room, text), wanted)

    def answer(self, what: str, answer: Answer, wanted: int) -> None:
        """Shows an answer."""
        print(f"\n▶ {what}")
        self._show(answer, wanted)

    def _show(self, answer: Answer, wanted: int | None) -> None:
        if answer.status == 200:
            print("  ← 200 stored")
        else:
            body = answer.body if isinstance(answer.body, dict) else {}
            print(f"  ← {answer.status} {body.get('errcode')}")
            print(textwrap.indent(str(body.get("error")), "    "))
            summary = body.get(NAMESPACE, {})
            kept = ("verdict", "level", "failure", "override")
            short = {key: summary[key] for key in kept if summary.get(key) is not None}
            short["findings"] = [
                {key: one.get(key) for key in ("rule", "masked", "range")}
                for one in summary.get("findings", [])
            ]
            print(f"    {NAMESPACE}: {json.dumps(short, ensure_ascii=False)}")
        if wanted is not None and answer.status != wanted:
            self.is_right = False
            print(f"  !! {wanted} was expected")


def stay(scene: Scene) -> None:
    """Waits for Ctrl-C."""
    print(f"\nA Matrix client can connect to {scene.server.url}")
    print("as ann or bob, password: stage. Ctrl-C ends it all.")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    sys.exit(main())
