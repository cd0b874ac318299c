"""What fuzzing costs, as ratios of one run: replay against generating, one draw for all tiers against one for each.

`python -m coursegate.tests.bench.fuzz` prints them, and writes `reports/bench-fuzz.json`. CPU seconds of this process.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import load_contract
from coursegate.harness.session import Bound
from coursegate.harness.targets.binding import locate
from coursegate.tests.gate.gate_process import BACKEND, ROOT

# Operations of every sort, and so many cases of each.
OPERATIONS = ("courses.list", "lessons.retrieve", "notes.create", "courses.partial_update", "search.list")
CASES = 30


def main() -> int:
    binding, contract = locate(BACKEND), load_contract()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="coursegate-bench-") as scratch:
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.factories.session import bind

        bound = bind(binding, contract, "coursegate")
        report = _measured(bound)
    (ROOT / "reports").mkdir(exist_ok=True)
    text = json.dumps(report, indent=1)
    (ROOT / "reports" / "bench-fuzz.json").write_text(f"{text}\n", encoding="utf-8")
    print(text)
    return 0


def _measured(bound: Bound) -> dict[str, Any]:
    loop = _rate(lambda: _schemathesis(bound, "staff"))
    replayed = _rate(lambda: _replayed(bound))
    together = _rate(lambda: _drawn_once(bound))
    apart = _rate(lambda: _drawn_for_each(bound))
    return {
        "schemathesis_cases_per_cpu_s": round(loop, 1),
        "replay_cases_per_cpu_s": round(replayed, 1),
        "replay_to_schemathesis": round(replayed / loop, 1),
        "drawn_once_requests_per_cpu_s": round(together, 1),
        "drawn_for_each_tier_requests_per_cpu_s": round(apart, 1),
        "drawn_once_to_drawn_for_each": round(together / apart, 1),
    }


def _rate(work: Callable[[], int]) -> float:
    work()  # what is compiled, imported and cached once is not what a case costs
    started = time.process_time()
    done = work()
    return done / (time.process_time() - started)


def _schemathesis(bound: Bound, tier: str) -> int:
    """The loop as schemathesis has it: draw, call the WSGI application, validate with its own checks."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, Phase, given, settings

    document = json.loads(json.dumps(bound.contract.api.document, default=str))
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    headers = {"Authorization": f"Bearer {bound.client.sign_in(tier)}"}
    done = 0
    for name in OPERATIONS:
        operation = bound.contract.api.operations[name]
        found = schema[operation.path][operation.method]

        @settings(
            max_examples=CASES,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(found.as_strategy())
        def check(case: Any) -> None:
            nonlocal done
            with bound.target.undone():
                answer = case.call(headers=headers)
            try:
                case.validate_response(answer)
            except BaseException as fault:
                if not isinstance(fault, Exception) and not type(fault).__name__.startswith("Failure"):
                    raise
            done += 1

        check()
    return done


def _replayed(bound: Bound) -> int:
    """The corpus, one request of each case, with all of our checks."""
    from coursegate.suites.fuzz import oracles
    from coursegate.suites.fuzz.sending import send

    done = 0
    for name in OPERATIONS:
        for case in bound.contract.corpus[name][:CASES]:
            list(oracles.problems(send(case, bound, ("staff",)), bound))
            done += 1
    return done


def _drawn_once(bound: Bound) -> int:
    """Each case drawn once and sent as every tier."""
    from coursegate.suites.fuzz import oracles
    from coursegate.suites.fuzz.sending import TIERS, send

    done = 0
    for case in _fresh(bound):
        list(oracles.problems(send(case, bound, TIERS), bound))
        done += len(TIERS)
    return done


def _drawn_for_each(bound: Bound) -> int:
    """The same, but drawn anew for every tier."""
    from coursegate.suites.fuzz import oracles
    from coursegate.suites.fuzz.sending import TIERS, send

    done = 0
    for tier in TIERS:
        for case in _fresh(bound):
            list(oracles.problems(send(case, bound, (tier,)), bound))
            done += 1
    return done


def _fresh(bound: Bound) -> Iterator[Any]:
    from coursegate.suites.fuzz.generating import generated

    for name in OPERATIONS:
        operation = bound.contract.api.operations[name]
        yield from itertools.islice(generated(operation, bound.contract, 1), CASES)


if __name__ == "__main__":
    sys.exit(main())
