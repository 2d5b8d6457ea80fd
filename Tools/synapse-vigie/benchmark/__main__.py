"""Compares sends per second and processor time of Synapse with the module on and off.

Short blocks of sends alternate in the order on, off, off, on…, in one Synapse process, so that
whatever else the machine does meets both alike. Exit code 1 where the module costs more than
`--least` allows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from staging.homeserver import Client, Homeserver
from staging.processes import StageError
from staging.scene import TIMEOUT_MS
from staging.vigie import Vigie

TEXT = (
    "Bonjour à tous, voici le compte rendu de la réunion d'hier : le calendrier est maintenu, "
    "les devis sont attendus pour vendredi et la salle est réservée. Bonne journée, Anne"
)


@dataclass
class Block:
    """One block of sends."""

    is_on: bool
    seconds: float
    processor: float
    waits: list[float]


class Sender:
    """A client with a connection that stays open: the benchmark must not measure itself."""

    def __init__(self, client: Client, room: str) -> None:
        self._client = client
        self._room = quote(room, safe="")
        self._connection = http.client.HTTPConnection("127.0.0.1", client.server.port, timeout=60)
        self._number = 0

    def send(self, count: int, is_on: bool, waits: list[float]) -> None:
        """Sends messages one after the other."""
        content = {"msgtype": "m.text", "body": TEXT, "bench": "on" if is_on else "off"}
        body = json.dumps(content).encode()
        headers = {"Authorization": f"Bearer {self._client.token}"}
        for _ in range(count):
            self._number += 1
            path = f"/_matrix/client/v3/rooms/{self._room}/send/m.room.message/b{self._number}"
            started = time.perf_counter()
            self._connection.request("PUT", path, body, headers)
            response = self._connection.getresponse()
            response.read()
            waits.append(time.perf_counter() - started)
            if response.status != 200:
                raise StageError(f"a send was answered {response.status}")


def processor_seconds(pid: int) -> float:
    """What all threads of a process used; /proc/PID/stat is too coarse for short blocks."""
    nanoseconds = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9


def run_block(pid: int, senders: list[Sender], count: int, is_on: bool) -> Block:
    """Sends one block, all senders at once."""
    waits: list[float] = []
    threads = [threading.Thread(target=one.send, args=(count, is_on, waits)) for one in senders]
    before, started = processor_seconds(pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if len(waits) != count * len(senders):
        raise StageError("a sender failed")
    return Block(is_on, seconds, processor_seconds(pid) - before, waits)


def interval(pairs: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The ratio of the sums of pairs (off / on), and its 95 % bootstrap interval."""
    draw = random.Random(1)

    def ratio(chosen: list[tuple[float, float]]) -> float:
        return sum(off for _, off in chosen) / sum(on for on, _ in chosen)

    drawn = sorted(ratio(draw.choices(pairs, k=len(pairs))) for _ in range(2000))
    return ratio(pairs), drawn[50], drawn[1949]


def percentile(values: list[float], share: float) -> float:
    """A percentile, milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def main() -> int:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", help="vigie-serve; without it a double takes its place")
    parser.add_argument("--pairs", type=int, default=150, help="pairs of blocks (default 150)")
    parser.add_argument("--sends", type=int, default=5, help="sends a block and client (5)")
    parser.add_argument("--clients", type=int, default=2, help="clients at once, a room each")
    parser.add_argument("--least", type=float, default=0.97, help="share of the throughput")
    arguments = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="synapse-bench-"))
    server = Homeserver(directory / "synapse", sys.executable)
    vigie = Vigie(Path(tempfile.mkdtemp(prefix="vigie-bench-")), arguments.serve, server.media)
    try:
        vigie.start()
        config = {"socket": str(vigie.socket), "timeout_ms": TIMEOUT_MS}
        server.start([{"module": "benchmark.switch.SwitchedModule", "config": config}])
        return measure(server, arguments)
    finally:
        server.stop()
        vigie.stop()
        shutil.rmtree(directory, ignore_errors=True)
        shutil.rmtree(vigie.directory, ignore_errors=True)


def measure(server: Homeserver, arguments: argparse.Namespace) -> int:
    """Sends, prints and judges."""
    pid = server.pid
    senders = []
    for number in range(arguments.clients):
        client = server.register(f"u{number}")
        senders.append(Sender(client, client.room(preset="public_chat", name="Salle")))
    for is_on in (True, False) * 5:
        run_block(pid, senders, arguments.sends, is_on)
    pairs: list[tuple[Block, Block]] = []
    for number in range(arguments.pairs):
        order = [True, False] if number % 2 == 0 else [False, True]
        blocks = [run_block(pid, senders, arguments.sends, is_on) for is_on in order]
        on, off = blocks if order[0] else reversed(blocks)
        pairs.append((on, off))
    failures = server.metrics("vigie_module_failures_total")
    judged = server.metrics("vigie_module_judged_total")
    count = arguments.sends * arguments.clients
    print(f"{arguments.pairs} pairs of blocks of {count} sends, {arguments.clients} clients")
    print("          sends/s   p50 ms   p99 ms   processor ms/send")
    for index, name in enumerate(("on", "off")):
        blocks = [pair[index] for pair in pairs]
        waits = [wait for block in blocks for wait in block.waits]
        rate = count * len(blocks) / sum(block.seconds for block in blocks)
        each = statistics.mean(block.processor for block in blocks) * 1000 / count
        print(
            f"{name:<8}{rate:9.1f}{percentile(waits, 0.5):9.2f}{percentile(waits, 0.99):9.2f}"
            f"{each:12.3f}"
        )
    wall = interval([(on.seconds, off.seconds) for on, off in pairs])
    processor = interval([(on.processor, off.processor) for on, off in pairs])
    print("throughput with the module: {:.1%} of without (95 %: {:.1%} to {:.1%})".format(*wall))
    print(
        "processor time of Synapse:  {:.1%} of that with (95 %: {:.1%} to {:.1%})".format(
            *processor
        )
    )
    waited = server.metrics("vigie_module_seconds_sum") / max(1.0, judged) * 1000
    print(f"a message waited {waited:.2f} ms for its verdict on average, state of the room apart")
    print(f"judged {judged:.0f}, not judged {failures:.0f}")
    if failures or judged < count * arguments.pairs:
        print("the module did not judge what it should: the figures mean nothing")
        return 1
    return 0 if wall[0] >= arguments.least else 1


if __name__ == "__main__":
    sys.exit(main())
