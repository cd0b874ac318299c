"""A backend checkout, judged inside this process: the same WSGI callable a server would call."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.signals import got_request_exception, request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test import TestCase
from django.urls import resolve
from django.utils import timezone

from coursegate.contracts.columns import Columns
from coursegate.contracts.world_values import FromNow
from coursegate.harness.client import CannotAsk
from coursegate.harness.deadline import TimeLimitExceeded, deadline
from coursegate.harness.observation import Answer, Request, ServerError
from coursegate.harness.poison import give_up, known_poison
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.clocks import put_on
from coursegate.harness.targets.database import restored_sqlite
from coursegate.harness.targets.environ import environ_of
from coursegate.harness.targets.naming import Naming
from coursegate.harness.targets.restoring import restored_postgres, statements_fail_alone
from coursegate.harness.targets.shared_cache import SharedCache
from coursegate.harness.targets.statements import digests, recorded_writes
from coursegate.harness.targets.stored_files import StoredFiles
from coursegate.harness.targets.target import Abilities
from coursegate.harness.targets.tracing import traced

HOST = "localhost"
SECONDS_PER_REQUEST = 10.0
# For a route that has hung so often before: it is not waited for as long again.
HANGS_IN_FULL, SECONDS_AFTER_THESE = 2, 1.0


class SourceTarget:
    """The target as the suites see it: requests in, answers out, and a look at the rows behind them."""

    kind = "path"
    host = HOST
    abilities = Abilities(reads_rows=True, undoes=True, writes=True)

    def __init__(self, binding: Binding, naming: Naming | None = None) -> None:
        self.binding, self.naming = binding, naming or Naming()
        self._application: Callable[..., Any] = get_wsgi_application()
        self._seen = threading.local()  # of the request that a thread is sending: several may
        self._hangs: Counter[tuple[str, str]] = Counter()
        self._poison = known_poison()
        options = (entry.get("OPTIONS", {}) for entry in settings.STORAGES.values())
        self._files = StoredFiles(Path(said["folder"]) for said in options if "folder" in said)
        # Model -> how its save() came to no end: it is not waited for once more.
        self._unsaved: dict[str, str] = {}
        got_request_exception.connect(self._note_exception, weak=False)

    def send(self, request: Request) -> Answer:
        """One request, cut off after `SECONDS_PER_REQUEST`, or sooner where its route has hung before. Never raises what
        the backend raises.
        """
        self._seen.error = None
        # What an answer marks to be undone is the gate's transaction, where it had none of its own: the next one goes on.
        self._mend_transaction()
        request = replace(request, path=self.naming.own(request.path))
        route = request.method, _route(request)
        if route in self._poison:
            return Answer(0, {}, b"", hang=self._poison[route])
        seconds = SECONDS_PER_REQUEST if self._hangs[route] < HANGS_IN_FULL else SECONDS_AFTER_THESE
        try:
            with (
                deadline(seconds, lambda stack: give_up(route, self.binding.place(stack))),
                recorded_writes() as writes,
            ):
                with self._callbacks_of_commits():
                    answer = self._call(request)
                return replace(answer, writes=frozenset(writes))
        except TimeLimitExceeded as hang:
            self._hangs[route] += 1
            return Answer(0, {}, b"", hang=self.binding.place(hang.stack))
        except BaseException as escaped:  # the application must answer; whatever gets past it is its failure
            if isinstance(escaped, KeyboardInterrupt):
                raise
            return Answer(500, {}, b"", error=self._describe(escaped))

    def raised_by(self, request: Request) -> list[ServerError]:
        self.clear_caches()  # what is cached is not worked for
        with self.undone(), traced(self.binding.owns) as seen:
            self.send(request)
        return [
            ServerError(
                type(exception).__name__,
                str(exception).split("\n")[0][:300],
                f"{self.binding.relative(file)}:{line}",
            )
            for exception, file, line in seen
        ]

    def _call(self, request: Request) -> Answer:
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            started.update(status=int(status.split()[0]), headers=dict(headers))

        _keep_connections()
        chunks = self._application(environ_of(request, HOST), start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return Answer(started["status"], started["headers"], body, self._seen.error)

    def clear_caches(self) -> None:
        for alias in caches:
            caches[alias].clear()

    @contextmanager
    def undone(self, *, keep_caches: bool = False) -> Iterator[None]:
        """A block whose writes leave no trace in the database, nor in the caches unless they are to be kept."""
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]  # lets the target open `durable` blocks inside
        try:
            with block, statements_fail_alone() if connection.vendor == "postgresql" else nullcontext():
                yield
                transaction.set_rollback(True)
        finally:
            self._files.put_back()
            if not keep_caches:
                self.clear_caches()

    @contextmanager
    def restored(self) -> Iterator[None]:
        if connection.vendor not in {"sqlite", "postgresql"} or connection.in_atomic_block:
            with self.undone():
                yield
            return
        sqlite = connection.vendor == "sqlite"
        try:
            with restored_sqlite(connection.connection) if sqlite else restored_postgres():
                yield
        finally:
            self._files.put_back()
            self.clear_caches()

    def file_path(self, model: str, key: Any, field: str) -> str:
        stored = getattr(self._rows(model).filter(pk=key).first(), field, None)
        parts = urlsplit(str(stored.url)) if stored else urlsplit("")
        if parts.netloc not in {"", HOST}:
            return ""
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def change(self, model: str, key: Any, values: Mapping[str, Any]) -> None:
        with self._changing(model):
            instance = self._rows(model).get(pk=key)
            for name, value in values.items():
                moment = timezone.now() + value.delta if isinstance(value, FromNow) else value
                setattr(instance, name, moment)
            instance.save()

    def remove(self, model: str, key: Any) -> None:
        with self._changing(model):
            self._rows(model).get(pk=key).delete()

    @contextmanager
    def _changing(self, model: str) -> Iterator[None]:
        if hung := self._unsaved.get(model):
            raise CannotAsk(hung)
        try:
            with deadline(SECONDS_PER_REQUEST), self._callbacks_of_commits():
                yield
        except TimeLimitExceeded as hang:
            self._unsaved[model] = (
                f"{model} cannot be changed: {hang}, it stood in {self.binding.place(hang.stack)}"
            )
            raise CannotAsk(self._unsaved[model]) from None
        except Exception as problem:  # whatever a foreign save() raises is its own
            told = self._describe(problem)
            raise CannotAsk(
                f"{model} cannot be changed: {told.exception}: {told.message} at {told.place}"
            ) from None

    @contextmanager
    def later(self, passes: timedelta) -> Iterator[None]:
        """All clocks go on from there: those of the backend, of its tokens, of its caches and of its database.

        Raises:
            CannotAssess: the answer hangs on the clock of a database that keeps its own.
        """
        if not passes:
            yield
            return
        for cache in caches.all(initialized_only=True):
            if isinstance(cache, SharedCache):
                cache.age(passes)
        with put_on(passes):
            yield

    def at_a_moment(self) -> AbstractContextManager[Any]:
        return time_machine.travel(time.time(), tick=False)  # a number: a datetime would bring its zone along

    def row(self, model: str, key: Any) -> dict[str, Any] | None:
        """Every column of one row, or None where it is gone."""
        found: dict[str, Any] | None = self._rows(model).filter(pk=key).values().first()
        return found

    def finds(self, model: str, key: Any) -> bool:
        self._mend_transaction()
        return bool(apps.get_model(model)._default_manager.filter(pk=key).exists())

    def keys(self, model: str) -> set[Any]:
        return set(self._rows(model).values_list("pk", flat=True))

    def digests(self, columns: Columns) -> dict[str, str]:
        self._mend_transaction()
        return digests(columns)

    def rows_beyond(self, model: str, known: set[Any]) -> list[dict[str, Any]]:
        return [
            row
            for row in self._rows(model).values()
            if row[apps.get_model(model)._meta.pk.attname] not in known
        ]

    def _rows(self, model: str) -> Any:
        self._mend_transaction()
        return apps.get_model(model)._base_manager.order_by()

    def _mend_transaction(self) -> None:
        if connection.needs_rollback:  # left behind by an error that the backend swallowed
            transaction.set_rollback(False)

    def mint_token(self, key: Any, lifetime: timedelta | None = None) -> str:
        """For when the token operation is what is broken, and for tokens that it would never give."""
        try:
            from rest_framework_simplejwt.tokens import AccessToken

            users: Any = apps.get_model(settings.AUTH_USER_MODEL)
            account = users._base_manager.filter(pk=key).first()
            if account is None:
                account = users(pk=key)
                account.is_active = True
            token = AccessToken.for_user(account)
            if lifetime is not None:
                token.set_exp(lifetime=lifetime)
            return str(token)
        except Exception:  # no such library, or one that is broken too: then there is no token
            return ""

    @contextmanager
    def _callbacks_of_commits(self) -> Iterator[None]:
        """Inside a block that will be undone nothing commits: run what waits for the commit all the same."""
        if not connection.in_atomic_block:
            yield
            return
        with TestCase.captureOnCommitCallbacks(execute=True):
            yield

    def _note_exception(self, **_kwargs: Any) -> None:
        exception = sys.exc_info()[1]
        if exception is not None:
            self._seen.error = self._describe(exception)

    def _describe(self, exception: BaseException) -> ServerError:
        place = self.binding.place(traceback.extract_tb(exception.__traceback__))
        return ServerError(type(exception).__name__, str(exception).split("\n")[0][:300], place)


def _route(request: Request) -> str:
    """The pattern that a path meets, so that all of its ids count as one; the path itself where it meets none."""
    path = unquote(request.path.partition("?")[0])
    try:
        return str(resolve(path).route)
    except Exception:  # no such route, or a converter of the backend's that raises
        return path


def _keep_connections() -> None:
    """A server's connections end with their request; here a transaction of the gate's goes on around it.

    Said before every request, as Django's own test client lets them end again when it is done.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
