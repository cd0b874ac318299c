"""`courses/forms.py`: many categories at once."""

from __future__ import annotations

from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

FIELD = "category_data"


def _form(on: Probe, text: str) -> Any:
    return on.name("courses.forms.BulkCategoryImportForm")({FIELD: text})


@finding("FORM-01")
def names_come_back_in_their_order(on: Probe) -> None:
    """A valid import is cleaned to the list of its names, in their order, without superfluous blanks."""
    form = _form(on, "Zoology\r\n  Data   Science \nAstronomy\n")

    assert form.is_valid(), form.errors.as_json()
    names = form.cleaned_data[FIELD]
    assert isinstance(names, list)
    # How a name is capitalised is the shop's own rule.
    assert [name.casefold() for name in names] == ["zoology", "data science", "astronomy"]


@finding(
    "FORM-01",
    cases={
        "nothing": {"text": ""},
        "blank-lines": {"text": "  \n \n\t\n"},
        "twice": {"text": "Zoology\nAstronomy\nZoology"},
        "twice-with-blanks": {"text": "Data Science\n  Data   Science "},
        "too-long": {"text": "Zoology\n" + "x" * 300},
    },
)
def what_cannot_be_taken_is_an_error_of_the_field(on: Probe, text: str) -> None:
    """Nothing at all, a name that stands twice and a name that no column holds are errors of the field."""
    form = _form(on, text)

    assert _form(on, "Zoology").is_valid()
    assert not form.is_valid()
    assert list(form.errors) == [FIELD]
