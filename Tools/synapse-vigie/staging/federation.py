"""Two servers that federate; the name of one of them is that of a policy server, too."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from staging.crypto import unpadded, write_certificate
from staging.homeserver import Homeserver
from staging.processes import Process, StageError, free_port
from staging.scene import Scene
from staging.vigie import Vigie

# What the front gives a server behind it to answer, seconds.
FRONT_TIMEOUT = 2.0


class Front:
    """TLS on a port, and who answers behind it."""

    def __init__(self, certificate: Path, log: Path) -> None:
        self.port = free_port()
        self.name = f"127.0.0.1:{self.port}"
        self._certificate = certificate
        self._log = log
        self._process: Process | None = None

    def start(self, *routes: tuple[str, int]) -> None:
        """Starts it."""
        command = [sys.executable, "-m", "staging.front", str(self.port), str(self._certificate)]
        command += [str(FRONT_TIMEOUT), *(f"{prefix}={port}" for prefix, port in routes)]
        self._process = Process("the front", command, self._log)

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.kill()
            self._process = None


class Federation:
    """A homeserver where people write, a second one, and Vigie under the name of the second.

    The second one is there because a policy server must have a member in each room; for the paths
    of a policy server its front asks Vigie.
    """

    def __init__(self, scene: Scene, vigie: str) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="federation-", dir=scene.server.directory))
        certificate = self._directory / "certificate.pem"
        write_certificate(certificate)
        log = self._directory / "front.log"
        self.near_front, self.far_front = Front(certificate, log), Front(certificate, log)
        python = scene.server.python
        self.near = Homeserver(self._directory / "near", python, self.near_front.name)
        self.far = Homeserver(self._directory / "far", python, self.far_front.name)
        # Sockets have short paths.
        directory = Path(tempfile.mkdtemp(prefix="vigie-stage-"))
        self.vigie = Vigie(directory, scene.vigie.serve, self.near.media)
        self.key, self.other_key = (self._make_key(vigie, name) for name in ("key", "other"))

    def _make_key(self, vigie: str, name: str) -> Path:
        path = self._directory / name
        command = [vigie, "rules", "bundle", "--generate-key", "--key", str(path)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise StageError(f"no key: {made.stderr}")
        return path

    def __enter__(self) -> Federation:
        try:
            self.start_vigie()
            self.near.start([])
            self.far.start([])
            self.near_front.start(("", self.near.port))
            self.start_far_front()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self.near_front, self.far_front, self.near, self.far, self.vigie):
            one.stop()
        shutil.rmtree(self.vigie.directory, ignore_errors=True)

    def start_far_front(self) -> None:
        """Lets the second name be reached."""
        self.far_front.start(("/_matrix/policy/", self.vigie.port), ("", self.far.port))

    def start_vigie(self, key: Path | None = None, *more: str) -> None:
        """Starts the policy server, with its own key unless another is given."""
        name = ["--policy-server-name", self.far.name]
        self.vigie.start(*name, "--policy-server-key", str(key or self.key), *more)

    def policy(self) -> dict[str, Any]:
        """What `m.room.policy` says."""
        public = bytes.fromhex(self.key.with_name(self.key.name + ".pub").read_text())
        return {"via": self.far.name, "public_keys": {"ed25519": unpadded(public)}}

    def event(self, event_id: str) -> dict[str, Any]:
        """An event as the first server keeps it."""
        database = sqlite3.connect(f"file:{self.near.directory / 'db'}?mode=ro", uri=True)
        try:
            query = "SELECT json FROM event_json WHERE event_id = ?"
            (text,) = database.execute(query, (event_id,)).fetchone()
        finally:
            database.close()
        event: dict[str, Any] = json.loads(text)
        return event

    def signatures(self, event_id: str) -> set[str]:
        """The keys of the policy server that signed an event, as the first server keeps it."""
        return set(self.event(event_id)["signatures"].get(self.far.name, {}))
