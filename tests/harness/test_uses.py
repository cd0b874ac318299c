"""A method is used where its own class, or somebody who means a serializer, calls it; a namesake elsewhere is none."""

from __future__ import annotations

import ast

import pytest

from coursegate.harness.probing.uses import uses_in

FAMILY = {"RowSerializer", "Base"}
ROW = "class Row:\n    def get_course(self): ...\n"


@pytest.mark.parametrize(
    ("code", "is_used"),
    [
        pytest.param("class RowSerializer(Base):\n    def show(self): self.get_course()", True, id="itself"),
        pytest.param("class Base:\n    def show(self): self.get_course()", True, id="a-base"),
        pytest.param("class RowSerializer(Base):\n    get_other = get_course", True, id="another-name"),
        pytest.param("class RowSerializer(Base):\n    used = {'course': 'get_course'}", True, id="a-table"),
        pytest.param(
            "class RowSerializer:\n    def s(self): getattr(self, 'get_course')()", True, id="getattr"
        ),
        pytest.param("RowSerializer(row).get_course(row)", True, id="the-class"),
        pytest.param("serializer.get_course(row)", True, id="a-serializer"),
        pytest.param("anything.get_course(row)", True, id="the-only-one"),
        pytest.param(ROW + "row.get_course()", False, id="a-row"),
        pytest.param(ROW + "class View:\n    def s(self): self.get_course()", False, id="a-view"),
        pytest.param(ROW + "getattr(row, 'get_course')", False, id="getattr-of-a-row"),
        pytest.param(
            "class RowSerializer:\n    course = Field(source='get_course')", False, id="source-of-a-field"
        ),
        pytest.param("CHOICES = ['get_course']", False, id="a-string-elsewhere"),
        pytest.param(
            "def get_course(): ...\nclass RowSerializer:\n    def show(self): return get_course()",
            False,
            id="a-function",
        ),
    ],
)
def test_a_namesake_is_no_use(code: str, is_used: bool) -> None:
    """What could only mean another object's method is no use of this one."""
    uses = uses_in([ast.parse(code)], "get_")

    assert uses.is_used("get_course", FAMILY) is is_used
