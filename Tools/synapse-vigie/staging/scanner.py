"""Act five: matrix-content-scanner with Tools/mcs-vigie as its script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from staging.crypto import encrypted_file
from staging.homeserver import Answer, request
from staging.processes import Process, free_port
from staging.scene import Scene
from staging.vigie import CLEAN, MARKED, SOURCE

_BASE = "/_matrix/media_proxy/unstable"


def play(scene: Scene) -> None:
    """Scans and asserts."""
    report = scene.report
    vigie, python = scene.programs.vigie, scene.programs.scanner_python
    report.section("matrix-content-scanner")
    if vigie is None or python is None:
        report.skip("matrix-content-scanner", "needs --vigie and --scanner-python")
        return
    with _Scanner(scene, python, vigie) as scanner:
        _plain(scene, scanner)
        _decrypted(scene, scanner)
    report.section("matrix-content-scanner without a verdict")
    with _Scanner(scene, python, "/nonexistent/vigie") as scanner:
        address = _uploaded(scene, CLEAN)
        got = scanner.get(f"scan/{address}")
        report.equal("closed: a file that nobody judged is dirty", got.body.get("clean"), False)
    with _Scanner(scene, python, "/nonexistent/vigie", fail="open") as scanner:
        got = scanner.get(f"scan/{address}")
        report.equal("open: it is clean", got.body.get("clean"), True)


def _plain(scene: Scene, scanner: _Scanner) -> None:
    report = scene.report
    clean, marked = _uploaded(scene, CLEAN), _uploaded(scene, MARKED)
    got = scanner.get(f"scan/{clean}")
    report.equal("a harmless file is clean", (got.status, got.body.get("clean")), (200, True))
    got = scanner.get(f"download/{clean}")
    report.equal("and can be downloaded", (got.status, got.body), (200, CLEAN))
    got = scanner.get(f"scan/{marked}")
    report.equal("a marked file is dirty", (got.status, got.body.get("clean")), (200, False))
    got = scanner.get(f"download/{marked}")
    reason = got.body.get("reason")
    report.equal("and cannot be", (got.status, reason), (403, "MCS_MEDIA_NOT_CLEAN"))
    got = scanner.get(f"scan/{scene.server.name}/doesnotexist")
    report.equal("a file that is not there is an error", got.status, 404)
    left = [one for one in scanner.temporary.rglob("*") if one.is_file()]
    report.equal("no file is left behind", left, [])
    log = scanner.log.read_text(errors="replace")
    report.check("its log does not say the marking", "DIFFUSION RESTREINTE" not in log)


def _decrypted(scene: Scene, scanner: _Scanner) -> None:
    for text, is_clean in ((CLEAN, True), (MARKED, False)):
        data, file = encrypted_file(text.encode())
        uploaded = scene.ann.upload(data, "x", "application/octet-stream")
        file["url"] = uploaded.body["content_uri"]
        got = scanner.post("scan_encrypted", {"file": file})
        word = "harmless" if is_clean else "marked"
        scene.report.equal(
            f"an encrypted {word} file is judged by what it holds",
            (got.status, got.body.get("clean")),
            (200, is_clean),
        )


def _uploaded(scene: Scene, text: str) -> str:
    address: str = scene.ann.upload(text.encode(), "note.txt").body["content_uri"]
    return address.removeprefix("mxc://")


class _Scanner:
    """A running matrix-content-scanner."""

    def __init__(self, scene: Scene, python: str, vigie: str, fail: str = "closed") -> None:
        directory = Path(scene.server.directory) / f"scanner-{fail}-{abs(hash(vigie))}"
        self.temporary = directory / "files"
        self.temporary.mkdir(parents=True)
        self.log = directory / "log"
        self._port = free_port()
        configuration = directory / "config.yaml"
        configuration.write_text(
            json.dumps(
                {
                    "web": {"host": "127.0.0.1", "port": self._port},
                    "scan": {
                        "script": str(SOURCE / "Tools" / "mcs-vigie"),
                        "temp_directory": str(self.temporary),
                        "removal_command": "rm",
                    },
                    "download": {"base_homeserver_url": scene.server.url},
                    "crypto": {
                        "pickle_path": str(directory / "pickle"),
                        "pickle_key": "stage",
                    },
                }
            )
        )
        command = [python, "-m", "matrix_content_scanner.mcs", "-c", str(configuration)]
        environment = {"VIGIE": vigie, "VIGIE_MCS_FAIL": fail}
        self._process = Process("matrix-content-scanner", command, self.log, environment)

    def __enter__(self) -> _Scanner:
        self._process.wait_for(lambda: self.get("public_key").status == 200)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stop()

    def get(self, path: str) -> Answer:
        """A request of its API."""
        return request("GET", f"http://127.0.0.1:{self._port}{_BASE}/{path}")

    def post(self, path: str, body: Any) -> Answer:
        """A request of its API with a body."""
        return request("POST", f"http://127.0.0.1:{self._port}{_BASE}/{path}", body)
