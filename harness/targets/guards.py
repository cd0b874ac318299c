"""What keeps a run against a deployment within bounds: which hosts may be asked, how often, and what it leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursegate.harness.observation import Answer, Request

MOST_REQUESTS = 100_000
# The reason word of what was not asked for want of requests.
BUDGET = "max-requests"
# What may name a new row in the path of its own address, the first that an answer has.
_NAMES = ("slug", "id", "pk")


@dataclass(frozen=True)
class Guards:
    """Bounds of a run.

    Attributes:
        hosts: hosts besides this machine that may be asked; each was named by a person.
        most_requests: how many requests may be sent.
        authority: a file of certificates that TLS trusts; None for the usual ones.
    """

    hosts: frozenset[str] = frozenset()
    most_requests: int = MOST_REQUESTS
    authority: Path | None = None


@dataclass(frozen=True)
class Created:
    """A row that a run has made in a deployment, and the request that takes it away again."""

    said: Request
    removal: Request
    name: str


@dataclass
class Ledger:
    """What a run has made: noted before anything else happens, so that it is known even if the run ends there.

    Attributes:
        path: where it is written, one line for each row; None where nobody asked for a file.
        removed: how many of them are gone again.
        left: what is not, and why.
    """

    path: Path | None = None
    created: list[Created] = field(default_factory=list)
    removed: int = 0
    left: list[str] = field(default_factory=list)

    def note(self, request: Request, answer: Answer) -> None:
        """Take down what a request has made, if it has."""
        body = answer.json
        if answer.status != 201 or request.method != "POST" or not isinstance(body, dict):
            return
        name = next((str(body[key]) for key in _NAMES if body.get(key)), "")
        plain = request.path.partition("?")[0].rstrip("/")
        removal = Request(
            "DELETE", f"{plain}/{name}/", request.principal, request.headers, None, request.secrets
        )
        self.created.append(Created(request, removal, name))
        if self.path is not None:
            line = {"made by": f"POST {plain}/", "as": request.principal, "row": name, "remove": removal.path}
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")

    def clear(self, send: Callable[[Request], Answer]) -> None:
        """Take away what was made, the last first: what was made later may hang below it."""
        while self.created:
            made = self.created.pop()
            told = f"{made.removal.path}, made by {made.said.principal or 'a guest'}"
            if not made.name:
                self.left.append(f"a row of {made.said.path}: the answer did not say how it is called")
                continue
            try:
                answer = send(made.removal)
            except Exception as problem:  # nobody answers any more: then it stays, and is told
                self.left.append(f"{told}: {problem}")
                continue
            if answer.status in {200, 202, 204, 404, 410}:
                self.removed += 1
            else:
                self.left.append(f"{told}: {answer.summary}")

    def as_dict(self) -> dict[str, Any]:
        """As it stands in `gate.json`."""
        return {"removed": self.removed, "left": list(self.left)}
