"""What becomes of a running vigie-serve whose socket file somebody takes away, or replaces."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import tempfile
import time

from frames import CHECK, Connection
from running import Server
from shared import MARKED, SERVE, Patient

RESTORED, TAKEN = (f'vigie_socket_losses_total{{outcome="{name}"}}' for name in ("restored", "taken"))


class SocketTests(Patient):
    """The file of the socket under a server that runs."""

    def test_path_that_was_taken_away_comes_back(self) -> None:
        with Server(SERVE, "--socket-mode", "660") as server:
            connection = Connection(server.socket)
            before = os.lstat(server.socket)
            for count in range(1, 4):
                os.remove(server.socket)
                # Connections go on meanwhile.
                self.assertEqual(connection.ask(CHECK, {"id": "old", "body": MARKED})["verdict"], "block")
                self.eventually(lambda: os.path.exists(server.socket), "the socket did not come back")
                after = os.lstat(server.socket)
                self.assertEqual((after.st_ino, stat.S_IMODE(after.st_mode)), (before.st_ino, 0o660))
                fresh = Connection(server.socket)
                self.assertEqual(fresh.ask(CHECK, {"id": "new", "body": MARKED})["verdict"], "block")
                fresh.close()
                self.assertEqual(server.json("POST", "/v1/check", {"id": "http", "body": "bonjour"})["verdict"], "allow")
                self.eventually(lambda n=count: server.metric(RESTORED) == n, "it was not counted")
                self.assertEqual(server.complaints().count("somebody took away the socket"), count)
            self.assertEqual(server.metric(TAKEN), 0)
            self.assertEqual(server.ask("GET", "/readyz")[0], 200)
            self.assertEqual(connection.ask(CHECK, {"id": "end", "body": MARKED})["verdict"], "block")
            connection.close()
            self.assertEqual(server.stop(), 0)
            self.assertEqual([name for name in os.listdir(server.folder) if name.endswith(".sock")], [])

    def test_path_of_another_is_left_alone(self) -> None:
        with Server(SERVE) as server:
            connection = Connection(server.socket)
            os.remove(server.socket)
            other = socket.socket(socket.AF_UNIX)
            other.bind(server.socket)
            other.listen()
            inode = os.lstat(server.socket).st_ino
            self.eventually(lambda: server.ask("GET", "/readyz", tcp=True)[0] == 503, "readyz does not say so")
            self.assertEqual(server.ask("HEAD", "/readyz", tcp=True)[0], 503)
            # TCP is served, and so are those who are connected.
            self.assertEqual(server.json("POST", "/v1/check", {"id": "1", "body": MARKED}, tcp=True)["verdict"], "block")
            self.assertEqual(connection.ask(CHECK, {"id": "2", "body": MARKED})["verdict"], "block")
            time.sleep(2.5)
            self.assertEqual(server.complaints().count("another process has put its file at"), 1)
            self.assertEqual(os.lstat(server.socket).st_ino, inode)
            other.close()
            os.remove(server.socket)
            self.eventually(lambda: server.ask("GET", "/readyz", tcp=True)[0] == 200, "it did not come back")
            fresh = Connection(server.socket)
            self.assertEqual(fresh.ask(CHECK, {"id": "3", "body": MARKED})["verdict"], "block")
            fresh.close()
            self.assertEqual((server.metric(TAKEN), server.metric(RESTORED)), (1, 1))
            # What is another's stays there when the server ends.
            os.remove(server.socket)
            other = socket.socket(socket.AF_UNIX)
            other.bind(server.socket)
            connection.close()
            self.assertEqual(server.stop(), 0)
            self.assertTrue(os.path.exists(server.socket))
            other.close()

    def test_folder_that_is_gone_ends_the_server(self) -> None:
        with tempfile.TemporaryDirectory(prefix="vigie-gone-") as folder:
            run = os.path.join(folder, "run")
            os.makedirs(run)
            with Server(SERVE, "--socket", os.path.join(run, "v.sock"), folder=folder) as server:
                for path in (server.socket, os.path.join(run, "v.sock")):
                    self.eventually(lambda path=path: os.path.exists(path), "a socket is not there")
                connection = Connection(server.socket)
                self.assertEqual(connection.ask(CHECK, {"id": "1", "body": MARKED})["verdict"], "block")
                shutil.rmtree(run)
                self.assertEqual(server.process.wait(60), 2)
                self.assertIn("run/v.sock: no such file or directory", server.complaints())
                self.assertIn("mend: see whether the folder of the socket is there", server.complaints())
                self.assertIsNone(connection.receive())
                self.assertFalse(os.path.exists(server.socket))

    def test_no_server_takes_a_path_between_two_looks(self) -> None:
        with Server(SERVE, tcp=False) as server:
            os.remove(server.socket)
            second = subprocess.run([SERVE, "--socket", server.socket], capture_output=True, timeout=60, check=False)
            self.assertEqual(second.returncode, 2)
            self.assertIn("another process answers at", second.stderr.decode())
            self.eventually(lambda: os.path.exists(server.socket), "the socket did not come back")
            self.assertEqual(server.stop(), 0)
