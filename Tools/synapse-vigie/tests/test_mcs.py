"""The script of matrix-content-scanner: what it passes on, and that nothing but 0 is clean."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from unittest import TestCase

SCRIPT = Path(__file__).resolve().parents[2] / "mcs-vigie"


class ScriptTests(TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.file = self.directory / "--a file"
        self.file.write_text("x")

    def run_script(
        self, *arguments: str, vigie: str | None = None, body: str = "exit 0", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs it with a program in place of vigie that does what `body` says."""
        if vigie is None:
            program = self.directory / "vigie"
            program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@"\n{body}\n')
            program.chmod(0o755)
            vigie = str(program)
        return subprocess.run(
            [str(SCRIPT), *arguments],
            env={"PATH": os.environ["PATH"], "VIGIE": vigie, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_what_vigie_is_asked(self) -> None:
        done = self.run_script("--channel", "private", str(self.file))
        self.assertEqual(done.returncode, 0)
        fixed = ["check", "--exit-on", "hold", "--gaps", "policy", "--channel", "private", "--"]
        self.assertEqual(done.stdout.splitlines(), [*fixed, str(self.file)])

    def test_only_a_verdict_is_clean(self) -> None:
        for body, code in (
            ("exit 0", 0),
            ("exit 1", 1),
            ("exit 2", 2),
            ("exit 3", 3),
            ("kill -ILL $$", 132),
            ("sleep 9", 124),
        ):
            with self.subTest(body):
                asked = self.run_script(str(self.file), body=body, VIGIE_MCS_TIMEOUT="0.5")
                self.assertEqual(asked.returncode, code)
                self.assertEqual("not judged" in asked.stderr, code > 1)

    def test_open_lets_pass_what_nobody_judged_but_no_verdict(self) -> None:
        for body, code in (("exit 0", 0), ("exit 1", 1), ("exit 2", 0), ("kill -ILL $$", 0)):
            with self.subTest(body):
                asked = self.run_script(str(self.file), body=body, VIGIE_MCS_FAIL="open")
                self.assertEqual(asked.returncode, code)

    def test_what_is_missing_is_no_verdict(self) -> None:
        for done in (
            self.run_script(str(self.directory / "absent")),
            self.run_script(str(self.file), vigie="/nonexistent/vigie"),
            self.run_script(),
            self.run_script(str(self.file), VIGIE_MCS_FAIL="ajar"),
        ):
            self.assertGreater(done.returncode, 1)
            self.assertTrue(done.stderr)
            self.assertNotIn("a file", done.stderr)

    def test_a_crash_leaves_no_memory_in_the_log(self) -> None:
        done = self.run_script(str(self.file), body='echo "backtrace: $SWIFT_BACKTRACE"')
        self.assertIn("backtrace: enable=no", done.stdout)
