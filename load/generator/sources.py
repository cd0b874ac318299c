"""Where arrivals come from: an open model, in which nobody waits for anybody else's answer."""

from __future__ import annotations

import math
import random
import time
from typing import ClassVar

import gevent
from gevent.pool import Group
from locust import FastHttpUser, task

from coursegate.load.generator.sending import LocustSender
from coursegate.load.generator.setting import RATE_BY_HAND, Setting
from coursegate.load.plan import Stage, expected_arrivals, moment_of
from coursegate.load.rows import Broken
from coursegate.load.scenarios.catalogue import SOURCES_PER_WEIGHT
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.signing import CannotSignIn
from coursegate.load.visit import Visit

# All journeys on their way in this process. They outlive their source: stopping it must not cut them off.
JOURNEYS = Group()


class Visitors(FastHttpUser):
    """What sends visitors of one scenario on their journeys. Locust counts it as a user; it is none."""

    abstract = True
    scenario: ClassVar[Scenario]
    setting: ClassVar[Setting]
    network_timeout = 15.0
    connection_timeout = 5.0
    concurrency = 10_000  # no journey ever waits for another one's connection
    insecure = False

    def on_start(self) -> None:
        self.setting.ordered.wait()
        self.sender = LocustSender(self.client, self.setting.may_send)
        self.chance = random.Random(self.setting.chance.random())

    def _journey(self, due: float) -> None:
        setting, scenario = self.setting, self.scenario
        names, parts = list(scenario.principals), list(scenario.principals.values())
        person = setting.cast.person(self.chance.choices(names, parts)[0], self.chance)
        if person is None:
            setting.buffer.note(scenario.name, "no account to make it with could be built")
            return
        visit = Visit(
            scenario.name,
            person,
            setting.cast,
            self.sender,
            setting.buffer,
            setting.tokens.of,
            random.Random(self.chance.random()),
            due,
        )
        try:
            scenario.journey(visit)
        except CannotSignIn as problem:
            setting.buffer.note(scenario.name, str(problem))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            # An answer of another shape than promised: the target's fault, told like any other.
            text = f"the journey could not go on: {type(problem).__name__}: {problem}"
            setting.buffer.broken(Broken(time.time(), "unusable-answer", scenario.name, person.tier, text))


class Source(Visitors):
    """A source of arrivals at the rate of the plan: an open model.

    Each arrival gets a greenlet of its own at its own moment, however long earlier ones take. What an answer's delay
    costs those who came meanwhile is so measured, not left out (coordinated omission).
    """

    abstract = True

    def on_start(self) -> None:
        super().on_start()
        self._count: int | None = None

    @task
    def arrivals(self) -> None:
        """Send one visitor on a journey at the next moment; until there is none any more."""
        due = self._next()
        if due is None:
            gevent.sleep(3600)
            return
        gevent.sleep(max(0.0, due - time.time()))
        if self.setting.accepting:
            JOURNEYS.spawn(self._journey, due)

    def _next(self) -> float | None:
        """The next moment: one at random in every stretch of time in which one arrival is due."""
        if self.setting.started is None:
            return None
        plan = self.setting.plan or (Stage("by hand", 1e9, RATE_BY_HAND * self._sources()),)
        now = time.time() - self.setting.started
        begins = self._count is None
        if self._count is None:
            self._count = math.floor(expected_arrivals(plan, now) / self._sources())
        moment = moment_of(plan, (self._count + self.chance.random()) * self._sources())
        self._count += 1
        if moment is not None and begins and moment < now - 1:
            return self._next()  # this source took over from another in the middle of a stretch
        return None if moment is None else self.setting.started + moment

    def _sources(self) -> int:
        return SOURCES_PER_WEIGHT * self.setting.weights


class Once(Visitors):
    """A source of a single journey, on one process only."""

    abstract = True
    fixed_count = 1

    @task
    def journey(self) -> None:
        if self.setting.accepting and not getattr(self, "_done", False):
            self._done = True
            JOURNEYS.spawn(self._journey, time.time())
        gevent.sleep(3600)


def drain(seconds: float) -> int:
    """Let the journeys on their way arrive. Returns how many had to be cut off."""
    JOURNEYS.join(timeout=seconds)
    left = len(JOURNEYS)
    JOURNEYS.kill(timeout=5)
    return left


def source_of(scenario: Scenario, setting: Setting) -> type[Visitors]:
    """The user class of a scenario."""
    name = "".join(word.capitalize() for word in scenario.name.split("-"))
    base: type[Visitors] = Once if scenario.once else Source
    extra = {} if scenario.once else {"weight": scenario.weight}
    return type(name, (base,), {"abstract": False, "scenario": scenario, "setting": setting, **extra})
