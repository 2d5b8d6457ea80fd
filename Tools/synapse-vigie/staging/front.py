"""What an operator puts in front of servers, in small: TLS, and paths that go to different servers.

`python -m staging.front PORT CERTIFICATE TIMEOUT PREFIX=PORT…`: the first prefix that fits decides.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from contextlib import suppress

_Route = tuple[str, int]


class _Front:
    """Takes one request from each connection, as long as no server behind it needs more."""

    def __init__(self, routes: list[_Route], timeout: float) -> None:
        self._routes = routes
        self._timeout = timeout

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection."""
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
            path = lines[0].split(b" ")[1].decode()
            fields = {name.lower(): value for name, _, value in (x.partition(b":") for x in lines)}
            body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
            kept = [line for line in lines if not line.lower().startswith(b"connection:")]
            asked = b"\r\n".join([*kept, b"Connection: close", b"", body])
            writer.write(await self._answer(path, asked))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _answer(self, path: str, asked: bytes) -> bytes:
        port = next(port for prefix, port in self._routes if path.startswith(prefix))
        try:
            async with asyncio.timeout(self._timeout):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(asked)
                    await writer.drain()
                    return await reader.read()
                finally:
                    writer.close()
        except TimeoutError:
            return _error(b"504 Gateway Timeout")
        except OSError:
            return _error(b"502 Bad Gateway")


def _error(status: bytes) -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: 0", b"Connection: close", b"", b""]
    return b"\r\n".join(lines)


async def _main(port: int, certificate: str, timeout: float, routes: list[_Route]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    front = _Front(routes, timeout)
    server = await asyncio.start_server(front.serve, "127.0.0.1", port, ssl=context)
    async with server:
        await server.serve_forever()


def _route(text: str) -> _Route:
    prefix, _, port = text.rpartition("=")
    return prefix, int(port)


if __name__ == "__main__":
    own, file, seconds, *rest = sys.argv[1:]
    asyncio.run(_main(int(own), file, float(seconds), [_route(one) for one in rest]))
