"""Finds restricted-distribution markings in chat messages: libvigie.so for Python.

    import vigie

    with vigie.Vigie() as filter:
        review = filter.check({"id": "1", "body": "Ci-joint la note, DIFFUSION RESTREINTE"})
        if review["verdict"] in ("warn", "redact", "hold", "block"):
            print(review["tip"]["fr"])

One Vigie serves any number of threads; while one is in the library the others run. Messages and
reviews are those of `vigie check --jsonl`. Python 3.9 or later, no other package.
"""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Optional, Union

__all__ = ["InvalidMessage", "Vigie", "VigieError", "load", "version"]

_OK, _BAD_LINE = 0, 3
_ALLOW_PATHS = 1

_PathLike = Union[str, "os.PathLike[str]"]
_AnyPath = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


class VigieError(Exception):
    """The library did not do what it was asked; `status` says why in one word."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason or status)
        self.status = status


class InvalidMessage(VigieError):
    """A message is not valid; `code` is that of the error line."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__("bad-line", reason)
        self.code = code


class _Options(ctypes.Structure):
    """vigie_options."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("flags", ctypes.c_uint64),
        ("rules", ctypes.c_char_p),
        ("sites", ctypes.POINTER(ctypes.c_char_p)),
        ("site_count", ctypes.c_size_t),
        ("policy", ctypes.c_char_p),
        ("key_file", ctypes.c_char_p),
        ("trusted_keys", ctypes.c_char_p),
    ]


def load(path: Optional[_PathLike] = None) -> ctypes.CDLL:
    """Loads the library.

    Without a path: the one VIGIE_LIBRARY names, the one in ../lib or beside this file, or the one
    the system finds. Should the library ever end the process, the Swift run-time must not print
    memory (text of messages perhaps) to standard error: that is switched off here unless
    SWIFT_BACKTRACE is set.
    """
    os.environ.setdefault("SWIFT_BACKTRACE", "enable=no")
    if path is None:
        path = os.environ.get("VIGIE_LIBRARY")
    if path is None:
        here = Path(__file__).resolve().parent
        beside = (here.parent / "lib" / "libvigie.so", here / "libvigie.so")
        path = next((str(file) for file in beside if file.exists()), "libvigie.so")
    library = ctypes.CDLL(os.fspath(path))

    # void * where C has char **: what is handed out is freed by its address.
    out = ctypes.POINTER(ctypes.c_void_p)
    size = ctypes.POINTER(ctypes.c_size_t)
    text, count, handle = ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p
    for name, result, arguments in (
        ("vigie_open", ctypes.c_int, (ctypes.POINTER(_Options), out, out)),
        ("vigie_check", ctypes.c_int, (handle, text, count, out, size)),
        ("vigie_check_text", ctypes.c_int, (handle, text, count, text, out, size)),
        ("vigie_check_file", ctypes.c_int, (handle, text, text, text, out, size)),
        ("vigie_reload", ctypes.c_int, (handle, out)),
        ("vigie_ruleset", ctypes.c_int, (handle, out)),
        ("vigie_close", None, (handle,)),
        ("vigie_free", None, (ctypes.c_void_p,)),
        ("vigie_version", ctypes.c_char_p, ()),
        ("vigie_status_text", ctypes.c_char_p, (ctypes.c_int,)),
    ):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
    return library


def version(library: Optional[ctypes.CDLL] = None) -> str:
    """The version of the library."""
    return str((library or load()).vigie_version().decode())


class Vigie:
    """Rules that are loaded, ready to check."""

    def __init__(
        self,
        *,
        rules: Optional[_PathLike] = None,
        sites: Sequence[_PathLike] = (),
        policy: Optional[_PathLike] = None,
        key_file: Optional[_PathLike] = None,
        trusted_keys: Optional[_PathLike] = None,
        allow_paths: bool = False,
        library: Optional[ctypes.CDLL] = None,
    ) -> None:
        """Loads rules; the arguments are the members of vigie_options.

        Raises VigieError where rules or keys cannot be used; its text says where, why and the mend.
        """
        # First, so that close() does not fail where loading does.
        self._handle = ctypes.c_void_p()
        self._library = library or load()
        array = (ctypes.c_char_p * len(sites))(*map(_path, sites))
        options = _Options(
            size=ctypes.sizeof(_Options),
            flags=_ALLOW_PATHS if allow_paths else 0,
            rules=_path(rules),
            sites=ctypes.cast(array, ctypes.POINTER(ctypes.c_char_p)),
            site_count=len(sites),
            policy=_path(policy),
            key_file=_path(key_file),
            trusted_keys=_path(trusted_keys),
        )
        error = ctypes.c_void_p()
        status = self._library.vigie_open(
            ctypes.byref(options), ctypes.byref(self._handle), ctypes.byref(error)
        )
        self._demand(status, error)

    def check(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The review of a message; raises InvalidMessage where it is not valid."""
        return _review(self.check_line(json.dumps(message).encode()))

    def check_line(self, line: bytes) -> bytes:
        """The review line of a check line, or the error line of one that is not valid."""
        out, size = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._library.vigie_check(
            self._handle, line, len(line), ctypes.byref(out), ctypes.byref(size)
        )
        return self._line(status, out, size)

    def check_text(
        self, text: Union[str, bytes], channel: Optional[Mapping[str, Any]] = None
    ) -> dict[str, Any]:
        """The review of a text as a message; ranges count bytes of its UTF-8."""
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
        out, size = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._library.vigie_check_text(
            self._handle, data, len(data), _channel(channel), ctypes.byref(out), ctypes.byref(size)
        )
        return _review(self._line(status, out, size))

    def check_file(
        self,
        path: _AnyPath,
        name: Optional[str] = None,
        channel: Optional[Mapping[str, Any]] = None,
    ) -> dict[str, Any]:
        """The review of a file under a name; one that cannot be read is a gap in it."""
        shown = None if name is None else _terminated(name.encode("utf-8", "surrogatepass"))
        out, size = ctypes.c_void_p(), ctypes.c_size_t()
        status = self._library.vigie_check_file(
            self._handle,
            _terminated(os.fsencode(path)),
            shown,
            _channel(channel),
            ctypes.byref(out),
            ctypes.byref(size),
        )
        return _review(self._line(status, out, size))

    def reload(self) -> None:
        """Reads the rules again; where they cannot be used VigieError says why, and nothing changes."""
        error = ctypes.c_void_p()
        self._demand(self._library.vigie_reload(self._handle, ctypes.byref(error)), error)

    @property
    def ruleset(self) -> str:
        """The rules and policy in use, such as `sha256:9f86d081884c7d65`."""
        out = ctypes.c_void_p()
        status = self._library.vigie_ruleset(self._handle, ctypes.byref(out))
        text = self._take(out)
        self._demand(status)
        return text.decode()

    def close(self) -> None:
        """Closes; checks of other threads that are under way end well."""
        # The number stays: it is not given out again, and a later call answers `not-open`.
        self._library.vigie_close(self._handle)

    def __enter__(self) -> Vigie:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Neither is there where loading the library failed.
        if getattr(self, "_library", None) is not None:
            self.close()

    def _line(self, status: int, out: ctypes.c_void_p, size: ctypes.c_size_t) -> bytes:
        line = self._take(out, size.value)
        if status not in (_OK, _BAD_LINE):
            self._demand(status)
        return line

    def _demand(self, status: int, error: Optional[ctypes.c_void_p] = None) -> None:
        """Raises VigieError unless a status is that of success; takes what was handed out."""
        reason = b"" if error is None else self._take(error)
        if status != _OK:
            word = self._library.vigie_status_text(status).decode()
            raise VigieError(word, reason.decode("utf-8", "replace"))

    def _take(self, out: ctypes.c_void_p, size: int = -1) -> bytes:
        """The bytes at an address that was handed out, which is freed."""
        if not out:
            return b""
        try:
            return ctypes.string_at(out, size)
        finally:
            self._library.vigie_free(out)


def _review(line: bytes) -> dict[str, Any]:
    review: dict[str, Any] = json.loads(line)
    if "error" in review:
        raise InvalidMessage(review["error"]["code"], review["error"]["message"])
    return review


def _channel(channel: Optional[Mapping[str, Any]]) -> Optional[bytes]:
    return None if channel is None else json.dumps(channel).encode()


def _path(path: Optional[_PathLike]) -> Optional[bytes]:
    return None if path is None else _terminated(os.fsencode(path))


def _terminated(text: bytes) -> bytes:
    """A text that C can see the end of."""
    if b"\0" in text:
        raise ValueError("a name or path holds a NUL")
    return text
