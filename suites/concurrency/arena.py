"""Where races are run: a target on PostgreSQL, with a second look at who waits for whom."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Answer, Request
from coursegate.harness.session import Bound
from coursegate.harness.targets.source import SourceTarget
from coursegate.suites.concurrency.race import Action, Proof, RaceCheck, Scene
from coursegate.suites.concurrency.threads import (
    CacheStand,
    Failed,
    LineStand,
    Runner,
    Stand,
    StatementStand,
    StepStand,
    at_once,
    speaks_of,
)

ACCEPTED = 202
# After so many statements the first action is left alone: what it reads first decides.
MOST_STANDS = 9
# The limits of a request are kept in a cache, too, and are asked before anything else.
MOST_STEPS = 20
# Who neither ends nor waits for a lock of the database waits for something else: let the other one go on.
SECONDS_TO_WAIT = 0.4
# Where the second one must be refused while the first one stands: on a busy machine a request takes its time.
SECONDS_TO_BE_REFUSED = 5.0
LOCK_NOT_AVAILABLE = "55P03"
_LOCKING = re.compile(r"\bFOR (NO KEY )?UPDATE\b")


class Arena:
    """A bound target for races.

    Attributes:
        watcher: a connection of psycopg that belongs to no action.
    """

    def __init__(self, bound: Bound, watcher: Any) -> None:
        self.bound, self.watcher = bound, watcher

    # --- for settings ----------------------------------------------------------------------------------------------

    def request(self, operation: str, subject: str = "", *, by: str, body: Any = None) -> Action:
        """A request as an action, signed in beforehand; it gives an `Answer`."""
        request = self.prepared(operation, subject, by=by, body=body)
        return lambda: self.bound.target.send(request)

    def prepared(self, operation: str, subject: str = "", *, by: str, body: Any = None) -> Request:
        said = self.bound.contract.api.operations[operation]
        path = self.bound.world.path_of(said, subject)
        headers = {"Authorization": f"Bearer {self.bound.client.sign_in(by)}"} if by != GUEST else {}
        return Request(said.method, path, by, headers, said.completed(body))

    def model(self, label: str) -> Any:
        from django.apps import apps

        return apps.get_model(label)

    def rows(self, label: str) -> Any:
        return self.model(label)._base_manager.order_by("pk")

    def undeleted(self, label: str) -> Any:
        """All rows but those that outlive their deletion, which the model's default manager leaves out."""
        return self.model(label)._default_manager.order_by("pk")

    def row(self, name: str) -> Any:
        """An object of the world, fresh from the database.

        Raises:
            CannotAsk: it was not built.
        """
        world = self.bound.world
        if name not in world.ids:
            raise CannotAsk(f"{name} is not there: {world.why_missing(name)}")
        return self.rows(world.contract.objects[name].model).get(pk=world.ids[name])

    def new(self, label: str, **values: Any) -> Any:
        """A row of a model, saved through it, with sensible values for what is not said."""
        instance = self.unsaved(label, **values)
        instance.save()
        return instance

    def unsaved(self, label: str, **values: Any) -> Any:
        from coursegate.factories.models import factory_for

        return factory_for(label).build(**values)

    # --- for proofs ------------------------------------------------------------------------------------------------

    def prove(self, check: RaceCheck) -> list[str]:
        """Run a race as its proof says. Returns what was wrong.

        Raises:
            CannotAsk: it cannot be set up in this target.
            Hang: an action did not end.
        """
        if check.proof is Proof.AT_ONCE:
            with self._scene(check) as scene:
                return [f"at once: {text}" for text in _wrong(scene, at_once(scene.actions))]
        if check.proof is Proof.LOCKED:
            with self._scene(check) as scene:
                return self._unlocked(scene)
        if check.proof is Proof.EVERY_KEY:
            return list(self._at_every_key(check))
        if check.proof is Proof.EXPIRED:
            return self._past_its_lock(check)
        return list(self._in_every_order(check))

    @contextmanager
    def _scene(self, check: RaceCheck) -> Iterator[Scene]:
        with self.bound.target.restored():
            yield check.scene(self)

    def _in_every_order(self, check: RaceCheck) -> Iterator[str]:
        for number in range(1, (MOST_STEPS if check.proof is Proof.EVERY_STEP else MOST_STANDS) + 1):
            with self._scene(check) as scene:
                stand = self._stand(check, number)
                given, stood = self._duel(scene, stand)
                if scene.standing and not stood:
                    if number == 1:
                        _check_in_request(given[0])
                        yield "the first one never came to where the second one is tried"
                    return
                where = f"while the first stood at: {stand.place}" if stood else "one after the other"
                yield from [f"{text} ({where})" for text in _wrong(scene, given)]
            if not stood:
                return

    def _stand(self, check: RaceCheck, number: int) -> Stand:
        if check.proof is Proof.EVERY_LINE:
            target = self.bound.target
            assert isinstance(target, SourceTarget)
            return LineStand(target.binding.owns, number)
        return (StepStand if check.proof is Proof.EVERY_STEP else StatementStand)(
            self._watched(check), number
        )

    def _watched(self, check: RaceCheck) -> Callable[[str], bool]:
        return speaks_of([self.model(label)._meta.db_table for label in check.watched])

    def _at_every_key(self, check: RaceCheck) -> Iterator[str]:
        """What is wrong where the first one goes on, and ends, while the second one is at work."""
        for number in range(1, MOST_STEPS + 1):
            with self._scene(check) as scene:
                stand = CacheStand(number)
                given, beside = self._overtaking(scene, stand, StatementStand(self._watched(check)))
                where = f"the first stood after {stand.place}"
                yield from [f"{text} ({where})" for text in (_wrong(scene, given) if beside else ())]
            if not stand.place:
                if number == 1:
                    raise NotApplicable("no cache of Django's is asked, so there is nothing to stand after")
                return

    def _overtaking(self, scene: Scene, stand: Stand, inside: Stand) -> tuple[list[Any], bool]:
        """What both actions gave, and whether the first one stood, and then ended while the second one was inside."""
        first = Runner(scene.actions[0], stand.around).start()
        if not stand.reached(first):
            return [first.join()], False
        second = Runner(scene.actions[1], inside.around).start()
        self._until_over_or_waiting(second, SECONDS_TO_BE_REFUSED, inside)
        works = bool(inside.place)
        stand.go_on()
        self._until_over_or_waiting(first, SECONDS_TO_BE_REFUSED)
        beside = works and first.is_over
        inside.go_on()
        return [first.join(), second.join()], beside

    def _past_its_lock(self, check: RaceCheck) -> list[str]:
        """What is wrong with the second and the third; what has outlived its lock may end as it will."""
        with self._scene(check) as scene:
            starting, working, late = scene.actions
            first, second = (StatementStand(self._watched(check)) for _ in range(2))
            one = Runner(starting, first.around).start()
            if not first.reached(one):
                _check_in_request(given := one.join())
                raise CannotAsk(f"the first one never came to its work: {given}")
            self.bound.target.clear_caches()
            two = Runner(working, second.around).start()
            self._until_over_or_waiting(two, SECONDS_TO_BE_REFUSED, second)
            let_in = bool(second.place)
            first.go_on()
            given = [one.join()]
            three = Runner(late).start()
            self._until_over_or_waiting(three, SECONDS_TO_BE_REFUSED)
            second.go_on()
            given += [two.join(), three.join()]
            if not let_in:
                raise NotApplicable("what keeps a second one out is not in a cache of Django's")
            return list(scene.verify(given))

    def _duel(self, scene: Scene, stand: Stand) -> tuple[list[Any], bool]:
        """What both actions gave, and whether the first one stood still meanwhile."""
        first = Runner(scene.actions[0], stand.around).start()
        stood = stand.reached(first)
        if not stood:
            return [first.join(), Runner(scene.actions[1]).start().join()], False
        second = Runner(scene.actions[1]).start()
        self._until_over_or_waiting(second, SECONDS_TO_BE_REFUSED if scene.standing else SECONDS_TO_WAIT)
        stand.go_on()
        return [first.join(), second.join()], True

    def _until_over_or_waiting(self, runner: Runner, seconds: float, stand: Stand | None = None) -> None:
        """Until it has ended, or waits for somebody else; or stands, where it has a place to."""
        until = time.monotonic() + seconds
        while not (runner.is_over or (stand and stand.place) or self._somebody_waits()):
            if time.monotonic() >= until:
                return
            time.sleep(0.004)

    def _somebody_waits(self) -> bool:
        row = self.watcher.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        return bool(row[0])

    def _unlocked(self, scene: Scene) -> list[str]:
        """Why the row is not locked after the statement that should have; nothing where it is."""
        assert scene.row is not None, "the setting names no row"
        table, key = scene.row
        about = speaks_of([table])
        stand = StatementStand(lambda sql: bool(_LOCKING.search(sql)) and about(sql))
        first = Runner(scene.actions[0], stand.around).start()
        stood = stand.reached(first)
        held = stood and self._is_held(table, key)
        stand.go_on()
        given = first.join()
        told = [f"failed: {given}"] if isinstance(given, Failed) else []
        if not stood:
            return [*told, f"no SELECT … FOR UPDATE on {table} was sent"]
        return told if held else [*told, f"{table} is free although {stand.place} was sent"]

    def _is_held(self, table: str, key: Any) -> bool:
        import psycopg

        try:
            with self.watcher.transaction():
                self.watcher.execute(f'SELECT 1 FROM "{table}" WHERE id = %s FOR UPDATE NOWAIT', [key])
        except psycopg.errors.LockNotAvailable as problem:
            return problem.sqlstate == LOCK_NOT_AVAILABLE
        return False


def _check_in_request(given: Any) -> None:
    """
    Raises:
        NotApplicable: it is only promised (202, RFC 9110 §15.3.3), and done where nobody can make it stand still.
    """
    if getattr(given, "status", 0) == ACCEPTED:
        raise NotApplicable("what is promised is done elsewhere than in its request, by a thread say")


def _wrong(scene: Scene, given: Sequence[Any]) -> list[str]:
    """What is wrong whatever the race is about, and what its own look finds; in one text, since one follows from the other."""
    crashed = [text for answer in given if (text := _crash(answer))]
    told = "; ".join(dict.fromkeys([*crashed, *scene.verify(given)]))
    return [told] if told else []


def _crash(given: Any) -> str:
    if isinstance(given, Failed):
        return str(given)
    if isinstance(given, Answer) and given.status >= 500:
        error = given.error
        return (
            f"{given.status}: {error.exception}: {error.message} at {error.place}"
            if error
            else str(given.status)
        )
    return ""
