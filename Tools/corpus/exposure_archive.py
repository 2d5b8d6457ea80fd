#!/usr/bin/env python3
"""Writes Corpus/exposure: invented rooms with every kind of membership, and what an account could read.

    Tools/corpus/exposure_archive.py            write the files anew
    Tools/corpus/exposure_archive.py --check    compare them with what would be written; exit 1 if they differ

`rooms.jsonl` holds the events of all rooms, `access.log` lines as Synapse writes them. `expected.json` says
what is true of them. It is worked out here by trying, for every message, every moment of the window at
which something happens and every moment at which the account could have entered: slow and plain, so that
it shares no thought with the product. Everybody is invented; the bytes depend on this file alone.
"""
import json
import random
import sys
from bisect import bisect_right
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

SEED = 643459
FOLDER = Path(__file__).resolve().parents[2] / "Corpus" / "exposure"
ACCOUNT = "@camille.roux:agents.example"
HOUR = 3_600_000
DAY = 24 * HOUR


def at(day, hour=0, minute=0):
    """A time in June 2026, milliseconds since 1970."""
    return int(datetime(2026, 6, day, hour, minute, tzinfo=timezone.utc).timestamp() * 1000)


FIRST, LAST = at(10), at(12)
PEOPLE = [f"@agent{n:02}:agents.example" for n in range(40)] + [f"@invite{n}:externes.example" for n in range(5)]
MARKED = "DIFFUSION RESTREINTE\nCompte rendu du comité"
PLAIN = ["Bonjour à tous", "La salle est réservée", "Merci, bien reçu", "On décale à 15 h", "Le badge est prêt"]


class Room:
    """A room that is told from its beginning, or not (`whole=False`)."""

    def __init__(self, world, name, rule="invite", history="shared", creator=PEOPLE[0], start=at(1), whole=True,
                 federate=True, allow=()):
        self.world, self.name, self.start = world, name, start
        self.id = f"!{name}:{creator.split(':')[1]}"
        self.changes = {}
        self.events, self.whole, self.federate, self.creator = [], whole, federate, creator
        world.rooms.append(self)
        if whole:
            content = {"creator": creator, "room_version": "10"}
            if not federate:
                content["m.federate"] = False
            self.state("m.room.create", "", content, start, creator)
            self.member(creator, "join", start + 1)
            self.rule(rule, start + 2, allow)
            self.history(history, start + 3)
            self.state("m.room.name", "", {"name": name}, start + 4, creator)

    def event(self, kind, content, time, sender, **more):
        self.world.count += 1
        event = {"type": kind, "room_id": self.id, "event_id": f"${self.world.count:06}", "sender": sender,
                 "origin_server_ts": time, "content": content, **more}
        self.events.append(event)
        return event

    def state(self, kind, key, content, time, sender=None):
        old = [e for e in self.events if e["type"] == kind and e.get("state_key") == key]
        more = {"unsigned": {"prev_content": old[-1]["content"]}} if old else {}
        return self.event(kind, content, time, sender or self.creator, state_key=key, **more)

    def member(self, account, membership, time, by=None):
        self.state("m.room.member", account, {"membership": membership}, time, by or account)

    def rule(self, rule, time, allow=()):
        content = {"join_rule": rule}
        if rule == "restricted":
            content["allow"] = [{"type": "m.room_membership", "room_id": room} for room in allow]
        self.state("m.room.join_rules", "", content, time)

    def history(self, value, time):
        self.state("m.room.history_visibility", "", {"history_visibility": value}, time)

    def say(self, time, text=None, sender=None, **content):
        body = {"msgtype": "m.text", "body": text or self.world.random.choice(PLAIN), **content}
        return self.event("m.room.message", body, time, sender or self.creator)

    def file(self, time, media, size=1000, sender=None):
        return self.event("m.room.message", {"msgtype": "m.file", "body": "note.pdf", "url": f"mxc://agents.example/{media}",
                                             "info": {"size": size, "mimetype": "application/pdf"}}, time, sender or self.creator)

    def edit(self, event, time):
        return self.event("m.room.message", {
            "msgtype": "m.text", "body": "* corrigé", "m.new_content": {"msgtype": "m.text", "body": "corrigé"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": event["event_id"]}}, time, event["sender"])

    def redact(self, event, time):
        redaction = self.event("m.room.redaction", {}, time, event["sender"], redacts=event["event_id"])
        event["content"] = {}
        event["unsigned"] = {"redacted_because": {k: redaction[k] for k in ("type", "sender", "origin_server_ts", "event_id")}}

    def talk(self, first=2, last=18, step=7):
        """Messages all the time, some of them marked."""
        for number, time in enumerate(range(at(first, 9), at(last), step * HOUR)):
            self.say(time, MARKED if number % 9 == 4 else None)

    # What is true of the room at a time.

    def value(self, kind, key, time, field, default):
        known = self.changes.get((kind, key))
        if known is None or known[0] != len(self.events):
            found = sorted((e["origin_server_ts"], n) for n, e in enumerate(self.events)
                           if e["type"] == kind and e.get("state_key") == key)
            known = self.changes[kind, key] = (len(self.events), found)
        place = bisect_right(known[1], (time, len(self.events)))
        return self.events[known[1][place - 1][1]]["content"].get(field, default) if place else default

    def membership(self, time):
        return self.value("m.room.member", ACCOUNT, time, "membership", "leave")


class World:
    def __init__(self):
        self.rooms, self.count, self.random = [], 0, random.Random(SEED)


def build():
    world = World()
    a = Room(world, "annonces", "public")
    for person in PEOPLE[1:30]:
        a.member(person, "join", at(2, world.random.randrange(24)))
    a.member(PEOPLE[30], "join", at(13))  # after the window
    a.talk()

    b = Room(world, "equipe", "invite")
    b.member(ACCOUNT, "invite", at(3), by=b.creator)
    b.member(ACCOUNT, "join", at(3, 1))
    b.talk()
    kept, gone, late, early = b.say(at(5)), b.say(at(6)), b.say(at(7)), b.say(at(8))
    b.edit(kept, at(9))
    b.redact(early, at(9, 12))       # before the window: nobody reads it any more
    b.redact(gone, at(10, 12))       # within: it was there for half a day
    b.redact(late, at(15))           # after
    for media in ["m1", "m2", "m1", "m3"]:
        b.file(at(8, 5), media)

    c = Room(world, "retours", "invite", "joined")
    for membership, time in [("join", at(3)), ("leave", at(5)), ("join", at(10, 10)), ("leave", at(11, 10)), ("join", at(14))]:
        c.member(ACCOUNT, membership, time)
    c.talk()

    d = Room(world, "exclu", "invite")
    d.member(ACCOUNT, "join", at(2))
    d.member(ACCOUNT, "leave", at(6), by=d.creator)
    d.talk()

    e = Room(world, "banni-pendant", "invite")
    e.member(ACCOUNT, "join", at(2))
    e.member(ACCOUNT, "ban", at(11), by=e.creator)
    e.talk()

    f = Room(world, "banni-avant", "public")
    f.member(ACCOUNT, "ban", at(4), by=f.creator)
    f.talk()

    g = Room(world, "vitrine", "invite", "world_readable")
    g.member(ACCOUNT, "ban", at(4), by=g.creator)
    g.talk()

    h = Room(world, "invitation", "invite", "invited")
    h.member(ACCOUNT, "invite", at(10, 18), by=h.creator)
    h.talk()

    i = Room(world, "ferme-pendant", "public")
    i.rule("invite", at(10, 6))
    i.talk()
    j = Room(world, "ferme-avant", "public")
    j.rule("invite", at(9))
    j.talk()
    k = Room(world, "ouvre-pendant", "invite", "joined")
    k.rule("public", at(11))
    k.talk()

    space = Room(world, "espace", "invite")
    space.member(ACCOUNT, "join", at(2))
    space.member(ACCOUNT, "leave", at(10, 12))
    chain = Room(world, "par-espace", "restricted", "joined", allow=[space.id])
    chain.talk()
    Room(world, "chaine", "restricted", allow=[chain.id]).talk()
    Room(world, "par-exclu", "restricted", allow=[d.id]).talk()
    Room(world, "par-inconnu", "restricted", allow=["!ailleurs:agents.example"]).talk()
    # Two that admit each other's members let nobody in.
    one = Room(world, "cercle-a", "restricted", allow=["!cercle-b:agents.example"])
    two = Room(world, "cercle-b", "restricted", allow=[one.id])
    one.talk()
    two.talk()

    l = Room(world, "chiffre", "invite")
    l.member(ACCOUNT, "join", at(2))
    l.say(at(3))
    l.state("m.room.encryption", "", {"algorithm": "m.megolm.v1.aes-sha2"}, at(4))
    for hour in range(0, 200, 11):
        l.event("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgA"}, at(4, 1) + hour * HOUR, l.creator)

    m = Room(world, "sur-demande", "knock")
    m.member(ACCOUNT, "knock", at(10))
    m.talk()
    Room(world, "non-federe", "public", creator=PEOPLE[41], federate=False).talk()
    Room(world, "autre-serveur", "public", creator=PEOPLE[42]).talk()

    n = Room(world, "histoire", "public")
    for value, time in [("joined", at(5)), ("world_readable", at(7)), ("invited", at(9)), ("shared", at(11))]:
        n.history(value, time)
    n.talk()

    Room(world, "fragment", whole=False).talk()
    o = Room(world, "prive", "invite")
    o.talk()
    p = Room(world, "tete-a-tete", "invite", creator=ACCOUNT)
    p.member(PEOPLE[3], "join", at(2))
    p.talk()
    p.file(at(9), "m3")
    p.file(at(9), "m4", 2500)

    # Whoever writes the event may send one of a type that means something, without a key: no state.
    o.event("m.room.member", {"membership": "join"}, at(4), PEOPLE[0])
    o.event("m.room.join_rules", {"join_rule": "public"}, at(4), PEOPLE[0])

    for number in range(24):
        dice = world.random
        room = Room(world, f"hasard-{number:02}", dice.choice(["public", "invite", "restricted", "knock"]),
                    dice.choice(["shared", "joined", "invited", "world_readable"]),
                    allow=[dice.choice(world.rooms).id])
        time = at(2)
        while time < at(14):
            time += dice.randrange(6, 90) * HOUR + dice.randrange(1, HOUR)
            what = dice.randrange(5)
            if what == 0:
                room.rule(dice.choice(["public", "invite", "restricted"]), time, [dice.choice(world.rooms).id])
            elif what == 1:
                room.history(dice.choice(["shared", "joined", "invited", "world_readable"]), time)
            else:
                # Only what a server allows: who is banned does not join before the ban is lifted.
                allowed = {"ban": ["leave"], "join": ["leave", "ban"], "invite": ["join", "leave", "ban"],
                           "leave": ["join", "invite", "ban"]}
                room.member(ACCOUNT, dice.choice(allowed[room.membership(time)]), time, by=room.creator)
        room.talk(step=5)
    return world


# What is true, by trying.


def moments(world):
    times = {FIRST}
    for room in world.rooms:
        times |= {e["origin_server_ts"] for e in room.events if FIRST <= e["origin_server_ts"] < LAST}
    return sorted(times | {t + 1 for t in times if t + 1 < LAST} | {t - 1 for t in times if t - 1 >= FIRST})


def entries(world, times):
    """When the account could have entered each room, the moments of `times` alone; rooms open rooms."""
    rooms = {room.id: room for room in world.rooms}
    found = {room.id: set() for room in world.rooms}
    sure = {room.id: True for room in world.rooms}
    changed = True
    while changed:
        changed = False
        for room in world.rooms:
            for time in times:
                if time in found[room.id]:
                    continue
                state = room.membership(time)
                rule = room.value("m.room.join_rules", "", time, "join_rule", "invite")
                opens = state == "invite" or rule == "public"
                if rule == "restricted":
                    for rest in room.value("m.room.join_rules", "", time, "allow", []):
                        other = rooms.get(rest["room_id"])
                        if other is None:
                            sure[room.id] = False
                        else:
                            opens |= other.whole and inside(other, found[other.id], time)
                if not room.federate and room.creator.split(":")[1] != ACCOUNT.split(":")[1]:
                    opens = False
                if opens and state != "ban":
                    found[room.id].add(time)
                    changed = True
    return found, sure


def stays(room, entry, time):
    """Whether an account that entered at `entry` is still inside at `time`: nobody banned it."""
    return entry <= time and not any(
        e["type"] == "m.room.member" and e.get("state_key") == ACCOUNT and e["content"].get("membership") == "ban"
        and entry < e["origin_server_ts"] <= time for e in room.events)


def inside(room, entered, time):
    return room.membership(time) == "join" or any(stays(room, entry, time) for entry in entered)


def standing(room, event, times, entered, is_sure):
    """`certain`, `possible` or `none` for a message."""
    sent = event["origin_server_ts"]
    because = event.get("unsigned", {}).get("redacted_because")
    end = because["origin_server_ts"] if because else LAST + DAY
    usable = [t for t in times if sent <= t < end]
    if not usable:
        return "none"
    if not room.whole:
        return "possible"
    history = room.value("m.room.history_visibility", "", sent, "history_visibility", "shared")
    was = room.membership(sent)
    for time in usable:
        if history == "world_readable" and room.value("m.room.history_visibility", "", time, "history_visibility", "shared") == "world_readable":
            return "certain"
        for entry in [None] + [x for x in entered if x <= time and stays(room, x, time)]:
            if entry is None and room.membership(time) != "join":
                continue
            was_in = was == "join" or entry is not None and entry <= sent
            if history in ("shared", "world_readable") or was_in or history == "invited" and was == "invite":
                return "certain"
    if not is_sure or history == "world_readable":
        return "possible"
    # Who has left may still be shown what it could read before.
    if any(room.membership(t) != "join" for t in usable):
        joined = [e for e in room.events if e.get("state_key") == ACCOUNT and e["type"] == "m.room.member"]
        lefts = [e["origin_server_ts"] for e, before in zip(joined[1:], joined) if before["content"]["membership"] == "join"
                 and e["content"]["membership"] != "join" and before["origin_server_ts"] < LAST]
        if was == "join" and any(x < t for x in lefts for t in usable):
            return "possible"
        if history == "shared" and any(sent < x <= t for x in lefts for t in usable):
            return "possible"
    return "none"


def expected(world):
    times = moments(world)
    entered, sure = entries(world, times)
    rooms, media = {}, {"certain": set(), "possible": set()}
    for room in world.rooms:
        sums = {key: [0, 0] for key in ("messages", "edits", "encrypted", "redacted", "marked", "in_window")}
        for event in room.events:
            if event["type"] not in ("m.room.message", "m.room.encrypted"):
                continue
            answer = standing(room, event, times, entered[room.id], sure[room.id])
            if answer == "none":
                continue
            ends = (0, 1) if answer == "certain" else (1,)

            def add(key):
                for end in ends:
                    sums[key][end] += 1
            content = event["content"]
            if event["type"] == "m.room.encrypted":
                add("encrypted")
                continue
            if "m.relates_to" in content:
                add("edits")
                continue
            add("messages")
            if "unsigned" in event:
                add("redacted")
            if content.get("body") == MARKED:
                add("marked")
            if FIRST <= event["origin_server_ts"] < LAST:
                add("in_window")
            if "url" in content:
                for end in ends:
                    media[("certain", "possible")[end]].add((content["url"], content["info"]["size"]))
        rooms[room.id] = sums
    total = {key: [sum(room[key][end] for room in rooms.values()) for end in (0, 1)] for key in next(iter(rooms.values()))}
    total["media"] = [len(media["certain"]), len(media["possible"])]
    total["media_bytes"] = [sum(size for _, size in media[end]) for end in ("certain", "possible")]
    return {"account": ACCOUNT, "from": FIRST, "to": LAST, "total": total, "rooms": rooms}


def log(world):
    """Lines of the server's log: what the account asked for, and what is not its own or outside of the window."""
    rooms = {room.name: room for room in world.rooms}
    lines = []

    def line(time, path, account=ACCOUNT, status="200", size=4000, method="GET", address="192.0.2.7"):
        stamp = datetime.fromtimestamp(time / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M:%S,") + f"{time % 1000:03}"
        lines.append((time, f'{stamp} - synapse.access.http.8008 - 471 - INFO - {method}-{len(lines)} - {address} - 8008 - '
                            f'{{{account}}} Processed request: 0.012sec/0.001sec (0.003sec, 0.000sec) (0.001sec/0.002sec/3) '
                            f'{size}B {status} "{method} {path} HTTP/1.1" "Element/1.11" [0 dbevts]'))

    def room(name, rest):
        return f"/_matrix/client/v3/rooms/{quote(rooms[name].id, safe='')}/{rest}"

    time = FIRST
    while time < LAST:  # somebody is always there
        line(time, "/_matrix/client/v3/sync?timeout=30000", account=PEOPLE[5], address="198.51.100.1")
        time += HOUR // 2
    line(LAST + 1, "/_matrix/client/v3/sync", account=PEOPLE[5])
    line(at(9, 12), room("annonces", "messages?limit=1000"))  # before the window
    line(at(10, 9), room("annonces", "messages?dir=b&limit=20&from=t1-1"))
    line(at(10, 9, 1), room("annonces", "messages?dir=b&from=t1-21"))
    line(at(10, 9, 2), room("annonces", "members?not_membership=leave"))
    line(at(10, 9, 3), room("exclu", "messages?limit=50"), status="403", size=80)
    marked = [e for e in rooms["equipe"].events if e["content"].get("body") == MARKED and e["origin_server_ts"] < FIRST]
    for number, event in enumerate(marked[:2]):
        line(at(10, 10, number), room("equipe", "event/" + quote(event["event_id"], safe="")))
    plain = next(e for e in rooms["equipe"].events if e["content"].get("body") in PLAIN)
    line(at(10, 10, 5), room("equipe", "context/" + quote(plain["event_id"], safe="") + "?limit=4"))
    line(at(10, 11), "/_matrix/client/v1/media/download/agents.example/m1", size=1000)
    line(at(10, 11, 1), "/_matrix/client/v1/media/download/agents.example/m1/note.pdf", size=1000)
    line(at(10, 11, 2), "/_matrix/client/v1/media/download/agents.example/m4", size=2500)
    line(at(10, 11, 3), "/_matrix/client/v1/media/thumbnail/agents.example/m2?width=96", size=300)
    line(at(10, 11, 4), "/_matrix/client/v1/media/download/agents.example/m3", status="404", size=60)
    line(at(10, 12), "/_matrix/client/v3/profile/" + quote(PEOPLE[44], safe=""), account="@admin:agents.example|" + ACCOUNT)
    text = "\n".join(entry for _, entry in sorted(lines, key=lambda entry: entry[0])) + "\n"
    return "2026-06-10 00:00:00,000 - synapse.storage - 1 - INFO - main - started\n" + text


def files():
    world = build()
    events = sorted((e for room in world.rooms for e in room.events), key=lambda e: e["origin_server_ts"])
    dump = {"ensure_ascii": False, "separators": (",", ":")}
    return {
        "rooms.jsonl": "".join(json.dumps(event, **dump) + "\n" for event in events),
        "access.log": log(world),
        "expected.json": json.dumps(expected(world), ensure_ascii=False, indent=1) + "\n",
    }


def main():
    stale = []
    for name, text in files().items():
        path = FOLDER / name
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        sys.exit(f"Corpus/exposure: {', '.join(stale)} is not what Tools/corpus/exposure_archive.py writes")


if __name__ == "__main__":
    main()
