"""What becomes of a running vigie-serve whose audit somebody takes away."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

from frames import CHECK, Connection
from running import Server
from shared import MARKED, SERVE, VIGIE, Patient

DISPLACED = "vigie_audit_displaced_total"
# fcntl.h and linux/fs.h
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def exchange(one: str, other: str) -> None:
    """Has two names change places at once, so that the server never finds one of them free."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, one.encode(), AT_FDCWD, other.encode(), RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


class AuditTests(Patient):
    """The folder of the audit under a server that runs."""

    def block(self, connection: Connection, count: int) -> None:
        for number in range(count):
            self.assertEqual(connection.ask(CHECK, {"id": str(number), "body": MARKED})["verdict"], "block")

    def test_folder_that_was_moved_away_is_made_again(self) -> None:
        with Server(SERVE) as server:
            connection = Connection(server.socket)
            self.block(connection, 3)
            self.assertEqual(server.metric(DISPLACED), 0)
            away = server.audit + "-away"
            os.rename(server.audit, away)
            self.eventually(lambda: server.metric(DISPLACED) == 1, "it was not counted")
            self.assertIn("somebody took away files of the audit", server.complaints())
            self.block(connection, 2)
            self.assertEqual(server.ask("GET", "/readyz")[0], 200)
            self.assertEqual(server.metric("vigie_audit_lost"), 0)
            self.assertEqual(server.stop(), 0)
            verify = [VIGIE, "audit", "verify", server.audit]
            self.assertIn(b"entries 1 to 3 are missing", subprocess.run(verify, capture_output=True, check=False).stdout)
            shutil.move(os.path.join(away, "audit-000000000001.jsonl"), server.audit)
            whole = subprocess.run(verify, capture_output=True, check=False)
            self.assertEqual(whole.returncode, 0, whole.stdout)
            self.assertIn(b"5 entries in 2 files", whole.stdout)

    def test_place_that_another_takes_is_told_until_it_is_free(self) -> None:
        with Server(SERVE) as server:
            connection = Connection(server.socket)
            self.block(connection, 1)
            other = server.audit + "-other"
            with open(other, "wb"):
                pass
            exchange(server.audit, other)
            self.eventually(lambda: server.ask("GET", "/readyz")[0] == 503, "it says that it is ready")
            self.eventually(lambda: "the audit cannot be written" in server.complaints(), "it was not said")
            # What cannot be kept stops no message.
            self.block(connection, 2)
            self.assertEqual(server.metric("vigie_audit_lost"), 2)
            exchange(server.audit, other)
            self.eventually(lambda: server.ask("GET", "/readyz")[0] == 200, "it is not ready again")
            self.block(connection, 1)
            self.assertEqual(server.metric("vigie_audit_lost"), 0)
            self.assertEqual(server.stop(), 0)
            whole = subprocess.run([VIGIE, "audit", "verify", server.audit], capture_output=True, check=False)
            self.assertEqual(whole.returncode, 0, whole.stdout)
            self.assertIn(b"2 events lost before it", whole.stdout)
