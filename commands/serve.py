"""`coursegate serve`: a backend with the seeded world in it, on a loopback port, until it is stopped."""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseServer
from typing import Any
from wsgiref.types import WSGIApplication

from coursegate.commands.doctor import examine, report_lines
from coursegate.contracts.contract import Contract
from coursegate.contracts.world import WorldObject
from coursegate.contracts.world_values import FromNow
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.preflight.ladder import blocking
from coursegate.harness.targets.binding import Binding, Database, locate
from coursegate.harness.world import World
from coursegate.harness.world_file import check_writable, write_world


class CannotServe(WrongQuestion):
    """There is no such place to serve at: not a loopback address, or somebody else's port."""


def answer(said: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Returns 0 then, 1 where the backend does not start."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        return _serve(said)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        return 0


def _serve(said: argparse.Namespace) -> int:
    if said.world:
        check_writable(said.world)
    binding = locate(Path(said.target), said.settings, said.config, as_is=said.settings_as_is)
    contract = binding.contract(said.contract, said.size)
    with (
        _listening(said.host, said.port) as server,
        tempfile.TemporaryDirectory(prefix="coursegate-") as scratch,
    ):
        # Whether it starts does not depend on the size of the world.
        results = examine(binding, argparse.Namespace(**{**vars(said), "size": 1}))
        if blocking(results) is not None:
            for line in report_lines(binding, results):
                print(line)
            return 1
        for result in results:
            for cause in result.causes:
                print(f"{result.rung}: {cause}")
        application, world = _start(binding, contract, said.world_seed, Path(scratch))
        if said.world:
            write_world(said.world, world, contract)
        server.set_app(application)
        for line in _lines(said, binding, world, server.server_port):
            print(line, flush=True)
        try:
            server.serve_forever()
        finally:
            _close_database()
    return 0


def _listening(host: str, port: int) -> Any:
    """A server that holds its port before anything slow is done, and answers nobody yet.

    Raises:
        CannotServe: the address is not a loopback one, or the port cannot be had.
    """
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    class Server(ThreadedWSGIServer):
        request_queue_size = 128

    class Quiet(WSGIRequestHandler):
        # Headers and body are sent one after the other; together they would wait for the caller's acknowledgement.
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name is the library's
            """Answers are for the caller to read; what crashes is still told by Django itself."""

    address = _loopback(host)
    try:
        server: BaseServer = Server((address, port), Quiet, ipv6=":" in address)
    except (OSError, OverflowError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise CannotServe(
            f"port {port} of {host} cannot be had: {reason}. Name another with --port."
        ) from None
    return server


def _loopback(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise CannotServe(
        f"--host={host}: the world has known passwords, so it is served on loopback only, such as 127.0.0.1."
    )


def _start(binding: Binding, contract: Contract, seed: str, scratch: Path) -> tuple[WSGIApplication, World]:
    """The backend's WSGI application, in this process, over a database of its own with the world in it."""
    binding.activate(scratch, database=Database.DISK)
    os.chdir(binding.path)
    import django

    django.setup()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # every refusal is no warning here
    from django.core.wsgi import get_wsgi_application

    from coursegate.factories.session import settle  # its models need a Django that has started

    return get_wsgi_application(), settle(contract, seed)


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


def _lines(said: argparse.Namespace, binding: Binding, world: World, port: int) -> Iterator[str]:
    url = f"http://{f'[{said.host}]' if ':' in said.host else said.host}:{port}"
    yield f"{binding.path} with {len(world.ids)} objects ({said.size}x), seed {world.seed!r}"
    for name, reason in list(world.missing.items())[:5]:
        yield f"  not there: {name}: {reason}"
    yield "These accounts exist only here, and only until this stops; their passwords protect nothing."
    width = max(map(len, world.accounts), default=0)
    for name, account in world.accounts.items():
        item = world.contract.objects[name]
        if not item.grown:
            yield f"  {name:<{width}}  {account.email}  {account.password}  {_standing(item, world)}"
    yield f"Sign in: POST {url}/api/token/ with email and password; then send `Authorization: Bearer ACCESS`."
    yield f"Serving on {url}/ - stop with Ctrl-C"


def _standing(item: WorldObject, world: World) -> str:
    """What an account is and has paid for, in a few words."""
    subscription = world.contract.objects.get(f"{item.name}-subscription")
    paid = subscription.fields if subscription else {}
    end = paid.get("end_date")
    words = [
        str(item.fields.get("role", "no role")),
        *(flag for flag in ("is_staff", "is_superuser") if item.fields.get(flag)),
        *(f"not {flag}" for flag in ("is_active",) if item.fields.get(flag) is False),
        *(name for name in ("ban_expires_at",) if item.fields.get(name)),
        f"{paid.get('tier', 'no')} subscription {paid.get('status', '')}".rstrip(),
        *([f"ends {_days(end)}"] if isinstance(end, FromNow) else []),
    ]
    return ", ".join(words)


def _days(moment: FromNow) -> str:
    return f"{moment.delta.total_seconds() / 86400:+g} d from now"
