"""What every life has in common: it is led inside a block that is undone, and looks at everything after every step."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk, rows_of
from coursegate.harness.judging.universal import Asked, breakdowns, canaries_above
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.harness.session import Bound
from coursegate.harness.verdicts import Kind, Problem


class Broken(Exception):
    """A promise does not hold at a step.

    Attributes:
        problem: which.
        life: the steps that led there, and the exchanges.
    """

    def __init__(self, problem: Problem, life: tuple[list[str], list[Exchange]]) -> None:
        self.problem, self.life = problem, life
        super().__init__(problem.text)


class Life(RuleBasedStateMachine):
    """A machine whose steps are requests, and whose model says what must come of them.

    `bound` is set by whoever runs it; `last` keeps the exchanges of the example that ran last.
    """

    bound: ClassVar[Bound]
    last: ClassVar[list[Exchange]] = []
    # The operation that leaks and crashes are told of.
    operation: ClassVar[str]
    # Whom what they own at the end was not promised to in the beginning.
    changing: ClassVar[Collection[str]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []
        self.exchanges: list[Exchange] = []
        type(self).last = self.exchanges
        with ExitStack() as stack:
            stack.enter_context(self.bound.target.undone())
            self.prepare()
            self._stack = stack.pop_all()

    def prepare(self) -> None:
        """What is found before the first step, inside the block that is undone."""

    def teardown(self) -> None:
        self._stack.close()

    def step(self, name: str) -> None:
        self.steps.append(name)

    def send(
        self, operation: str, key: Any = "", *, by: str = GUEST, body: Any = None, query: str = ""
    ) -> Answer:
        """Ask an operation as a principal; crashes and leaks end the life at once.

        Args:
            key: what its path names the subject by.
            query: with the question mark.
        """
        said = self.bound.contract.api.operations[operation]
        headers = {} if by == GUEST else {"Authorization": f"Bearer {self.bound.client.sign_in(by)}"}
        secrets = tuple(account.password for account in self.bound.world.accounts.values())
        exchange = Exchange(
            request := Request(
                said.method, said.path_for(key) + query, by, headers, said.completed(body), secrets
            ),
            self.bound.target.send(request),
        )
        self.exchanges.append(exchange)
        leaks = self._leaks(exchange, operation)
        for problem in (*breakdowns(exchange.answer, self.operation, said.statuses), *leaks):
            raise Broken(problem, (self.steps, self.exchanges))
        return exchange.answer

    def _leaks(self, exchange: Exchange, name: str) -> list[Problem]:
        """What nobody may see at any time; of those whose standing changes the model of the life says what they may."""
        if exchange.request.principal in self.changing:
            return []
        asked = Asked(name, exchange.request.principal, self.bound.world, self.bound.contract.declassified)
        return list(canaries_above(exchange, asked))

    def expect(self, holds: bool, text: str, kind: Kind = Kind.EFFECT) -> None:
        if not holds:
            problem = Problem(kind, text, f"{self.operation}: {text}")
            raise Broken(problem, (self.steps, self.exchanges))

    def key(self, name: str) -> Any:
        """The key of an object of the world.

        Raises:
            CannotAsk: it was not built.
        """
        if name not in self.bound.world.ids:
            raise CannotAsk(f"{name} is not there: {self.bound.world.why_missing(name)}")
        return self.bound.world.ids[name]

    def slug(self, name: str) -> str:
        self.key(name)
        return self.bound.world.lookups[name].get("slug", name)

    def rows(self, operation: str, by: str = GUEST, keys: Collection[str] = ()) -> list[dict[str, Any]]:
        """All rows of a list as somebody sees it, at most a hundred; `keys` are those that each must have."""
        answer = self.send(operation, by=by, query="?page_size=100")
        self.expect(answer.status == 200, f"{operation} is answered {answer.summary} to {by}", Kind.FORM)
        rows = [row for row in rows_of(answer) or () if isinstance(row, dict)]
        for key in keys:
            self.expect(all(key in row for row in rows), f"a row of {operation} has no {key}", Kind.FORM)
        return rows

    def shows(self, answer: Answer, name: str, field: str) -> bool:
        """Whether an answer holds the canary of a field."""
        token = self.bound.world.planted.get(name, {}).get(field, "")
        return bool(token) and token[:11] in answer.text.lower()
