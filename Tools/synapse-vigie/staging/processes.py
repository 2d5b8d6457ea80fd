"""Processes of the stage: started with their output in a file, and always ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path


class StageError(Exception):
    """Something the stage itself needs is missing or does not start."""


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def holds_within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something holds, waiting for it up to so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def wait_until(what: str, holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for something to hold; raises StageError when it does not."""
    if not holds_within(seconds, holds):
        raise StageError(f"{what}: not within {seconds:.0f} s")


class Process:
    """One child. Its group is its own, so that what it starts ends with it."""

    def __init__(
        self, name: str, command: list[str], log: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._child.poll() is None

    def wait_for(self, holds: Callable[[], bool], seconds: float = 60) -> None:
        """Waits until it is ready; its log is shown if it ends or does not get there."""

        def ready() -> bool:
            if not self.is_running:
                raise StageError(f"{self.name} ended:\n{self.tail()}")
            return holds()

        try:
            wait_until(self.name, ready, seconds)
        except StageError as error:
            raise StageError(f"{error}\n{self.tail()}") from None

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])

    def send(self, number: signal.Signals) -> None:
        """Signals it and what it started."""
        if self.is_running:
            os.killpg(self._child.pid, number)

    def wait(self) -> None:
        """Waits for it to end by itself."""
        self._child.wait()

    def kill(self) -> None:
        """Ends it as a crash would."""
        self.send(signal.SIGKILL)
        self._child.wait()

    def stop(self) -> None:
        """Asks it to end, and ends it if it does not."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self._child.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
