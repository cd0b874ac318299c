"""`python -m coursegate.load.delay MILLISECONDS FD`: an endpoint that answers after exactly so long, for the canary.

With a third and fourth argument (MILLISECONDS EVERY) it stands still for so long every so many seconds, which is
what a known stall looks like: whoever comes meanwhile waits until it is over.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


async def _serve(listening: socket.socket, delay: float, stall: float, every: float) -> None:
    started = time.monotonic()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(delay + _left(started, stall, every))
                writer.write(_ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(answer, sock=listening) as server:
        await server.serve_forever()


def _left(started: float, stall: float, every: float) -> float:
    """How long the stall in progress goes on; 0 where there is none."""
    return max(0.0, stall - (time.monotonic() - started) % every) if every else 0.0


def main(arguments: list[str]) -> None:
    delay, descriptor = float(arguments[0]) / 1000, int(arguments[1])
    stall, every = (float(arguments[2]) / 1000, float(arguments[3])) if len(arguments) > 2 else (0.0, 0.0)
    asyncio.run(_serve(socket.socket(fileno=descriptor), delay, stall, every))


if __name__ == "__main__":
    main(sys.argv[1:])
