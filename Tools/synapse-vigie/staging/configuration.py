"""Act zero: a mistake in the configuration stops Synapse, and says where it is."""

from __future__ import annotations

from staging.processes import StageError
from staging.scene import Scene


def play(scene: Scene) -> None:
    """Starts with mistakes and asserts."""
    report = scene.report
    report.section("mistakes in the configuration")
    for what, key, settings in (
        ("an unknown key", "timeout", {"timeout": 5}),
        ("a wrong value", "fail", {"fail": "ajar"}),
        ("a relative path", "socket", {"socket": "vigie.sock"}),
    ):
        mark = scene.server.log_mark()
        try:
            scene.server.start([scene.module(**settings)])
            report.check(f"{what} stops Synapse from starting", False)
        except StageError:
            said = scene.server.log_since(mark)
            holds = f"modules.<item 0>.config.{key}" in said and "must be" in said
            holds = holds or ("known are" in said and key in said)
            report.check(f"{what} stops Synapse, which names {key!r}", holds, said[-600:])
    scene.server.start([scene.module()])
