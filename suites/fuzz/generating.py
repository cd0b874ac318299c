"""Cases of one operation, anew: from the dictionaries, then what schemathesis covers and draws, in turn, from a seed.

schemathesis takes a second to import and is needed nowhere else: whoever replays the corpus does without it.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from coursegate.contracts.contract import Contract
from coursegate.contracts.corpus import Case
from coursegate.contracts.openapi import Operation
from coursegate.harness.client import CannotAssess
from coursegate.suites.fuzz.dictionaries import TEXTS, dictionary_cases, known_names

NOT_INSTALLED = "needs-schemathesis: generating cases takes schemathesis (pip install coursegate[fuzz])"
# As many draws at a time; the next ones come from the next seed.
DRAWN_TOGETHER = 12
# So many cases in a row that were there already, and there are no others.
MOST_STALE = 40


def generated(operation: Operation, contract: Contract, seed: int) -> Iterator[Case]:
    """Cases, as many as there are, each once; the same ones in the same order for the same contract and seed.

    Raises:
        CannotAssess: schemathesis is not installed.
    """
    chance = random.Random(f"{seed} {operation.id}")
    first = list(dictionary_cases(operation, contract))
    rest = first[1:]
    chance.shuffle(rest)
    sources = [iter(rest), covered(operation, contract, chance), drawn(operation, contract, seed, chance)]
    seen: set[str] = set()
    stale = 0
    for case in itertools.chain(first[:1], _in_turn(sources)):
        line = replace(case, phase="").line()
        stale = stale + 1 if line in seen else 0
        if not stale:
            seen.add(line)
            yield case
        elif stale > MOST_STALE:  # an operation without parameters has few cases
            return


def _in_turn(sources: list[Iterator[Case]]) -> Iterator[Case]:
    while sources:
        for source in list(sources):
            case = next(source, None)
            if case is None:
                sources.remove(source)
            else:
                yield case


def covered(operation: Operation, contract: Contract, chance: random.Random) -> Iterator[Case]:
    """The boundaries of every parameter and property, inside and outside, as schemathesis enumerates them."""
    described = _described(operation, contract)
    from schemathesis import GenerationMode

    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    config = described.schema.config.generation
    found = described.schema.iter_coverage_cases(described, generation_modes=modes, generation_config=config)
    cases = [
        case
        for one in found
        if one.method == operation.method and (case := _case(one, operation, "coverage")) is not None
    ]
    chance.shuffle(cases)
    for case in cases:
        yield _mixed(case, operation, contract, chance)


def drawn(operation: Operation, contract: Contract, seed: int, chance: random.Random) -> Iterator[Case]:
    """What schemathesis draws, valid and invalid in turn, with known ids and odd texts mixed in."""
    described = _described(operation, contract)
    from schemathesis import GenerationMode

    for turn in itertools.count():
        mode = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[turn % 2]
        draws = _draws(described, mode, seed * 100_003 + turn)
        for one in draws or [None]:
            case = _case(one, operation, "fuzzing") if one is not None else None
            # What cannot be sent counts as stale, so that there is an end.
            yield _mixed(case, operation, contract, chance) if case is not None else Case(operation.id)


def _draws(described: Any, mode: Any, number: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import HypothesisException

    found: list[Any] = []

    @seed(number)
    @settings(
        max_examples=DRAWN_TOGETHER,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(described.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        found.append(case)

    try:
        draw()
    except HypothesisException:  # there is nothing of that kind to be drawn: no parameter that could be wrong
        return found
    return found


def _described(operation: Operation, contract: Contract) -> Any:
    return _schema(contract)[operation.path][operation.method]


@lru_cache(maxsize=1)  # every check of a run asks
def _schema(contract: Contract) -> Any:
    try:
        import schemathesis
    except ImportError:
        raise CannotAssess(NOT_INSTALLED) from None
    return schemathesis.openapi.from_dict(json.loads(json.dumps(contract.api.document, default=str)))


def _case(one: Any, operation: Operation, phase: str) -> Case | None:
    """A case of schemathesis as one of ours; None where it cannot be sent as JSON over a path of this operation."""
    body = one.body if isinstance(one.body, (dict, list, str, int, float, type(None))) else None
    raw = str((one.path_parameters or {}).get(operation.lookup, "")) if operation.lookup else ""
    path = unquote(raw)
    if operation.lookup and (not path or "/" in path or path in {".", ".."}):
        return None
    query = tuple(
        (str(name), _text(value))
        for name, values in (one.query or {}).items()
        for value in (values if isinstance(values, list) else [values])
    )
    case = Case(operation.id, path, query, body, (), phase)
    return case if _is_sendable(case) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _is_sendable(case: Case) -> bool:
    try:
        json.dumps(case.body, allow_nan=False)
        case.line().encode("ascii")
        "".join((case.path, *itertools.chain(*case.query))).encode()
    except (ValueError, UnicodeEncodeError):
        return False
    return "$(" not in case.line()  # it would be taken for the name of an object


def _mixed(case: Case, operation: Operation, contract: Contract, chance: random.Random) -> Case:
    """A generated case, mostly about something that exists, sometimes with an odd text in it."""
    names = known_names(operation, contract)
    if names and chance.random() < 0.8:
        case = replace(case, path=chance.choice(names))
    if isinstance(case.body, dict):
        example: dict[str, Any] = dict(next(dictionary_cases(operation, contract)).body or {})
        known = {key: value for key, value in example.items() if str(value).endswith(".pk)")}
        body = {**case.body}
        # Ids that exist, and half the time everything else that a valid body has.
        for key, value in (example if chance.random() < 0.5 else known).items():
            if key in known or key not in body:
                body[key] = value
        texts = [key for key, value in body.items() if isinstance(value, str) and key not in known]
        if texts and chance.random() < 0.3:
            body[chance.choice(texts)] = chance.choice(TEXTS)
        case = replace(case, body=body)
    return case
