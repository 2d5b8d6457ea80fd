"""The module's part of homeserver.yaml, checked before Synapse starts."""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from synapse.module_api.errors import ConfigError

# Longer than a person waits for a message to be sent.
MAX_TIMEOUT_MS = 60_000

# Grammar of identifiers with a namespace: https://spec.matrix.org/v1.11/appendices/#common-namespaced-identifier-grammar
_NAMESPACE = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9_-]+)+")
_ERRCODE = re.compile(r"[A-Z][A-Z0-9_]{0,100}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

# Keys of an error that belong to Matrix itself.
_RESERVED = {"errcode", "error"}

# What senders read when nobody judged their message. `not_judged` adds languages.
_NOT_JUDGED = {
    "en": "Your message could not be checked: it was not sent. Try again in a moment.",
    "fr": "Votre message n'a pas pu être vérifié : il n'a pas été envoyé. "
    "Réessayez dans un instant.",
}

# What senders read where the policy has no tip for what it refuses.
_REFUSED = {
    "en": "This was refused by the rules on protected information.",
    "fr": "Ceci a été refusé par les règles de protection de l'information.",
}


class Fail(enum.Enum):
    """What happens to what nobody judged."""

    OPEN = "open"
    CLOSED = "closed"


class Warn(enum.Enum):
    """What happens on the verdict `warn`."""

    REFUSE = "refuse"
    PASS = "pass"


@dataclass(frozen=True)
class FailPolicy:
    """What happens to what nobody judged, by who can read the room."""

    public: Fail = Fail.CLOSED
    private: Fail = Fail.OPEN
    unknown: Fail = Fail.CLOSED
    # An upload has no room yet; one that was not inspected is a gap when an event names it.
    upload: Fail = Fail.OPEN
    # Refused here, an event of another server stays on that server and in its members' clients,
    # and is lost to ours for good, even when Vigie is back.
    remote: Fail = Fail.OPEN


@dataclass(frozen=True)
class MediaRoot:
    """Where Vigie sees the media store, if not under the path that Synapse has for it."""

    synapse: str
    vigie: str

    def path(self, path: str) -> str:
        """The path under which Vigie finds a file of Synapse; others stay as they are."""
        if path.startswith(self.synapse + "/"):
            return self.vigie + path[len(self.synapse) :]
        return path


@dataclass(frozen=True)
class Config:
    """Everything an operator can set; the defaults are those of README.md."""

    socket: str
    timeout_ms: int = 500
    upload_timeout_ms: int = 10_000
    fail: FailPolicy = FailPolicy()
    languages: tuple[str, ...] = ("fr", "en")
    namespace: str = "org.vigie"
    errcode: str = "ORG_VIGIE_BLOCKED"
    errcode_not_judged: str = "ORG_VIGIE_NOT_JUDGED"
    warn: Warn = Warn.REFUSE
    redact: bool = False
    uploads: bool = True
    media_root: MediaRoot | None = None
    not_judged: Mapping[str, str] = field(default_factory=lambda: dict(_NOT_JUDGED))
    refused: Mapping[str, str] = field(default_factory=lambda: dict(_REFUSED))

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Config:
        """Reads the mapping under `config:`; raises ConfigError that names the key and the mend."""
        known = {entry.name for entry in fields(cls)}
        for key in raw:
            if key not in known:
                raise ConfigError(f"unknown key; known are {', '.join(sorted(known))}", [str(key)])
        if "socket" not in raw:
            raise ConfigError("missing: the path of the socket of vigie-serve", ["socket"])
        values: dict[str, Any] = {key: _READERS[key](value, key) for key, value in raw.items()}
        return cls(**values)


def _absolute_path(value: object, key: str) -> str:
    if not isinstance(value, str) or not os.path.isabs(value):
        raise ConfigError("must be an absolute path", key.split("."))
    return os.path.normpath(value)


def _milliseconds(value: object, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_TIMEOUT_MS:
        raise ConfigError(f"must be a number of milliseconds, 1 to {MAX_TIMEOUT_MS}", [key])
    return value


def _boolean(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError("must be true or false", [key])
    return value


def _fail(value: object, key: str) -> Fail:
    try:
        return Fail(value)
    except ValueError:
        raise ConfigError("must be open or closed", key.split(".")) from None


def _fail_policy(value: object, key: str) -> FailPolicy:
    if isinstance(value, str):
        everywhere = _fail(value, key)
        return FailPolicy(*[everywhere] * len(fields(FailPolicy)))
    kinds = [entry.name for entry in fields(FailPolicy)]
    if not isinstance(value, Mapping):
        raise ConfigError(f"must be open, closed or a mapping of {', '.join(kinds)}", [key])
    for kind in value:
        if kind not in kinds:
            raise ConfigError(f"unknown key; known are {', '.join(kinds)}", [key, str(kind)])
    return FailPolicy(**{kind: _fail(one, f"{key}.{kind}") for kind, one in value.items()})


def _languages(value: object, key: str) -> tuple[str, ...]:
    tags = [value] if isinstance(value, str) else value
    if not isinstance(tags, list) or not tags:
        raise ConfigError("must be a language tag such as fr, or a list of them", [key])
    for tag in tags:
        if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
            raise ConfigError("must hold language tags such as fr", [key])
    return tuple(tags)


def _namespace(value: object, key: str) -> str:
    if not isinstance(value, str) or not _NAMESPACE.fullmatch(value) or value in _RESERVED:
        raise ConfigError("must be a reversed domain name such as org.example.dlp", [key])
    return value


def _errcode(value: object, key: str) -> str:
    if not isinstance(value, str) or not _ERRCODE.fullmatch(value):
        raise ConfigError("must be capitals, digits and _, such as ORG_EXAMPLE_BLOCKED", [key])
    return value


def _warn(value: object, key: str) -> Warn:
    try:
        return Warn(value)
    except ValueError:
        raise ConfigError("must be refuse or pass", [key]) from None


def _media_root(value: object, key: str) -> MediaRoot | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"synapse", "vigie"}:
        raise ConfigError("must map synapse and vigie to the path that each sees", [key])
    return MediaRoot(**{side: _absolute_path(value[side], f"{key}.{side}") for side in value})


def _texts(shipped: Mapping[str, str]) -> Any:
    def read(value: object, key: str) -> Mapping[str, str]:
        if not isinstance(value, Mapping):
            raise ConfigError("must map language tags to texts", [key])
        for tag, text in value.items():
            if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
                raise ConfigError("must have language tags such as fr as keys", [key])
            if not isinstance(text, str) or not text.strip():
                raise ConfigError("must be a text", [key, tag])
        return {**shipped, **value}

    return read


_READERS: Mapping[str, Any] = {
    "socket": _absolute_path,
    "timeout_ms": _milliseconds,
    "upload_timeout_ms": _milliseconds,
    "fail": _fail_policy,
    "languages": _languages,
    "namespace": _namespace,
    "errcode": _errcode,
    "errcode_not_judged": _errcode,
    "warn": _warn,
    "redact": _boolean,
    "uploads": _boolean,
    "media_root": _media_root,
    "not_judged": _texts(_NOT_JUDGED),
    "refused": _texts(_REFUSED),
}
