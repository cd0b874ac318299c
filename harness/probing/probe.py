"""What a regression check is given: the target from outside and, where it runs in this process, from inside."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coursegate.contracts.contract import Contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import samples
from coursegate.harness.client import CannotAsk, Client
from coursegate.harness.encoding import JSON
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.probing.interpreter import SECONDS, Finished, run_fresh
from coursegate.harness.probing.missing import Missing, resolve
from coursegate.harness.probing.syntax import every_module_below, modules_below, tree_of
from coursegate.harness.profile import Profile
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import Binding
from coursegate.harness.targets.target import Target
from coursegate.harness.world import World

# (checkout, what was looked for) -> what was found.
_FOUND: dict[tuple[str, str], Any] = {}
# checkout -> how a program in a fresh interpreter came to no end.
_HUNG: dict[str, Finished] = {}
SECONDS_AFTER_A_HANG = 5.0


@dataclass(repr=False)  # the whole world and contract would stand in what a failed assertion tells
class Probe:
    """One look at a target.

    Attributes:
        binding: the checkout; None where the target is a deployment.
        bound: the target that answers; None where it does not start.
        start_hangs: whether it is known to come to no end when it is started.
        exchanges: what was asked of it and answered, in order.
    """

    contract: Contract
    binding: Binding | None
    bound: Bound | None
    start_hangs: bool = False

    @cached_property
    def exchanges(self) -> list[Exchange]:
        return []

    # --- from outside --------------------------------------------------------------------------------------------

    def send(
        self,
        operation: str,
        subject: str = "",
        *,
        by: str = GUEST,
        body: Any = None,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        media: str = JSON,
    ) -> Answer:
        """Ask an operation of the contract about an object of the world.

        Args:
            subject: an object by name, or else the value that the path names it by.
            query: without the question mark.
            media: as what the body is sent (`encoding`).

        Raises:
            CannotAsk: the object was not built, the principal has no token, or what answers cannot be imported.
        """
        said = self._reachable(operation)
        if said.lookup and (reason := self.world.why_missing(subject)):
            raise CannotAsk(f"{subject} is not there: {reason}")
        path = self.world.path_of(said, subject) + (f"?{query}" if query else "")
        return self.ask(said.method, path, by=by, body=said.completed(body), headers=headers, media=media)

    def ask(
        self,
        method: str,
        path: str,
        *,
        by: str = GUEST,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        media: str = JSON,
    ) -> Answer:
        """Ask a path as a principal, with a real token."""
        own = {} if by == GUEST else {"Authorization": f"Bearer {self.client.sign_in(by)}"}
        secrets = tuple(account.password for account in self.world.accounts.values())
        request = Request(method, path, by, {**own, **(headers or {})}, body, secrets, media)
        answer = self.target.send(request)
        self.exchanges.append(Exchange(request, answer))
        return answer

    def disregard(self) -> None:
        """Hold the last answer against nobody: what was asked is nothing that the contract describes."""
        self.exchanges.pop()

    def sample(self, operation: str) -> Request:
        """The request of the access table that shows best that an operation answers at all, with a real token.

        Raises:
            CannotAsk: its subject was not built, its principal has no token, or what answers cannot be imported.
        """
        self._reachable(operation)
        return self.client.request(samples(self.contract)[operation])

    @property
    def lost(self) -> Mapping[str, str]:
        """Operations whose view cannot be imported; why stands beside each."""
        return self.bound.lost if self.bound else {}

    def _reachable(self, operation: str) -> Operation:
        if operation in self.lost:
            raise CannotAsk(self.lost[operation])
        return self.contract.api.operations[operation]

    def key(self, name: str) -> Any:
        """The primary key of an object of the world.

        Raises:
            CannotAsk: it was not built.
        """
        if name not in self.world.ids:
            raise CannotAsk(
                f"{name} is not there: {self.world.why_missing(name) or 'the world has no such object'}"
            )
        return self.world.ids[name]

    def named(self, name: str, attribute: str) -> str:
        """The attribute by which a path or body names an object of the world ("slug", "certificate_number")."""
        self.key(name)
        return self.world.lookups[name].get(attribute, "")

    # --- from inside ---------------------------------------------------------------------------------------------

    def name(self, dotted: str) -> Any:
        """A public name of the backend, such as `courses.validators.MinStrLenValidator`.

        Raises:
            Missing: it is not there.
        """
        return resolve(dotted)

    def model(self, label: str) -> Any:
        """A model of the backend by its label, such as `courses.Lesson`."""
        from django.apps import apps

        return apps.get_model(label)

    def row(self, name: str) -> Any:
        """An object of the world as a fresh instance of its model."""
        item = self.contract.world.objects[name]
        return self.model(item.model)._base_manager.get(pk=self.key(name))

    def account(self, principal: str) -> Any:
        """Who a principal is to the backend: a row, or Django's own nobody for a guest."""
        from django.contrib.auth.models import AnonymousUser

        return AnonymousUser() if principal == GUEST else self.row(principal)

    def rows(self, label: str) -> Any:
        """All rows of a model, whatever its own manager leaves out."""
        return self.model(label)._base_manager.order_by("pk")

    def queryset(self, label: str) -> Any:
        """All rows of a model, in the model's own kind of queryset: a backend that is handed it may ask for its methods."""
        model = self.model(label)
        return type(model._default_manager.all())(model).order_by("pk")

    def digests(self) -> dict[str, str]:
        """A digest of all rows of each model that the contract speaks of."""
        return self.target.digests(self.contract.declassified.columns)

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        """Collects the statements that are sent to the database inside."""
        from django.db import connection

        seen: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield seen

    @contextmanager
    def settings(self, **values: Any) -> Iterator[None]:
        """Other settings inside; those that the backend has read when it was loaded stay what they were."""
        from django.test import override_settings

        with override_settings(**values):
            yield

    # --- its source ----------------------------------------------------------------------------------------------

    def tree(self, file: str) -> ast.Module:
        """The syntax tree of a file of the backend.

        Raises:
            Missing: there is none, or it does not parse.
        """
        return tree_of(self.checkout.sources, file)

    def files(self, folder: str = "courses") -> list[str]:
        """The Python files below a folder of the backend, without tests and migrations; named as it imports them.

        Raises:
            Missing: there are none: what is said of all of them would be said of nothing.
        """
        found = modules_below(self.checkout.sources, folder)
        if not found:
            raise Missing(f"there are no Python files in {folder}")
        return found

    def every_file(self, folder: str = "courses") -> list[str]:
        """The same, its tests and migrations too.

        Raises:
            Missing: there are none besides these.
        """
        self.files(folder)
        return every_module_below(self.checkout.sources, folder)

    def once(self, what: str, look: Callable[[], Any]) -> Any:
        """What `look` finds in this backend's source, found once for all checks of a run that need it."""
        key = str(self.checkout.path), what
        if key not in _FOUND:
            _FOUND[key] = look()
        return _FOUND[key]

    def fresh(
        self,
        code: str,
        *options: str,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Finished:
        """Run a program in a fresh interpreter in the backend's folder, as `python OPTIONS -c CODE ARGUMENTS`.

        Where a start of the backend is known to hang, the first program gets little time, and once it has hung, too,
        the others none.

        Raises:
            CannotAsk: its settings cannot be loaded: then a program tells nothing but that.
        """
        if self.bound is None and not self.start_hangs and (why := self.once("settings", self._unloaded)):
            raise CannotAsk(why)
        path = str(self.checkout.path)
        if self.start_hangs and path in _HUNG:
            return _HUNG[path]
        finished = run_fresh(
            self.checkout,
            code,
            options=options,
            arguments=arguments,
            environment=environment,
            seconds=SECONDS_AFTER_A_HANG if self.start_hangs else SECONDS,
        )
        if self.start_hangs and finished.code is None:
            _HUNG[path] = finished
        return finished

    def _unloaded(self) -> str:
        """Why the settings cannot be loaded; "" where they can, or take their time."""
        finished = run_fresh(self.checkout, "from django.conf import settings; settings.INSTALLED_APPS")
        return f"its settings cannot be loaded: {finished.last_line}" if finished.code else ""

    # --- what is there -------------------------------------------------------------------------------------------

    @property
    def checkout(self) -> Binding:
        assert self.binding is not None, "asked of a deployment, which has no source here"
        return self.binding

    @property
    def target(self) -> Target:
        return self._bound.target

    @property
    def client(self) -> Client:
        return self._bound.client

    @property
    def world(self) -> World:
        return self._bound.world

    @property
    def profile(self) -> Profile:
        return self._bound.profile

    @property
    def _bound(self) -> Bound:
        assert self.bound is not None, "asked of a target that does not start"
        return self.bound
