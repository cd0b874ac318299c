"""Changes of standing speak of what exists, and say one thing that holds from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.contract import Contract
from coursegate.contracts.reading import ContractError
from coursegate.contracts.standing import load_standing

LAPSE = "lapse: {objects: [premium-subscription], set: {end_date: -1s}, who: premium, becomes: lapsed, source: [policy 1]}"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "premium-subscription",
            "gold-subscription",
            "no object of world.yaml is called 'gold-subscription'",
        ),
        ("who: premium", "who: gold", "no principal with an account is called 'gold'"),
        ("who: premium", "who: guest", "no principal with an account is called 'guest'"),
        ("becomes: lapsed, ", "", "must say `who` and either `becomes` or `refused`, or else `like`"),
        ("becomes: lapsed", "becomes: lapsed, refused: true", "must say `who` and either"),
        ("becomes: lapsed", "like: {course-open: course-draft}", "must say `who` and either"),
        ("source", "passes: later, source", "expected a time such as [+]61s"),
        (
            "source",
            "apart: [lessons.fetch], source",
            "no operation of openapi.yaml is called 'lessons.fetch'",
        ),
        (
            "source",
            "answers: {lessons.retrieve/lesson-premium/gold: locked}, source",
            "no cell of access.yaml is called 'lessons.retrieve/lesson-premium/gold'",
        ),
        (
            "source",
            "answers: {lessons.retrieve/lesson-premium/premium: shut}, source",
            "'shut' is no outcome",
        ),
        ("set: {end_date: -1s}, ", "", "must say what is `set`, or that the objects are `removed`"),
        ("set: {", "removed: true, set: {", "must say what is `set`, or that the objects are `removed`"),
        ("who: premium", "whom: premium", "unknown key 'whom'"),
    ],
)
def test_senseless_change_is_refused(
    tmp_path: Path, contract: Contract, old: str, new: str, complaint: str
) -> None:
    """A change that names nothing, or says two things at once, is refused with its line."""
    path = tmp_path / "standing.yaml"
    assert old in LAPSE
    path.write_text(f"changes:\n  {LAPSE.replace(old, new)}\n", encoding="utf-8")

    with pytest.raises(ContractError, match=complaint) as refusal:
        load_standing(path, contract.api, contract.world, contract.access)

    assert refusal.value.line == 2
