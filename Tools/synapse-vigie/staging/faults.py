"""Act four: everything that goes wrong, with the real server."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from staging.homeserver import Answer, Client
from staging.scene import NAMESPACE, SLACK, TIMEOUT_MS, Scene
from staging.vigie import CLEAN, MARKED, Frames, SmallDisk, frame

NOT_JUDGED = "ORG_VIGIE_NOT_JUDGED"

# The longest a message may take when nobody judges it.
DEADLINE = TIMEOUT_MS / 1000 + SLACK


def play(scene: Scene) -> None:
    """One fault after the other."""
    _killed(scene)
    _gone(scene)
    _hung(scene)
    _broken_rules(scene)
    _full_disk(scene)
    _overload(scene)
    log = scene.server.log_since(0)
    scene.report.check("no callback ever raised", "Traceback" not in log, log[-1500:])


def _killed(scene: Scene) -> None:
    scene.report.section("Vigie is killed in the middle of a request")
    outcome = _Outcome(scene, "lost")
    scene.vigie.hang()  # so that the requests are certainly on their way when it dies
    closed = _Sending(scene.ann, scene.public)
    opened = _Sending(scene.bob, scene.encrypted)
    time.sleep(TIMEOUT_MS / 3000)
    scene.vigie.kill()
    outcome.check("public room", closed.answer(), is_open=False)
    outcome.check("private room", opened.answer(), is_open=True)
    outcome.told()
    scene.vigie.start()
    _heals(scene)


def _gone(scene: Scene) -> None:
    scene.report.section("the socket is gone")
    scene.vigie.stop()
    scene.vigie.socket.unlink(missing_ok=True)
    outcome = _Outcome(scene, "absent")
    outcome.send()
    upload = scene.ann.upload(CLEAN.encode(), "a.txt")
    scene.report.equal("an upload passes: its event will be judged", upload.status, 200)
    created = scene.ann.create_room(name="Bureau", preset="private_chat")
    scene.report.equal("a private room can be created", created.status, 200)
    created = scene.ann.create_room(name="Bureau", preset="public_chat")
    scene.report.equal("a public one cannot", created.status, 403)
    users = {scene.ann.user: 100, scene.bob.user: 50}
    levels = scene.ann.call("GET", f"client/v3/rooms/{scene.public}/state/m.room.power_levels")
    # In rooms of version 12 their creator stands above all levels and must not be listed.
    levels.body["users"] = {**levels.body.get("users", {}), scene.bob.user: users[scene.bob.user]}
    answer = scene.ann.set(scene.public, "m.room.power_levels", levels.body)
    scene.report.equal("moderation of a public room goes on", answer.status, 200)
    outcome.told()
    scene.vigie.start()
    _heals(scene)
    event = scene.ann.send(
        scene.public, {"msgtype": "m.file", "body": "a.txt", "url": upload.body["content_uri"]}
    )
    scene.report.check(
        "the file that nobody inspected is judged by the policy on gaps",
        event.status == 200 or event.body.get("errcode") == "ORG_VIGIE_BLOCKED",
        event,
    )


def _hung(scene: Scene) -> None:
    scene.report.section("Vigie hangs")
    scene.vigie.hang()
    outcome = _Outcome(scene, "late")
    outcome.send()
    outcome.told()
    for _ in range(3):
        scene.ann.say(scene.public, CLEAN)
    started = time.monotonic()
    answer = scene.ann.say(scene.public, CLEAN)
    scene.report.check(
        "when it stays silent, messages still have their answer in time",
        answer.status == 403 and time.monotonic() - started < DEADLINE,
        answer,
    )
    scene.vigie.wake()
    _heals(scene)


def _broken_rules(scene: Scene) -> None:
    scene.report.section("a rule file is broken when the rules are loaded again")
    scene.vigie.break_rules()
    try:
        scene.vigie.reload()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and '"refused"' not in scene.vigie.audit_text():
            time.sleep(0.1)
        audit = scene.vigie.audit_text()
        scene.report.check("the audit says that they were refused", '"refused"' in audit)
        statuses = {scene.ann.say(scene.public, CLEAN).status for _ in range(10)}
        scene.report.equal("harmless messages pass still", statuses, {200})
        scene.refused("marked ones are refused still", scene.ann.say(scene.public, MARKED))
    finally:
        scene.vigie.mend_rules()
    scene.vigie.reload()
    _heals(scene)


def _full_disk(scene: Scene) -> None:
    scene.report.section("the disk of the audit is full")
    disk = SmallDisk(scene.vigie.disk)
    scene.vigie.stop()
    if not SmallDisk.is_possible() or not disk.mount():
        scene.report.skip("a full disk", "this user may not mount a small one")
        scene.vigie.start()
        return
    try:
        scene.vigie.start()
        _heals(scene)
        disk.fill()
        # Blocks that files have already may have room still.
        for _ in range(100):
            before = len(scene.vigie.audit_text())
            scene.ann.say(scene.public, MARKED)  # what passes without a finding is no entry
            if len(scene.vigie.audit_text()) == before:
                break
        started = time.monotonic()
        answers = [scene.ann.say(scene.public, text) for text in [CLEAN, MARKED] * 5]
        seconds = time.monotonic() - started
        scene.report.check(
            "ten messages have their answer in time", seconds < 10 * DEADLINE, seconds
        )
        for answer, text in zip(answers, [CLEAN, MARKED] * 5, strict=True):
            failed = NAMESPACE in answer.body and "failure" in answer.body[NAMESPACE]
            wanted = 200 if text == CLEAN and not failed else 403
            if answer.status != wanted:
                scene.report.check("each is judged, or refused for not being judged", False, answer)
        disk.free()
        _heals(scene)
        audit = scene.vigie.audit_text()
        scene.report.check("the audit says that entries were lost", "lost" in audit, audit[-300:])
    finally:
        scene.vigie.stop()
        disk.unmount()
        scene.vigie.start()
    _heals(scene)


def _overload(scene: Scene) -> None:
    scene.report.section("others ask ten times what Vigie can do")
    scene.vigie.start(slow=True)
    _heals(scene)
    outcome, mark = _Outcome(scene, "overloaded"), scene.server.log_mark()
    flood = _Flood(scene)
    judged = refused = 0
    try:
        flood.wait()
        for text, room in [(CLEAN, scene.public), (MARKED, scene.public)] * 10:
            started = time.monotonic()
            answer = scene.ann.say(room, text)
            seconds = time.monotonic() - started
            failed = isinstance(answer.body, dict) and answer.body.get("errcode") == NOT_JUDGED
            refused += failed
            judged += not failed
            right = answer.status == (200 if text == CLEAN and not failed else 403)
            if not right or seconds > DEADLINE:
                scene.report.check("an answer in time, by verdict or fail policy", False, answer)
    finally:
        flood.stop()
    scene.report.check(
        f"twenty messages had their answer in time ({judged} by verdict, {refused} by fail "
        f"policy) beside {flood.sent} others",
        judged + refused == 20 and flood.sent > 1000,
        flood.sent,
    )
    if refused:
        outcome.counted("closed", refused)
        log = scene.server.log_since(mark)
        scene.report.check("the log says why", "not judged by Vigie: " in log, log[-500:])
    scene.vigie.start()
    _heals(scene)


def _heals(scene: Scene) -> None:
    """Asserts that messages are judged again, without anybody doing anything to Synapse."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        passed = scene.ann.say(scene.public, CLEAN)
        stopped = scene.ann.say(scene.public, MARKED)
        if passed.status == 200 and stopped.body.get("errcode") == "ORG_VIGIE_BLOCKED":
            scene.report.check("it recovers by itself", True)
            return
        time.sleep(0.05)
    scene.report.check("it recovers by itself", False, (passed, stopped))


class _Outcome:
    """What one fault must lead to: the fail policy, a line in the log, a count."""

    def __init__(self, scene: Scene, reason: str) -> None:
        self._scene = scene
        self._reason = reason
        self._mark = scene.server.log_mark()
        self._counts = {word: self._count(word) for word in ("open", "closed")}

    def _count(self, fail: str) -> float:
        return self._scene.server.metrics("vigie_module_failures_total", hook="event", fail=fail)

    def send(self) -> None:
        """Sends one message to each kind of room."""
        scene = self._scene
        for what, client, room, is_open in (
            ("public room", scene.ann, scene.public, False),
            ("private room", scene.bob, scene.encrypted, True),
        ):
            self.check(what, _Sending(client, room).answer(), is_open)

    def check(self, what: str, sent: tuple[Answer, float], is_open: bool) -> None:
        """Asserts the fail policy within the deadline."""
        answer, seconds = sent
        report = self._scene.report
        if is_open:
            report.equal(f"{what}: the message passes", answer.status, 200)
        else:
            body = answer.body if isinstance(answer.body, dict) else {}
            holds = answer.status == 403 and body.get("errcode") == NOT_JUDGED
            report.check(f"{what}: 403 {NOT_JUDGED}", holds, answer)
            # A server that is given up while it hangs is absent for the next request.
            told = body.get(NAMESPACE, {}).get("failure")
            report.check(f"{what}: the client is told why", bool(told), body)
        report.check(f"{what}: in {seconds:.2f} s, at most {DEADLINE}", seconds < DEADLINE)

    def counted(self, fail: str, least: int) -> None:
        """Asserts the count."""
        more = self._count(fail) - self._counts[fail]
        self._scene.report.check(f"the metric counts it, {fail}", more >= least, more)

    def told(self) -> None:
        """Asserts the line and the count."""
        report = self._scene.report
        log = self._scene.server.log_since(self._mark)
        for word in ("closed", "open"):
            lines = [one for one in log.splitlines() if f"fail policy {word}" in one]
            holds = bool(lines) and any(f": {self._reason} after" in one for one in lines)
            report.check(f"the log says {self._reason}, {word}", holds, log[-800:])
            self.counted(word, 1)
        report.check("the log says nothing of the text", "réunion" not in log)


class _Sending:
    """A message on its way, from a thread."""

    def __init__(self, client: Client, room: str) -> None:
        self._answer: Answer | None = None
        self._seconds = 0.0
        self._thread = threading.Thread(target=self._send, args=(client, room))
        self._thread.start()

    def _send(self, client: Client, room: str) -> None:
        started = time.monotonic()
        self._answer = client.say(room, CLEAN)
        self._seconds = time.monotonic() - started

    def answer(self) -> tuple[Answer, float]:
        """What came back, and after how long."""
        self._thread.join()
        assert self._answer is not None
        return self._answer, self._seconds


class _Flood:
    """Connections that ask and ask, far more than can be answered."""

    CONNECTIONS = 4

    def __init__(self, scene: Scene) -> None:
        self.sent = 0
        self._path = scene.vigie.socket
        self._is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        for run in [self._run] * self.CONNECTIONS:
            thread = threading.Thread(target=run)
            thread.start()
            self._threads.append(thread)

    def _run(self) -> None:
        line = {"id": "flood", "body": MARKED * 20, "channel": {"id": "f", "visibility": "public"}}
        batch = b"".join(frame(0x02, number, line) for number in range(1, 101))
        while not self._is_over.is_set():
            with suppress(OSError), Frames(self._path) as frames:
                frames.hello()
                # One thread writes without waiting; what comes back is read and thrown away.
                reader = threading.Thread(target=frames.drain)
                reader.start()
                try:
                    while not self._is_over.is_set():
                        frames.pour(batch)
                        self.sent += 100
                finally:
                    frames.end()
                    reader.join()

    def wait(self) -> None:
        """Waits until it is a flood."""
        deadline = time.monotonic() + 10
        while self.sent < 1000 and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()
