"""Measures vigie-serve against servers of the same libraries that judge nothing.

    python bench.py --serve PATH --peer PATH [--rounds N] [--seconds N]

Frames: one Python client, one message at a time, 2,000 a second; HTTP: wrk with 16 connections. Rounds are
interleaved: both servers run all the time and are asked in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import time

from frames import CHECK, Connection, frame
from running import TOKEN, Server

BODY = (
    "Bonjour à tous, la réunion de demain est décalée à 14 h en salle B ; merci de confirmer votre présence "
    "et de relire le compte rendu avant, il est dans le dossier partagé du service."
)
MESSAGE = {
    "id": "$event:agence.example",
    "body": BODY,
    "sender": "@ann:agence.example",
    "channel": {"id": "!room:agence.example", "name": "Annonces", "visibility": "public", "encrypted": False},
}


def round_trips(path: str, count: int, rate: float, hello: bool) -> list[float]:
    """Seconds of so many round trips, one after another, at a steady rate."""
    connection = Connection(path, hello=hello)
    data = frame(CHECK, 1, MESSAGE)
    times = []
    start = time.perf_counter()
    for index in range(count):
        due = start + index / rate
        while time.perf_counter() < due:
            pass
        sent = time.perf_counter()
        connection.socket.sendall(data)
        connection.receive()
        times.append(time.perf_counter() - sent)
    connection.close()
    return times


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def wrk(port: int, seconds: int, script: str) -> tuple[float, float]:
    """Requests a second and the 99th percentile in seconds."""
    out = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}s", "--latency", "-s", script, f"http://127.0.0.1:{port}/v1/check"],
        capture_output=True, text=True, check=True,
    ).stdout
    if "Non-2xx" in out:
        raise RuntimeError(out)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return rate, float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--serve", required=True)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder, Server(options.serve) as server:
        echo_path = os.path.join(folder, "echo.sock")
        echo = subprocess.Popen([options.peer, "frames", echo_path], stdout=subprocess.PIPE)
        constant = subprocess.Popen([options.peer, "http", "0"], stdout=subprocess.PIPE)
        try:
            echo.stdout.readline()
            port = int(constant.stdout.readline().split()[1])
            script = os.path.join(folder, "post.lua")
            with open(script, "w", encoding="utf-8") as file:
                file.write(
                    'wrk.method = "POST"\n'
                    f"wrk.body = {json.dumps(json.dumps(MESSAGE, ensure_ascii=True))}\n"
                    'wrk.headers["Content-Type"] = "application/json"\n'
                    f'wrk.headers["Authorization"] = "Bearer {TOKEN}"\n'
                )
            measure(options, server, echo_path, port, script)
        finally:
            for process in (echo, constant):
                process.kill()
                process.wait()


def measure(options: argparse.Namespace, server: Server, echo_path: str, port: int, script: str) -> None:
    """Asks both in turn and prints medians and ratios."""
    figures: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        figures.setdefault(name, []).append(value)

    round_trips(server.socket, 500, 2000, True)
    round_trips(echo_path, 500, 2000, False)
    for _ in range(options.rounds):
        for name, path, hello in (("vigie", server.socket, True), ("echo", echo_path, False)):
            times = round_trips(path, 2000 * options.seconds, 2000, hello)
            note(f"{name} p50", quantile(times, 0.5) * 1e6)
            note(f"{name} p99", quantile(times, 0.99) * 1e6)
        for name, where in (("vigie", server.port), ("constant", port)):
            rate, tail = wrk(where, options.seconds, script)
            note(f"{name} rate", rate)
            note(f"{name} http p99", tail * 1e6)
    median = {name: statistics.median(values) for name, values in figures.items()}
    for name, values in figures.items():
        print(f"{name:18} median {median[name]:10.1f}   {min(values):10.1f} .. {max(values):10.1f}")

    def ratio(words: str, above: str, below: str, bar: str) -> None:
        each = [a / b for a, b in zip(figures[above], figures[below])]
        print(f"{words:36} {statistics.median(each):6.2f}   {min(each):.2f} .. {max(each):.2f}   bar {bar}")

    ratio("frames p50, vigie / echo", "vigie p50", "echo p50", "<= 1.3")
    ratio("frames p99, vigie / echo", "vigie p99", "echo p99", "<= 1.5")
    ratio("HTTP requests/s, vigie / constant", "vigie rate", "constant rate", ">= 0.6")
    ratio("HTTP p99, vigie / constant", "vigie http p99", "constant http p99", "<= 2")


if __name__ == "__main__":
    main()
