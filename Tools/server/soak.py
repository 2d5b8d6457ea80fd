"""Whether a server that works for hours holds more than one that has just begun.

    python soak.py --serve PATH/vigie-serve --vigie PATH/vigie [--checks 10000000]

Messages as in chat come over frames as fast as they are answered. Beside them, in every round: new uploads and an
event that posts one, a message for the threads, overrides, a batch over HTTP, connections that break off, frames
that are none, and rules taken into use anew. Prints what the server holds after each round; ends with 1 where the
last rounds hold more than those after the first tenth, or the audit is not whole.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress

from frames import CHECK, EVENT, FILE, Connection, frame
from running import Server

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))
import texts  # noqa: E402

ROUNDS = 40
# Under way at once on each of two connections; the server does not read more from a client that is behind.
BATCH = 2_000
# What a heap may need more for no other reason than where its blocks happened to lie.
SLACK_KILOBYTES = 16 * 1024
PUBLIC = {"id": "!p:agence.example", "name": "Annonces", "visibility": "public", "encrypted": False}
NIR = "Mon numéro de sécurité sociale est le 1 85 05 78 006 084 91."


def chat() -> list[bytes]:
    """Batches of frames, made once."""
    messages = texts.generate(2_500_000)
    frames = [
        frame(CHECK, number % BATCH, {"id": f"${number}", "body": text.decode(), "sender": "@a:b", "channel": PUBLIC})
        for number, text in enumerate(messages)
    ]
    return [b"".join(frames[at : at + BATCH]) for at in range(0, len(frames) - BATCH + 1, BATCH)]


class Stream:
    """A connection over which batch follows batch."""

    def __init__(self, path: str, batches: list[bytes]) -> None:
        self.path = path
        self.batches = batches
        self.stopped = 0

    def run(self, count: int) -> None:
        """Has so many messages judged, and counts those that are stopped."""
        connection = Connection(self.path, timeout=120)
        rounds = count // BATCH
        held = b""
        for number in range(rounds):
            data = self.batches[number % len(self.batches)]
            writer = threading.Thread(target=connection.socket.sendall, args=(data,))
            writer.start()
            missing = BATCH
            while missing:
                data = connection.socket.recv(1 << 18)
                if not data:
                    raise RuntimeError("the server closed the connection")
                held = held + data if held else data
                at = 0
                while len(held) - at >= 4:
                    (length,) = struct.unpack_from(">I", held, at)
                    if len(held) - at < 4 + length:
                        break
                    if held[at + 4] != 0x82:
                        raise RuntimeError(f"an answer of kind {held[at + 4]}: {held[at + 9 : at + 4 + length]!r}")
                    missing -= 1
                    at += 4 + length
                self.stopped += held.count(b'"verdict":"block"', 0, at)
                held = held[at:]
            writer.join()
        connection.close()


def beside(server: Server, number: int) -> None:
    """What else happens to a server."""
    connection = Connection(server.socket, timeout=120)
    for upload in range(20):
        media = f"mxc://agence.example/{number}-{upload}"
        path = os.path.join(server.folder, "files", f"{upload}.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"{media}\n" + ("DIFFUSION RESTREINTE\n" if upload % 4 == 0 else "") + "une ligne\n" * 2_000)
        connection.ask(FILE, {"id": media, "path": path, "name": "note.txt"})
        event = {"type": "m.room.message", "sender": "@a:b", "content": {"msgtype": "m.file", "body": "n.txt", "url": media}}
        review = connection.ask(EVENT, {"event": event, "room": {"id": "!r:b", "join_rule": "public"}})
        assert (review["verdict"] == "block") == (upload % 4 == 0), review
    long = {"id": "long", "body": "la note est classée secret, voir DR et SF, réunion NATO " * 2_000, "channel": PUBLIC}
    connection.ask(CHECK, long)
    for justification in ("c'est le mien", " "):
        message = {"id": "1", "body": NIR, "sender": "@a:b", "channel": PUBLIC}
        token = connection.ask(CHECK, message)["override"]["token"]
        connection.ask(CHECK, {**message, "override": {"token": token, "justification": justification}})
    connection.close()
    lines = "\n".join(json.dumps({"id": str(n), "body": "NATO SECRET" if n % 50 == 0 else "bonjour"}) for n in range(500))
    assert server.ask("POST", "/v1/batch", lines.encode())[0] == 200
    for data in (b"", b"\0", b"GET / HT", b"\xff" * 100, frame(CHECK, 1, {"id": "1"}), b"\0\0\0\x09\x01\0\0\0\0junk"):
        with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
            client.connect(server.socket)
            client.sendall(data)
    # One that asks and is gone before it is answered.
    gone = Connection(server.socket)
    gone.send(CHECK, 1, long)
    gone.close()
    assert server.ask("POST", "/v1/reload")[0] == 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--serve", required=True)
    parser.add_argument("--vigie", required=True)
    parser.add_argument("--checks", type=int, default=10_000_000)
    options = parser.parse_args()
    batches = chat()
    each = -(-options.checks // (2 * ROUNDS * BATCH)) * BATCH
    taken = []
    with Server(options.serve, "--media-entries", "200", "--attachment-root", "/") as server:
        os.mkdir(os.path.join(server.folder, "files"))
        started = time.monotonic()
        for number in range(1, ROUNDS + 1):
            streams = [Stream(server.socket, batches) for _ in range(2)]
            failures: list[BaseException] = []

            def run(stream: Stream) -> None:
                try:
                    stream.run(each)
                except BaseException as failure:
                    failures.append(failure)

            threads = [threading.Thread(target=run, args=(stream,)) for stream in streams]
            for thread in threads:
                thread.start()
            beside(server, number)
            for thread in threads:
                thread.join()
            if failures:
                raise failures[0]
            # What is under way when a client goes is finished, then let go.
            time.sleep(1)
            taken.append(server.holds())
            rate = 2 * each * number / (time.monotonic() - started)
            stopped = sum(stream.stopped for stream in streams)
            print(f"{2 * each * number:>10,} checks  {rate:7,.0f}/s  {stopped} stopped  {taken[-1]}", flush=True)
        code = server.stop()
        audit = subprocess.run([options.vigie, "audit", "verify", server.audit], capture_output=True, text=True, check=False)
    print(audit.stdout.strip())
    faults = [f"exit code {code}"] if code else []
    if audit.returncode:
        faults.append("the audit is not whole")
    first, last = taken[ROUNDS // 10 : ROUNDS // 4], taken[-ROUNDS // 4 :]
    for what, slack in (("kilobytes", SLACK_KILOBYTES), ("threads", 2), ("files", 2)):
        before, after = (max(one[what] for one in some) for some in (first, last))
        print(f"{what}: {before:,} at most in rounds {ROUNDS // 10 + 1} to {ROUNDS // 4}, {after:,} in the last {ROUNDS // 4}")
        if after > before + slack:
            faults.append(f"{what} grew by {after - before:,}")
    print("; ".join(faults) or "nothing grows")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
