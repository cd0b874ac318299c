"""`courses/forms.py`: many categories at once."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

FIELD = "category_data"


def _form(on: Probe, text: str) -> Any:
    return on.name("courses.forms.BulkCategoryImportForm")({FIELD: text})


def _names(form: Any) -> list[str]:
    """What a valid form is cleaned to."""
    names = form.cleaned_data[FIELD]
    assert isinstance(names, list), f"it is cleaned to {names!r}"
    return names


@finding("FORM-01")
def names_come_back_in_their_order(on: Probe) -> None:
    """A valid import is cleaned to the list of its names, in their order, without superfluous blanks."""
    form = _form(on, "Zoology\r\n  Data Science \nAstronomy\n")

    assert form.is_valid(), form.errors.as_json()
    # How a name is capitalised is the shop's own rule.
    assert [name.casefold() for name in _names(form)] == ["zoology", "data science", "astronomy"]


@finding(
    "FORM-01",
    cases={
        "nothing": {"text": ""},
        "blank-lines": {"text": "  \n \n\t\n"},
        "twice": {"text": "Zoology\nAstronomy\nZoology"},
        "twice-with-blanks": {"text": "Data Science\n  Data Science "},
        "too-long": {"text": "Zoology\n" + "x" * 300},
    },
)
def what_cannot_be_taken_is_an_error_of_the_field(on: Probe, text: str) -> None:
    """Nothing at all, a name that stands twice and a name that no column holds are errors of the field."""
    form = _form(on, text)

    assert _form(on, "Zoology").is_valid()
    assert not form.is_valid()
    assert list(form.errors) == [FIELD]


@finding(
    "FORM-01",
    cases={"blanks": {"between": "  "}, "tab": {"between": "\t"}, "wide-blank": {"between": "\u3000"}},
)
def no_name_comes_out_twice(on: Probe, between: str) -> None:
    """Two names that are the same without superfluous blanks are an error of the field, or stay two different names."""
    form = _form(on, f"Data{between}Science\nData Science")

    assert _form(on, "Data Science").is_valid()
    if form.is_valid():
        names = [name.casefold() for name in form.cleaned_data[FIELD]]
        assert len(names) == len(set(names)), f"what is imported is {names}"
    else:
        assert list(form.errors) == [FIELD]


@finding("FORM-01", cases={"one-line": {"text": "<b></b>"}, "lines": {"text": "<b></b>\n<i> </i>\n"}})
def markup_without_a_word_is_no_import(on: Probe, text: str) -> None:
    """Nothing but markup is an error of the field, or is taken as a name; it never makes an import of nothing."""
    form = _form(on, text)

    assert _form(on, "Zoology").is_valid()
    if form.is_valid():
        names = form.cleaned_data[FIELD]
        assert names, "nothing is imported, and nobody is told"
        assert [name for name in names if not name.strip()] == []
    else:
        assert list(form.errors) == [FIELD]


@finding("FORM-01")
def a_name_longer_than_its_column_is_an_error(on: Probe) -> None:
    """A name of one character more than the column of names holds is an error of the field."""
    longest = on.model("courses.Category")._meta.get_field("name").max_length
    if longest is None:
        raise NotApplicable("the column of names holds any length")
    form = _form(on, "Zoology\n" + "x" * (longest + 1))

    assert _form(on, "Zoology").is_valid()
    assert not form.is_valid(), f"a name of {longest + 1} characters is taken, and the column holds {longest}"
    assert list(form.errors) == [FIELD]


@finding("FORM-01")
def a_name_as_long_as_its_column_is_taken(on: Probe) -> None:
    """A name of as many characters as the column of names holds is valid, and comes back whole."""
    longest = on.model("courses.Category")._meta.get_field("name").max_length or 0
    form = _form(on, "Zoology\n" + "x" * longest)

    assert form.is_valid(), f"a name of {longest} characters is refused: {form.errors.as_json()}"
    assert [len(name) for name in _names(form)] == [len("Zoology"), longest]


@finding("FORM-01")
def names_keep_their_signs(on: Probe) -> None:
    """A name with an ampersand, a comma, an apostrophe or letters of another alphabet comes back as it was written."""
    names = ["R&D", "Arts, crafts and design", "Children's books", "Ökologie", "経済"]
    form = _form(on, "\n".join(names))

    assert form.is_valid(), form.errors.as_json()
    assert [name.casefold() for name in _names(form)] == [name.casefold() for name in names]
