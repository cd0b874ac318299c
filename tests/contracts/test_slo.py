"""Objectives speak of what exists, and of no more than their samples can show."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.contract import FOLDER
from coursegate.contracts.reading import ContractError
from coursegate.contracts.slo import Known, load_objectives

KNOWN = Known(frozenset({"search"}), frozenset({"guest"}), {"smoke": frozenset({"steady"})})
LINE = "{scenario: search, tier: guest, stage: steady, samples: 200, p95: 300, errors: 0.01}"


def written(folder: Path, line: str, profile: str = "smoke") -> Path:
    path = folder / "slo.yaml"
    path.write_text(f"profiles:\n  {profile}:\n    - {line}\n", encoding="utf-8")
    return path


def test_the_objectives_of_the_contract_can_be_read() -> None:
    """The project's own file is sound, and gives every operation a budget of statements."""
    found = load_objectives(FOLDER / "slo.yaml")
    assert found.profiles.keys() >= {"brief", "smoke", "nightly", "spike", "soak", "breakpoint"}
    assert found.most_statements("anything.else") == found.work["other"]


def test_a_line_is_read(tmp_path: Path) -> None:
    """What a line says is what the objective holds; of what it does not say it holds nothing."""
    (one,) = load_objectives(written(tmp_path, LINE), KNOWN).profiles["smoke"]
    assert (one.scenario, one.samples, one.p95, one.errors, one.p50) == ("search", 200, 300.0, 0.01, None)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("scenario: search", "scenario: serach", "no scenario is called 'serach'"),
        ("tier: guest", "tier: gold", "no tier is called 'gold'"),
        ("stage: steady", "stage: spike", "no stage is called 'spike'"),
        ("samples: 200", "samples: 199", "199 samples are too few for what it promises, 200 are needed"),
        ("errors: 0.01", "errors: 0.001", "200 samples are too few for what it promises, 1000 are needed"),
        (", p95: 300, errors: 0.01", "", "it promises nothing"),
        ("p95: 300", "p95: fast", "expected a number from 0"),
        ("p95: 300", "recovers-within: 5", "recovers-within needs the p50"),
        ("p95", "p99", "unknown key 'p99'"),
    ],
)
def test_a_line_that_cannot_be_kept_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    """A name of nothing, too few samples or no figure is refused with its line."""
    with pytest.raises(ContractError, match=complaint) as found:
        load_objectives(written(tmp_path, LINE.replace(old, new)), KNOWN)
    assert found.value.line == 3


def test_a_profile_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """Objectives of a profile that nobody can run would never be looked at."""
    with pytest.raises(ContractError, match="no profile is called 'nightly'"):
        load_objectives(written(tmp_path, LINE, "nightly"), KNOWN)
