#!/usr/bin/env python3
"""Writes the cases of Corpus/archives that are no text: a database of slackdump and a mongodump of Rocket.Chat.

Usage: Tools/corpus/binary_archives.py

Everything in them is made up. The tables are those that slackdump makes (rusq/slackdump,
internal/chunk/backend/dbase/repository/migrations); BSON is written by hand after bsonspec.org, so that nothing
but Python is needed.
"""

import gzip
import json
import os
import sqlite3
import struct

ARCHIVES = os.path.join(os.path.dirname(__file__), "..", "..", "Corpus", "archives")


def fresh(*parts):
    """The path of a file of a case, with its folders made and any older one gone."""
    path = os.path.normpath(os.path.join(ARCHIVES, *parts))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        os.remove(path)
    return path


TABLES = """
CREATE TABLE CHUNK (ID INTEGER PRIMARY KEY AUTOINCREMENT, UNIX_TS INTEGER NOT NULL, TYPE_ID SMALLINT NOT NULL,
  CHANNEL_ID TEXT);
CREATE TABLE MESSAGE (ID INTEGER NOT NULL, CHUNK_ID INTEGER NOT NULL, CHANNEL_ID TEXT NOT NULL, TS TEXT NOT NULL,
  PARENT_ID INTEGER, THREAD_TS TEXT, IS_PARENT BOOLEAN NOT NULL DEFAULT FALSE, IDX INTEGER NOT NULL,
  NUM_FILES INTEGER NOT NULL DEFAULT 0, TXT TEXT, DATA BLOB NOT NULL, PRIMARY KEY (ID, CHUNK_ID));
CREATE TABLE CHANNEL (ID TEXT NOT NULL, CHUNK_ID INTEGER NOT NULL, NAME TEXT, IDX INTEGER NOT NULL,
  DATA BLOB NOT NULL, PRIMARY KEY (ID, CHUNK_ID));
CREATE TABLE S_USER (ID TEXT NOT NULL, CHUNK_ID INTEGER NOT NULL, USERNAME TEXT, IDX INTEGER NOT NULL,
  DATA BLOB NOT NULL, PRIMARY KEY (ID, CHUNK_ID));
CREATE TABLE CHANNEL_USER (CHANNEL_ID TEXT NOT NULL, USER_ID TEXT NOT NULL, CHUNK_ID INTEGER NOT NULL);
CREATE TABLE SEARCH_MESSAGE (ID INTEGER PRIMARY KEY AUTOINCREMENT, CHUNK_ID INTEGER NOT NULL,
  CHANNEL_ID TEXT NOT NULL, CHANNEL_NAME TEXT, TS TEXT NOT NULL, TXT TEXT, IDX INTEGER NOT NULL, DATA BLOB NOT NULL);
"""


def slackdump(path):
    base = sqlite3.connect(path)
    base.execute("PRAGMA page_size = 1024")
    base.executescript(TABLES)

    def blob(value):
        return json.dumps(value, ensure_ascii=False).encode()

    def message(chunk, channel, ts, text, data=None, **further):
        value = {"type": "message", "ts": ts, "user": "U1", "text": text, **further}
        base.execute(
            "INSERT INTO MESSAGE (ID, CHUNK_ID, CHANNEL_ID, TS, IDX, TXT, DATA) VALUES (?, ?, ?, ?, 0, ?, ?)",
            (int(ts.replace(".", "")), chunk, channel, ts, text, blob(value) if data is None else data))

    channels = [
        {"id": "C01", "name": "veille", "is_private": False, "topic": {"value": "Veille, rien de NATO RESTRICTED"}},
        {"id": "C02", "name": "cellule", "is_private": True, "is_ext_shared": True},
        {"id": "D01", "is_im": True},
    ]
    for index, channel in enumerate(channels):
        base.execute("INSERT INTO CHANNEL VALUES (?, 1, ?, ?, ?)",
                     (channel["id"], channel.get("name"), index, blob(channel)))
    base.execute("INSERT INTO S_USER VALUES ('U2', 2, 'luc', 0, ?)", (blob({"id": "U2", "real_name": "Luc M"}),))
    # Said in one answer, again in the thread it starts, and again after a resume.
    for chunk in (3, 4, 7):
        message(chunk, "C01", "1780300800.000100", "TLP:RED <@U2>", thread_ts="1780300800.000100", reply_count=chunk,
                files=[{"id": "F2", "name": "plan.txt", "mode": "hosted"}])
    message(4, "C01", "1780300801.000100", "réponse", thread_ts="1780300800.000100")
    # Edited between two answers.
    message(3, "C02", "1780300802.000100", "DIFFUSION RESTREINTE, projet")
    message(7, "C02", "1780300802.000100", "projet", edited={"user": "U1", "ts": "1780300900.000000"})
    # The same time in another channel, and a file that is not there.
    message(5, "D01", "1780300802.000100", "direct", files=[{"id": "F3", "name": "absent.pdf"}])
    message(5, "D01", "1780300803.000100", "ce qui reste d'un message endommagé", data=b'{"ts":"17803')
    search = {"type": "message", "ts": "1780300700.000100", "user": "U2", "text": "trouvé", "channel": {"id": "C09"}}
    for ts, channel in (("1780300700.000100", "C09"), ("1780300801.000100", "C01")):
        base.execute("INSERT INTO SEARCH_MESSAGE (CHUNK_ID, CHANNEL_ID, TS, IDX, TXT, DATA) VALUES (8, ?, ?, 0, '', ?)",
                     (channel, ts, blob(search)))
    base.commit()
    base.close()


class Typed:
    """A value whose type in BSON Python does not tell."""

    def __init__(self, code, data):
        self.code = code
        self.data = data


def oid(digits):
    return Typed(0x07, bytes.fromhex(digits))


def date(milliseconds):
    return Typed(0x09, struct.pack("<q", milliseconds))


def binary(data):
    return Typed(0x05, struct.pack("<iB", len(data), 0) + data)


def bson(value):
    """A document or, for a list, an array."""
    members = value.items() if isinstance(value, dict) else ((str(i), v) for i, v in enumerate(value))
    body = b""
    for key, item in members:
        if isinstance(item, Typed):
            code, data = item.code, item.data
        elif isinstance(item, bool):
            code, data = 0x08, bytes([item])
        elif isinstance(item, int):
            code, data = 0x10, struct.pack("<i", item)
        elif isinstance(item, float):
            code, data = 0x01, struct.pack("<d", item)
        elif isinstance(item, str):
            text = item.encode("utf-8", "surrogatepass")
            code, data = 0x02, struct.pack("<i", len(text) + 1) + text + b"\0"
        elif item is None:
            code, data = 0x0A, b""
        else:
            code, data = (0x04 if isinstance(item, list) else 0x03), bson(item)
        body += bytes([code]) + key.encode() + b"\0" + data
    return struct.pack("<i", len(body) + 5) + body + b"\0"


MESSAGES = [
    {"_id": "m1", "rid": "GENERAL", "msg": "TLP:AMBER \"note\"\n\x07suite", "ts": date(1780300800123),
     "u": {"_id": "u1", "username": "lea.m", "name": "Léa M"}, "mentions": [], "_updatedAt": date(1780300800124)},
    {"_id": oid("5f0c1a2b3c4d5e6f70819203"), "rid": "p1", "msg": "pièce jointe", "ts": date(1780300801000),
     "u": {"_id": "u2", "username": "luc"}, "file": {"_id": "f1", "name": "note.txt", "type": "text/plain"},
     "attachments": [{"title": "note.txt", "title_link": "/file-upload/f1/note.txt", "type": "file",
                      "image_preview": binary(b"\xff\xd8")}]},
    {"_id": "m3", "rid": "GENERAL", "t": "uj", "msg": "luc", "ts": date(1780300802000),
     "u": {"_id": "u2", "username": "luc"}, "score": 1.5, "count": Typed(0x12, struct.pack("<q", 1 << 40)),
     "none": None, "seen": True, "pattern": Typed(0x0B, b"a\0i\0")},
]
ROOMS = [
    {"_id": "GENERAL", "t": "c", "name": "general", "usersCount": 2, "msgs": 2, "topic": "Accueil"},
    {"_id": "p1", "t": "p", "name": "cellule", "usersCount": 2, "msgs": 1, "encrypted": False},
]


def rocketchat():
    with open(fresh("rocketchat", "mongodump", "input", "rocketchat", "rocketchat_message.bson"), "wb") as file:
        for message in MESSAGES:
            file.write(bson(message))
    packed = gzip.compress(b"".join(map(bson, ROOMS)), mtime=0)
    with open(fresh("rocketchat", "mongodump", "input", "rocketchat", "rocketchat_room.bson.gz"), "wb") as file:
        file.write(packed)
    with open(fresh("rocketchat", "mongodump", "input", "rocketchat", "users.bson"), "wb") as file:
        file.write(bson({"_id": "u1", "username": "lea.m"}))
    with open(fresh("rocketchat", "bson", "input.bson"), "wb") as file:
        for message in MESSAGES:
            file.write(bson(message))


slackdump(fresh("slackdump", "database", "input", "slackdump.sqlite"))
with open(fresh("slackdump", "database", "input", "__uploads", "F2", "plan.txt"), "w") as upload:
    upload.write("plan\n")
slackdump(fresh("slackdump", "database-file", "input.sqlite"))
rocketchat()
