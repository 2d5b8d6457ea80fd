"""What tests of a running server share."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable

from running import Server

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PUBLIC = {"id": "!p:agence.example", "visibility": "public", "encrypted": False}
PRIVATE = {"id": "!s:agence.example", "visibility": "private", "encrypted": True}
MARKED = "DIFFUSION RESTREINTE\nNote de service"
# The server looks once a second, on a machine that is shared.
PATIENCE = 20.0


def option(name: str) -> str:
    """The value of an option of ours, taken from the command line before unittest reads it."""
    if name not in sys.argv:
        raise SystemExit(f"usage: {sys.argv[0]} --serve PATH --vigie PATH [-k NAME]")
    at = sys.argv.index(name)
    value = os.path.abspath(sys.argv[at + 1])
    del sys.argv[at : at + 2]
    return value


SERVE, VIGIE = option("--serve"), option("--vigie")


class Patient(unittest.TestCase):
    """Waits for what the server notices by itself."""

    def eventually(self, holds: Callable[[], bool], words: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, words)
            time.sleep(0.05)


class Shared(unittest.TestCase):
    """Tests that share one server."""

    options: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="vigie-files-")
        cls.server = Server(SERVE, "--attachment-root", cls.folder.name, *cls.options)

    @classmethod
    def tearDownClass(cls) -> None:
        with cls.server as server:
            code = server.stop()
            complaints = server.complaints()
            audit = subprocess.run([VIGIE, "audit", "verify", server.audit], capture_output=True, check=False)
        cls.folder.cleanup()
        assert code == 0, f"exit code {code}: {complaints}"
        assert audit.returncode == 0, audit.stdout
