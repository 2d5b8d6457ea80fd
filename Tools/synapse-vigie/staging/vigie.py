"""Vigie for the stage: the real vigie-serve, or its double where there is none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from staging.processes import Process, StageError, free_port

TESTS = Path(__file__).resolve().parent.parent / "tests"
SOURCE = Path(__file__).resolve().parents[3]

# The texts of the stage, each with the verdict it must have in a public room. The double knows
# them by these words; the real rules know them by themselves.
CLEAN = "Bonjour, la réunion est à dix heures."
MARKED = "DIFFUSION RESTREINTE\nNote de service du bureau des transmissions"
BLACKED = "TLP:AMBER\nNote de situation"
PERSONAL = "Mon numéro de sécurité sociale est 1 85 05 78 006 084 91"
NOWHERE = "COSMIC TOP SECRET\nNote"

WORDS = {
    "block": ["diffusion restreinte"],
    "redact": ["tlp:amber"],
    "warn": ["1 85 05 78 006 084 91"],
    "everywhere": ["cosmic top secret"],
}

# Before the cases that are shipped: one verdict of each kind for the stage.
POLICY_CASES = """
  - { name: nowhere, when: { usage: applied, level: top-secret }, verdict: block, tip: marked }
  - { name: blacked-out, when: { usage: applied, scheme: tlp }, verdict: redact, tip: marked }
"""


# Of clients over TCP; it guards nothing but the stage.
TOKEN = "the-token-of-the-stage"


class Vigie:
    """One server, which the stage kills, stops and starts at will."""

    def __init__(self, directory: Path, serve: str | None, media: Path) -> None:
        self.directory = directory
        self.serve = serve
        # Over TCP the double does not listen.
        self.port = free_port()
        self.media = media
        self.socket = directory / "vigie.sock"
        self.rules = directory / "rules"
        self.policy = directory / "policy.yaml"
        # A folder of its own, so that a disk of its own can be mounted there.
        self.disk = directory / "disk"
        self.audit = self.disk / "audit"
        self.log = directory / "vigie.log"
        self._process: Process | None = None
        directory.mkdir(parents=True, exist_ok=True)
        self.disk.mkdir(exist_ok=True)
        if serve is None:
            self.rules.mkdir(exist_ok=True)
            self._words.write_text(json.dumps(WORDS))
        else:
            shutil.copytree(SOURCE / "Rules", self.rules, dirs_exist_ok=True)
            shipped = (self.rules / "policies" / "default.yaml").read_text()
            self.policy.write_text(shipped.replace("\ncases:\n", "\ncases:\n" + POLICY_CASES, 1))

    @property
    def is_double(self) -> bool:
        """Whether it is the double."""
        return self.serve is None

    @property
    def _words(self) -> Path:
        return self.rules / "words.json"

    def start(self, *more: str, slow: bool = False) -> None:
        """Starts it; a slow double takes 2 ms for each request, as one on a busy machine might."""
        self.stop()
        self.audit.mkdir(exist_ok=True)
        common = ["--socket", str(self.socket), "--rules", str(self.rules)]
        common += ["--audit", str(self.audit), "--attachment-root", str(self.media)]
        if self.serve is None:
            command = [sys.executable, str(TESTS / "double.py"), *common]
            command += ["--service-ms", "2"] if slow else []
        else:
            command = [self.serve, *common, "--policy", str(self.policy), "--fail", "closed"]
            command += ["--media", str(self.audit.with_name("media.sqlite"))]
            command += ["--listen", f"127.0.0.1:{self.port}", *more]
        self._process = Process("Vigie", command, self.log, {"VIGIE_TOKEN": TOKEN})
        self._process.wait_for(self.answers)

    def answers(self) -> bool:
        """Whether it says hello."""
        try:
            with Frames(self.socket) as frames:
                return frames.hello()
        except OSError:
            return False

    def stop(self) -> None:
        """Ends it as an operator would."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """Ends it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def hang(self) -> None:
        """Stops it from running, its sockets open."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Lets it run again."""
        self._signal(signal.SIGCONT)

    def reload(self) -> None:
        """Has it read its rules again."""
        self._signal(signal.SIGHUP)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise StageError("Vigie does not run")
        self._process.send(number)

    @property
    def _breakable(self) -> Path:
        return self._words if self.is_double else self.rules / "markings" / "fr.yaml"

    def break_rules(self) -> None:
        """Leaves half of a rule file, as a full disk or an interrupted copy would."""
        whole = self._breakable.read_bytes()
        self._breakable.with_suffix(".whole").write_bytes(whole)
        self._breakable.write_bytes(whole[: len(whole) // 2])

    def mend_rules(self) -> None:
        """Puts the rules back."""
        os.replace(self._breakable.with_suffix(".whole"), self._breakable)

    def audit_text(self) -> str:
        """All lines of the audit."""
        files = sorted(self.audit.glob("*.jsonl"))
        return "".join(file.read_text(errors="replace") for file in files)


class SmallDisk:
    """A disk of 1 MiB over the audit, to be filled; needs root, as mounting does."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._filler = directory / "filler"

    @staticmethod
    def is_possible() -> bool:
        """Whether this user may mount."""
        return os.geteuid() == 0 and shutil.which("mount") is not None

    def mount(self) -> bool:
        """Whether it is there now."""
        command = ["mount", "-t", "tmpfs", "-o", "size=1m", "vigie-stage", str(self.directory)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fill(self) -> None:
        """Leaves not one byte."""
        with self._filler.open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Makes room again."""
        self._filler.unlink()

    def unmount(self) -> None:
        """Takes it away."""
        subprocess.run(["umount", "-l", str(self.directory)], capture_output=True, check=False)


class Frames:
    """A client of the framed protocol that has no manners: for load and for checks."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(2)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise

    def __enter__(self) -> Frames:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, kind: int, number: int, payload: Any) -> None:
        """Sends a frame."""
        self._socket.sendall(frame(kind, number, payload))

    def pour(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._socket.sendall(data)

    def drain(self) -> None:
        """Reads and throws away until the connection ends."""
        with suppress(OSError):
            while self._socket.recv(1 << 20):
                pass

    def end(self) -> None:
        """Ends the connection, whoever reads from it."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def receive(self) -> tuple[int, int, Any]:
        """Kind, number and payload of the next frame."""
        (length,) = struct.unpack(">I", self._exactly(4))
        data = self._exactly(length)
        kind, number = struct.unpack_from(">BI", data)
        return kind, number, json.loads(data[5:])

    def hello(self) -> bool:
        """Whether the server greets back."""
        self.send(0x01, 0, {"protocol": 1})
        return self.receive()[0] == 0x81

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise OSError("closed")
            data += more
        return data


def frame(kind: int, number: int, payload: Any) -> bytes:
    """The bytes of a frame."""
    body = struct.pack(">BI", kind, number) + json.dumps(payload).encode()
    return struct.pack(">I", len(body)) + body
