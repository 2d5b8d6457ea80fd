"""An archive of thousands of rooms, some with hostile names, an access log, and the page of what an account could read."""

import json
import subprocess
import random

ACCOUNT = "@curieuse:agent.example"
NAMES = [
    "Cellule de crise {n}",
    "</script><script>window.injected = 1</script>{n}",
    '<img src=x onerror="window.injected = 2">{n}',
    "retour\u202eegap {n}\u0007",
    "très long " * 60 + "{n}",
    "W" * 400 + "{n}",
]
# Milliseconds: 1 May, 10 June and 11 June 2026.
MADE, START, END = 1_777_593_600_000, 1_781_049_600_000, 1_781_136_000_000
ROOM_COUNT = 3_000


def write_archive(path, count=ROOM_COUNT):
    """Writes rooms with a message or a few, the same at every run; every tenth room is closed."""
    choice = random.Random(16)
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            room, sent = f"!r{number}:agent.example", []

            def event(kind, content, time, sender="@chef:agent.example", key=None):
                line = {"type": kind, "room_id": room, "event_id": f"$r{number}-{len(sent)}", "sender": sender,
                        "origin_server_ts": time, "content": content}
                sent.append(kind)
                file.write(json.dumps(line if key is None else line | {"state_key": key}, ensure_ascii=False) + "\n")

            event("m.room.create", {"creator": "@chef:agent.example"}, MADE, key="")
            event("m.room.member", {"membership": "join"}, MADE + 1, key="@chef:agent.example")
            event("m.room.join_rules", {"join_rule": "invite" if number % 10 == 9 else "public"}, MADE + 2, key="")
            event("m.room.history_visibility", {"history_visibility": "shared"}, MADE + 3, key="")
            event("m.room.name", {"name": NAMES[number % len(NAMES)].format(n=number)}, MADE + 4, key="")
            for step in range(1 + choice.randrange(4)):
                body = "DIFFUSION RESTREINTE\nNote de service" if choice.random() < 0.1 else "bonjour"
                if choice.random() < 0.01:
                    body = "NATO SECRET\nCompte rendu"
                event("m.room.message", {"msgtype": "m.text", "body": body}, MADE + 1000 * (step + 9))


def write_log(path):
    """Writes requests for some of the rooms, one a minute and for each what the server answered."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("time,account,action,room,event,count,status,bytes,address\n")
        for minute in range(-60, 25 * 60, 30):
            hour = f"{(minute // 60) % 24:02}:{minute % 60:02}"
            day = 9 if minute < 0 else 10 + minute // 1440
            file.write(f"2026-06-{day:02}T{hour}:00Z,@autre:agent.example,sync,,,,200,9,192.0.2.1\n")
        for number in range(0, 400, 4):
            what = f"event,!r{number}:agent.example,$r{number}-5," if number % 8 else f"messages,!r{number}:agent.example,,1"
            file.write(f"2026-06-10T10:{number % 60:02}:00Z,{ACCOUNT},{what},200,900,203.0.113.7\n")


class Exposed:
    """The page of one account, made once for all tests, and the JSON beside it."""

    _known = None

    def __init__(self, vigie, folder):
        archive, log = folder / "exposed.jsonl", folder / "access.csv"
        write_archive(archive)
        write_log(log)
        self.page, self.json = folder / "exposure.html", folder / "exposure.json"
        result = subprocess.run(
            [vigie, "exposure", str(archive), "--account", ACCOUNT, "--from", "2026-06-10", "--to", "2026-06-10",
             "--access-log", str(log), "--claim", "messages=643459", "--claim", "rooms=100", "--claim", "readable:media=9",
             "--report", f"html={self.page},json={self.json}", "--language", "en", "--quiet"],
            capture_output=True, text=True, check=False)
        if result.returncode != 1:
            raise RuntimeError(f"vigie exposure ended with {result.returncode}: {result.stderr}")
        self.report = json.loads(self.json.read_text(encoding="utf-8"))

    @classmethod
    def get(cls, vigie, folder):
        """The page; it is made at the first call."""
        cls._known = cls._known or cls(vigie, folder)
        return cls._known
