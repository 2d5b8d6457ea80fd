"""A Synapse on loopback with SQLite, and clients that speak to it as Element would."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from staging.processes import Process, StageError, free_port

_SECRET = "stage"
_FAST = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True)
class Answer:
    """What a client got."""

    status: int
    body: Any


class Homeserver:
    """One Synapse, which may be started again with another configuration of the module.

    With a name, under which others find it, it federates.
    """

    def __init__(self, directory: Path, python: str, name: str | None = None) -> None:
        self.directory = directory
        self.python = python
        self.media = directory / "media"
        self.log = directory / "synapse.log"
        self.port = free_port()
        self.name = name or "vigie.test"
        self.federates = name is not None
        # Levels of the loggers of modules.
        self.loggers = {"synapse_vigie": "INFO"}
        self._process: Process | None = None
        directory.mkdir(parents=True, exist_ok=True)
        self.media.mkdir(exist_ok=True)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, modules: list[dict[str, Any]]) -> None:
        """Starts, or starts again, with these modules."""
        self.stop()
        configuration = self.directory / "homeserver.yaml"
        configuration.write_text(json.dumps(self._configuration(modules)))
        command = [self.python, "-m", "synapse.app.homeserver", "-c", str(configuration)]
        if not (self.directory / "signing.key").exists():
            Process("key of Synapse", [*command, "--generate-keys"], self.log).wait()
        self._process = Process("Synapse", command, self.log)
        self._process.wait_for(lambda: self.get("/_matrix/client/versions").status == 200)

    def stop(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    @property
    def pid(self) -> int:
        """The process of Synapse."""
        if self._process is None:
            raise StageError("Synapse does not run")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.is_running

    def _configuration(self, modules: list[dict[str, Any]]) -> dict[str, Any]:
        log = self.directory / "log.yaml"
        log.write_text(
            json.dumps(
                {
                    "version": 1,
                    "formatters": {
                        "f": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
                    },
                    "handlers": {"c": {"class": "logging.StreamHandler", "formatter": "f"}},
                    "root": {"level": "WARNING", "handlers": ["c"]},
                    "loggers": {name: {"level": level} for name, level in self.loggers.items()},
                }
            )
        )
        resources = ["client", "media", "metrics"]
        # Names of the stage are addresses of loopback, with certificates that nobody signed.
        others: dict[str, Any] = {"federation_domain_whitelist": []}
        if self.federates:
            resources.append("federation")
            others = {"federation_verify_certificates": False, "ip_range_blacklist": []}
        limits = ["rc_message", "rc_registration", "rc_joins_per_room", "rc_media_create"]
        return {
            "server_name": self.name,
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "resources": [{"names": resources}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.directory / "db")}},
            "media_store_path": str(self.media),
            "signing_key_path": str(self.directory / "signing.key"),
            "log_config": str(log),
            "pid_file": str(self.directory / "pid"),
            "registration_shared_secret": _SECRET,
            "macaroon_secret_key": _SECRET,
            "form_secret": _SECRET,
            "report_stats": False,
            "enable_metrics": True,
            # matrix-content-scanner 1.0.8 knows no other download.
            "enable_authenticated_media": False,
            **others,
            "trusted_key_servers": [],
            "url_preview_enabled": False,
            "max_upload_size": "50M",
            "modules": modules,
            **{limit: _FAST for limit in limits},
            "rc_joins": {"local": _FAST, "remote": _FAST},
            "rc_login": {"address": _FAST, "account": _FAST, "failed_attempts": _FAST},
            "rc_invites": {"per_room": _FAST, "per_user": _FAST, "per_issuer": _FAST},
            "rc_room_creation": _FAST,
        }

    def get(self, path: str) -> Answer:
        """A request without an account."""
        return request("GET", self.url + path)

    def metrics(self, name: str, **labels: str) -> float:
        """The sum of a metric over all of its labels but these."""
        text = self.get("/_synapse/metrics").body
        total = 0.0
        for line in str(text).splitlines():
            found = re.fullmatch(name + r"(?:\{(.*)\})? (\S+)", line)
            if found and all(
                f'{key}="{value}"' in (found[1] or "") for key, value in labels.items()
            ):
                total += float(found[2])
        return total

    def log_since(self, mark: int) -> str:
        """What was logged since a mark."""
        with self.log.open("rb") as file:
            file.seek(mark)
            return file.read().decode(errors="replace")

    def log_mark(self) -> int:
        """Where the log ends now."""
        return self.log.stat().st_size if self.log.exists() else 0

    def register(self, user: str, is_admin: bool = False) -> Client:
        """An account and its client."""
        nonce = self.get("/_synapse/admin/v1/register").body["nonce"]
        kind = "admin" if is_admin else "notadmin"
        said = "\0".join([nonce, user, "stage", kind]).encode()
        mac = hmac.new(_SECRET.encode(), said, hashlib.sha1).hexdigest()
        answer = request(
            "POST",
            self.url + "/_synapse/admin/v1/register",
            {"nonce": nonce, "username": user, "password": "stage", "admin": is_admin, "mac": mac},
        )
        if answer.status != 200:
            raise StageError(f"registering {user}: {answer}")
        return Client(self, answer.body["user_id"], answer.body["access_token"])


class Client:
    """One user's client."""

    def __init__(self, server: Homeserver, user: str, token: str) -> None:
        self.server = server
        self.user = user
        self.token = token
        self._transaction = 0

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """A request of the client-server API."""
        return request(method, f"{self.server.url}/_matrix/{path}", body, self.token)

    def create_room(self, **settings: Any) -> Answer:
        """Asks for a room."""
        return self.call("POST", "client/v3/createRoom", settings)

    def room(self, **settings: Any) -> str:
        """A room that must come to be."""
        answer = self.create_room(**settings)
        if answer.status != 200:
            raise StageError(f"no room: {answer}")
        room: str = answer.body["room_id"]
        return room

    def join(self, room: str, through: str | None = None) -> None:
        """Enters a room, of another server through that one."""
        query = f"?via={quote(through)}&server_name={quote(through)}" if through else ""
        answer = self.call("POST", f"client/v3/join/{quote(room)}{query}", {})
        if answer.status != 200:
            raise StageError(f"not joined: {answer}")

    def send(self, room: str, content: dict[str, Any], kind: str = "m.room.message") -> Answer:
        """Sends an event."""
        self._transaction += 1
        path = f"client/v3/rooms/{quote(room)}/send/{kind}/t{self._transaction}"
        return self.call("PUT", path, content)

    def say(self, room: str, text: str, **more: Any) -> Answer:
        """Sends a text."""
        return self.send(room, {"msgtype": "m.text", "body": text, **more})

    def set(self, room: str, kind: str, content: dict[str, Any]) -> Answer:
        """Sets state of a room."""
        return self.call("PUT", f"client/v3/rooms/{quote(room)}/state/{kind}/", content)

    def upload(self, data: bytes, name: str, mimetype: str = "text/plain") -> Answer:
        """Uploads a file."""
        path = f"/_matrix/media/v3/upload?filename={quote(name)}"
        return request("POST", self.server.url + path, data, self.token, mimetype)

    def download(self, address: str) -> Answer:
        """Downloads an `mxc:` address."""
        path = "media/v3/download/" + address.removeprefix("mxc://")
        return self.call("GET", path)

    def history(self, room: str) -> list[dict[str, Any]]:
        """The last events that the room holds, newest first."""
        answer = self.call("GET", f"client/v3/rooms/{quote(room)}/messages?dir=b&limit=100")
        events: list[dict[str, Any]] = answer.body["chunk"]
        return events

    def holds(self, room: str, text: str) -> bool:
        """Whether any event of the room has a text anywhere."""
        return any(text in json.dumps(one, ensure_ascii=False) for one in self.history(room))


def quote(text: str) -> str:
    """A text as a part of a path."""
    return urllib.parse.quote(text, safe="")


def request(
    method: str,
    url: str,
    body: Any = None,
    token: str | None = None,
    mimetype: str = "application/json",
) -> Answer:
    """One HTTP request; no server is an answer of status 0."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Content-Type": mimetype} if data is not None else {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    asked = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=60) as response:
            return Answer(response.status, _read(response.read()))
    except urllib.error.HTTPError as error:
        return Answer(error.code, _read(error.read()))
    except OSError as error:
        return Answer(0, str(error))


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode(errors="replace")
