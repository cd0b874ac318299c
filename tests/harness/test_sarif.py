"""gate.sarif is SARIF 2.1.0, knows a result again from run to run, and points into the target's own files."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.gate_json import Result
from coursegate.harness.report.sarif import MOST_RESULTS, sarif_of, write_sarif
from coursegate.harness.targets.binding import Binding
from coursegate.harness.verdicts import Verdict
from coursegate.tests.harness.sample_runs import RED, broken, large, result
from coursegate.tests.harness.sarif_schema import LOG

VIEWS = "import os\n\n\nclass LessonViewSet:\n    pass\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A backend in a folder of a repository, with two of the files that the audit names."""
    backend = tmp_path / "repository" / "server"
    (backend / "courses" / "views").mkdir(parents=True)
    (backend / "courses" / "views" / "public.py").write_text(VIEWS)
    (backend / "courses" / "views" / "mixins.py").write_text("")
    (backend / "manage.py").write_text("")
    subprocess.run(["git", "init", "-q", str(backend.parent)], check=True, timeout=20)
    return backend


def _of(checkout: Path, *cells: dict[str, Any], **said: Any) -> Result:
    routes = [["GET", "/api/lessons/{pk}/", "courses.views.public.LessonViewSet"]]
    rung = RungResult("start", Verdict.PASS, extra={"routes": routes})
    return result(*cells, **{"binding": Binding(checkout, "shop.settings"), "preflight": [rung], **said})


def _results(log: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def _uris(found: dict[str, Any]) -> list[tuple[str, int]]:
    places = [
        place["physicalLocation"] for key in ("locations", "relatedLocations") for place in found.get(key, [])
    ]
    return [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]


def test_log_is_sarif(contract: Contract, checkout: Path) -> None:
    """Every key is one of SARIF 2.1.0, and holds what belongs there."""
    rung = RungResult("imports", Verdict.FAIL, ("manage.py:1: ImportError",), "nothing")
    log = sarif_of(_of(checkout, *RED, preflight=[rung], harness_errors=["an error"]), contract)

    jsonschema.validate(log, LOG)
    assert len(log["runs"]) == 1


def test_results_refer_to_their_rules(contract: Contract, checkout: Path) -> None:
    """Each result names a rule that stands in the log, at the index it gives; no rule stands twice."""
    log = sarif_of(_of(checkout, *RED, broken("staff", "form", "a form", findings=[])), contract)

    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert all(rules[found["ruleIndex"]] == found["ruleId"] for found in _results(log))
    assert {"ARCH-01", "openapi.yaml"} <= set(rules)


def test_rule_of_a_finding_has_the_words_of_the_audit(contract: Contract, checkout: Path) -> None:
    """The help of a rule quotes the audit and says what is required; a policy says its own words."""
    cells = [broken("guest", "leak", "x", findings=[name]) for name in ("SER-02", "policy 4")]
    finding = contract.findings["SER-02"]

    log = sarif_of(_of(checkout, *cells), contract)
    ours, policy = log["runs"][0]["tool"]["driver"]["rules"]

    assert ours["shortDescription"]["text"] == finding.title
    assert all(text in ours["help"]["text"] for text in (*finding.quotes, finding.defect, finding.required))
    assert ours["properties"]["phase"] == finding.phase
    assert policy["help"]["text"] == f"Required: {contract.policies['policy 4'].says}"


def test_result_stands_in_the_targets_own_file(contract: Contract, checkout: Path) -> None:
    """A finding leads to its file, at the line of the view; addresses begin at the top of the repository."""
    (found,) = _results(sarif_of(_of(checkout, broken("guest", "leak", "x", findings=["ARCH-01"])), contract))

    assert _uris(found) == [("server/courses/views/public.py", 4), ("server/courses/views/mixins.py", 1)]


def test_line_that_the_reason_names_comes_first(contract: Contract, checkout: Path) -> None:
    """Where the backend's own line is known the result stands there; a place outside the checkout is no place."""
    reason = "KeyError at courses/views/mixins.py:7, raised by ../../secret.py:1 and lib/gone.py:2"
    (found,) = _results(sarif_of(_of(checkout, broken("guest", "error", "x", reason=reason)), contract))

    assert _uris(found)[0] == ("server/courses/views/mixins.py", 7)
    assert len(_uris(found)) == 2


def test_line_of_another_folder_is_no_place(contract: Contract, checkout: Path) -> None:
    """A reason that names a file outside the target by its whole path leads to the finding's file all the same."""
    reason = f"KeyError: 'hours_spent' at {Path(__file__)}:41"
    (found,) = _results(sarif_of(_of(checkout, broken("guest", "error", "x", reason=reason)), contract))

    assert Path(__file__).name not in json.dumps(_uris(found))


def test_policy_leads_to_the_view(contract: Contract, checkout: Path) -> None:
    """What only a policy promises stands at the view that answers, or else at manage.py."""
    cells = [
        broken("guest", "leak", "x", findings=["policy 4"], operation=name)
        for name in ("lessons.retrieve", "x")
    ]

    seen = [_uris(found) for found in _results(sarif_of(_of(checkout, *cells), contract))]

    assert seen == [[("server/courses/views/public.py", 4)], [("server/manage.py", 1)]]


def test_fingerprints_are_made_of_the_check_alone(contract: Contract, checkout: Path) -> None:
    """A result is known again whatever else fails, wherever the code has moved, and whatever it says this time."""
    first = _of(checkout, broken("guest", "leak", "one cause"))
    (checkout / "courses" / "views" / "public.py").write_text("\n" * 40 + VIEWS)
    later = _of(checkout, *RED, broken("guest", "form", "another", reason="elsewhere"))

    def fingerprints(run: Result) -> dict[str, Any]:
        return {
            found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: found["partialFingerprints"]
            for found in _results(sarif_of(run, contract))
        }

    before, after = fingerprints(first), fingerprints(later)
    name = "access/lessons.retrieve/lesson-premium/guest"
    assert before[name] == after[name]
    assert len({str(prints) for prints in after.values()}) == len(after)


def test_every_result_can_be_replayed(contract: Contract, checkout: Path) -> None:
    """Each result ends with the one line that asks again."""
    log = sarif_of(_of(checkout, *RED), contract)

    for found in _results(log):
        last = found["message"]["text"].splitlines()[-1]
        assert last.startswith("Ask again: coursegate replay ")
        assert last.endswith(f"--target={checkout}")


def test_verdicts_have_their_levels(contract: Contract, checkout: Path) -> None:
    """What is broken is an error, what a later phase asks for is a note, what is waived is suppressed."""
    later = broken("owner", "form", "later")
    run = _of(checkout, *RED, later)
    log = sarif_of(replace(run, deferred=[later["id"]]), contract)

    levels = [found["level"] for found in _results(log)]
    assert levels == ["error"] * 4 + ["error", "note"]
    suppressed = [found for found in _results(log) if "suppressions" in found]
    assert [found["suppressions"][0]["justification"] for found in suppressed] == ["until spring"]
    told = [
        note["message"]["text"] for note in log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    ]
    assert told == ["1 blocked: its allowed twin is refused as well", "1 not-assessed: throttled"]


def test_broken_rung_is_a_result(contract: Contract, checkout: Path) -> None:
    """A backend that does not import has its result where it breaks, with the command that looks again."""
    rung = RungResult("imports", Verdict.FAIL, ("courses/views/public.py:4: ImportError: x",), "much")
    (found,) = _results(sarif_of(_of(checkout, preflight=[rung]), contract))

    assert (found["ruleId"], _uris(found)) == ("preflight/imports", [("server/courses/views/public.py", 4)])
    assert found["message"]["text"].endswith(f"Ask again: coursegate doctor --target={checkout}")


def test_log_of_a_large_run_is_cut_at_its_end(contract: Contract, tmp_path: Path) -> None:
    """Of more results than code scanning shows the gravest are kept, and the log says how many are left out."""
    run = large(contract, checks=6000, failures=6000)

    log = json.loads(write_sarif(run, contract, tmp_path).read_text(encoding="utf-8"))

    assert len(_results(log)) == MOST_RESULTS
    assert {found["properties"]["kind"] for found in _results(log)[:1200]} == {"leak"}
    notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notes[-1]["message"]["text"] == "1000 more results stand in gate.json"
