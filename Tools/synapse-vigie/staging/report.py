"""What the stage asserts: one line for each, and whether all held."""

from __future__ import annotations

import sys
from typing import Any


class Report:
    """Counts and prints assertions."""

    def __init__(self) -> None:
        self.held = 0
        self.failed = 0

    def section(self, title: str) -> None:
        """Begins a group."""
        print(f"── {title}", flush=True)

    def check(self, what: str, holds: bool, seen: Any = None) -> bool:
        """One assertion; what was seen is printed where it does not hold."""
        if holds:
            self.held += 1
            print(f"ok    {what}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {what}\n      seen: {seen!r}"[:2000], flush=True)
        return holds

    def equal(self, what: str, seen: Any, wanted: Any) -> bool:
        """One assertion that two values are equal."""
        return self.check(what, seen == wanted, {"seen": seen, "wanted": wanted})

    def skip(self, what: str, why: str) -> None:
        """Says what was not asserted: it must never pass for having held."""
        print(f"SKIP  {what}: {why}", flush=True)

    def finish(self) -> int:
        """The exit code."""
        print(f"{self.held} held, {self.failed} failed", flush=True)
        if self.held == 0:
            print("nothing was asserted", file=sys.stderr)
        return 1 if self.failed or self.held == 0 else 0
