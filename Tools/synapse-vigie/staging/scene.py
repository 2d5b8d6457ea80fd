"""The scene that all acts share: a server, its users and its rooms."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from staging.homeserver import Answer, Client, Homeserver
from staging.report import Report
from staging.vigie import Vigie

# The module's own timeout in the stage.
TIMEOUT_MS = 500

# What Synapse itself may take for a request on a loaded machine, seconds.
SLACK = 2.0

NAMESPACE = "org.vigie"
ENCRYPTION = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


@dataclass(frozen=True)
class Programs:
    """Programs that some acts need, and without which they are skipped."""

    vigie: str | None = None
    # The Python that has matrix-content-scanner.
    scanner_python: str | None = None


@dataclass
class Scene:
    """Everything an act needs."""

    report: Report
    server: Homeserver
    vigie: Vigie
    ann: Client
    bob: Client
    public: str
    private: str
    encrypted: str
    programs: Programs = field(default_factory=Programs)

    def module(self, **more: Any) -> dict[str, Any]:
        """The module as homeserver.yaml names it."""
        return module(self.vigie, **more)

    def refused(self, what: str, answer: Answer, **wanted: Any) -> dict[str, Any]:
        """Asserts that a client was refused with all that it needs; returns the summary."""
        body = answer.body if isinstance(answer.body, dict) else {}
        summary: dict[str, Any] = body.get(NAMESPACE) or {}
        wanted = {"errcode": "ORG_VIGIE_BLOCKED", "verdict": "block", **wanted}
        seen = {"errcode": body.get("errcode"), **{key: summary.get(key) for key in wanted}}
        seen["errcode"] = body.get("errcode")
        holds = answer.status == 403 and seen == wanted and bool(body.get("error"))
        self.report.check(f"{what}: 403 {wanted['errcode']}", holds, answer)
        return summary

    def stored(self, what: str, answer: Answer) -> None:
        """Asserts that something was taken."""
        self.report.check(f"{what}: 200", answer.status == 200, answer)


def module(vigie: Vigie, **more: Any) -> dict[str, Any]:
    """The module as homeserver.yaml names it."""
    config = {"socket": str(vigie.socket), "timeout_ms": TIMEOUT_MS, **more}
    return {"module": "synapse_vigie.VigieModule", "config": config}


def set_scene(report: Report, directory: Path, serve: str | None, python: str) -> Scene:
    """Starts Vigie and Synapse, and makes two users and three rooms."""
    server = Homeserver(directory / "synapse", python)
    # Sockets have short paths.
    vigie = Vigie(Path(tempfile.mkdtemp(prefix="vigie-stage-")), serve, server.media)
    try:
        vigie.start()
        server.start([module(vigie)])
        ann, bob = server.register("ann"), server.register("bob")
        public = ann.room(name="Annonces", preset="public_chat")
        private = ann.room(name="Bureau", preset="private_chat", invite=[bob.user])
        encrypted = ann.room(
            name="Cellule",
            preset="private_chat",
            invite=[bob.user],
            initial_state=[ENCRYPTION],
        )
        for room in (public, private, encrypted):
            bob.join(room)
    except BaseException:
        server.stop()
        vigie.stop()
        raise
    return Scene(report, server, vigie, ann, bob, public, private, encrypted)
