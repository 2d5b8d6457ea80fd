"""Starts vigie-serve for tests and benchmarks, and asks it over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from typing import Any

TOKEN = "a-token-of-a-test-0123456789"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("vigie", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


class Server:
    """A server in a folder of its own; ends with the block that holds it."""

    def __init__(self, binary: str, *options: str, tcp: bool = True, folder: str | None = None, before: Callable[[], None] | None = None) -> None:
        self.kept = None if folder else tempfile.TemporaryDirectory(prefix="vigie-serve-")
        self.folder = folder or (self.kept.name if self.kept else "")
        self.socket = os.path.join(self.folder, "s.sock")
        self.audit = os.path.join(self.folder, "audit")
        self.errors = open(os.path.join(self.folder, "errors"), "ab")
        command = [os.path.abspath(binary), "--socket", self.socket, "--audit", self.audit, "--media", os.path.join(self.folder, "media.sqlite"), *options]
        if tcp:
            command += ["--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "VIGIE_TOKEN": TOKEN},
            cwd=self.folder,
            preexec_fn=before,
        )
        self.port = 0
        waiting = 1 + int(tcp)
        held = b""
        assert self.process.stdout
        while waiting > 0:
            ready, _, _ = select.select([self.process.stdout], [], [], 120)
            data = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not data:
                raise RuntimeError("vigie-serve did not start: " + self.complaints())
            held += data
            *lines, held = held.split(b"\n")
            for line in lines:
                waiting -= 1
                if b"http://" in line:
                    self.port = int(line.rsplit(b":", 1)[1])

    def complaints(self) -> str:
        """What it wrote to standard error."""
        with open(os.path.join(self.folder, "errors"), encoding="utf-8") as file:
            return file.read()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ends it; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()
        self.errors.close()
        if self.kept:
            self.kept.cleanup()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        tcp: bool = False,
        token: str | None = TOKEN,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one answer; a body that is no bytes is sent as JSON."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60) if tcp else UnixConnection(self.socket)
        fields = dict(headers or {})
        if tcp and token:
            fields["Authorization"] = f"Bearer {token}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            client.request(method, path, data, fields)
            answer = client.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            client.close()

    def json(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of an answer of status 200."""
        status, _, data = self.ask(method, path, body, **options)
        assert status == 200, (status, data)
        return json.loads(data)

    def holds(self) -> dict[str, int]:
        """What it holds: kilobytes of memory of its own, threads, open files."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
        return {
            "kilobytes": int(status["RssAnon"].split()[0]),
            "threads": int(status["Threads"]),
            "files": len(os.listdir(f"/proc/{self.process.pid}/fd")),
        }

    def entries(self) -> list[Any]:
        """What its audit holds, as far as the entries are whole."""
        entries = []
        for name in sorted(os.listdir(self.audit)):
            if name.endswith(".jsonl"):
                with open(os.path.join(self.audit, name), encoding="utf-8") as file:
                    entries += [json.loads(line) for line in file if line.endswith("}\n")]
        return entries

    def metric(self, name: str) -> float:
        """The value of one series of /metrics, named with its labels; 0 where it is not there."""
        _, _, page = self.ask("GET", "/metrics")
        for line in page.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.rsplit(" ", 1)[1])
        return 0.0
