"""Category forms: many names at once, and no category below itself."""

import pytest

from courses.forms import MAX_IMPORT_LINES, BulkCategoryImportForm, CategoryForm, CategorySearchForm
from courses.models import Category


def test_valid_names_come_back_normalised_and_in_order() -> None:
    form = BulkCategoryImportForm({"category_data": "  Web   Design \n\nR&D\r\n<b>Art</b>\n"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["category_data"] == ["Web Design", "R&D", "Art"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        (" \n \n", "required"),
        ("<b></b>", "required"),
        ("Art\nart", "duplicate"),
        ("x" * 101, "invalid_length"),
        ("x", "invalid_length"),
        ("\n".join(f"Name {number}" for number in range(MAX_IMPORT_LINES + 1)), "too_many"),
    ],
    ids=["empty", "blank", "markup only", "duplicate", "too long", "too short", "too many"],
)
def test_other_input_is_a_field_error(text: str, code: str) -> None:
    form = BulkCategoryImportForm({"category_data": text})

    assert not form.is_valid()
    assert [error.code for error in form.errors["category_data"].as_data()] == [code]


@pytest.mark.django_db
def test_a_category_cannot_be_below_itself() -> None:
    top = Category.objects.create(name="Top")
    below = Category.objects.create(name="Below", parent=top)
    data = {"name": " Top  shelf", "sort_order": 0}

    refused = CategoryForm(data | {"parent": below.pk}, instance=top)
    assert "parent" in refused.errors

    accepted = CategoryForm(data, instance=Category.objects.get(pk=top.pk))
    assert accepted.is_valid(), accepted.errors
    assert accepted.save().name == "Top shelf"


@pytest.mark.django_db
def test_a_description_is_made_harmless() -> None:
    form = CategoryForm({"name": "Art", "sort_order": 0, "description": "<b>All</b><script>x()</script>"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["description"] == "<b>All</b>x()"


def test_a_search_may_be_empty() -> None:
    form = CategorySearchForm({})

    assert form.is_valid()
    assert form.cleaned_data == {"query": "", "is_active": None, "featured": None}
