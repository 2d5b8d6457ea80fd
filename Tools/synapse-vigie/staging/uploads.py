"""Act two: uploads, and the events that name them."""

from __future__ import annotations

from staging.homeserver import Answer
from staging.scene import Scene
from staging.vigie import CLEAN, MARKED, NOWHERE


def play(scene: Scene) -> None:
    """Uploads and asserts."""
    report, ann, bob = scene.report, scene.ann, scene.bob
    report.section("uploads")
    before = _files(scene)
    answer = ann.upload(NOWHERE.encode(), "note.txt")
    scene.refused("an upload that no room may hold", answer, level="top-secret")
    report.equal("nothing of it is on the disk", _files(scene), before)
    harmless = ann.upload(CLEAN.encode(), "note.txt")
    scene.stored("a harmless upload", harmless)
    marked = ann.upload(MARKED.encode(), "note.txt")
    scene.stored("a marked upload, which some rooms may hold", marked)
    if marked.status != 200 or harmless.status != 200:
        return
    plain, secret = harmless.body["content_uri"], marked.body["content_uri"]

    def share(room: str, address: str) -> Answer:
        content = {"msgtype": "m.file", "body": "note.txt", "url": address}
        return ann.send(room, {**content, "info": {"mimetype": "text/plain"}})

    scene.stored("the harmless file in a public room", share(scene.public, plain))
    scene.refused("the marked file in a public room", share(scene.public, secret))
    report.check("the room does not name it", not bob.holds(scene.public, secret))
    scene.stored("the marked file in an encrypted room", share(scene.encrypted, secret))
    report.check("the room names it", bob.holds(scene.encrypted, secret))
    got = bob.download(plain)
    report.equal("the harmless file comes back whole", got.body, CLEAN)
    big = ann.upload(b"a" * 20_000_000, "big.txt")
    report.check("20 MB pass, or are refused with a reason", big.status in (200, 403), big)


def _files(scene: Scene) -> int:
    return sum(1 for path in scene.server.media.rglob("*") if path.is_file())
