"""The world comes in sizes: what grows is there ten or a hundred times, what does not stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coursegate.contracts.reading import ContractError
from coursegate.contracts.world import load_world
from coursegate.contracts.world_values import ORDER_STEP, Reference

WORLD = """
audiences: {everybody: [guest, staff], staff: [staff]}
protected: {}
principals:
  guest: {}
  staff: {user: {role: staff}, subscription: {tier: registered}}
objects:
  course: {model: courses.Course}
  course-more: {model: courses.Course, repeat: 3, grows: true}
  module: {model: courses.Module, repeat: 2, fields: {course: "@course", order: 1}}
  lesson-more: {model: courses.Lesson, repeat: 4, grows: true, fields: {module: "@module-#", order: 10}}
  lesson-hidden: {like: lesson-more, exists: staff, repeat: 1, fields: {order: 20}}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "world.yaml"
    file.write_text(WORLD, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("size", "courses", "modules", "lessons"), [(1, 1, 2, 1), (10, 28, 2, 37), (100, 298, 2, 397)]
)
def test_what_grows_is_there_so_many_times(
    path: Path, size: int, courses: int, modules: int, lessons: int
) -> None:
    """A `repeat` that grows is there for each time the world is larger; everything else as often as it says."""
    world = load_world(path, size)

    counted = [len(list(world.of_model(f"courses.{model}"))) for model in ("Course", "Module", "Lesson")]
    assert counted == [courses, modules, lessons]


def test_larger_world_holds_the_smaller_one(path: Path) -> None:
    """Whatever the 1x world holds, a larger one holds unchanged; only the rest counts as grown."""
    small, large = load_world(path), load_world(path, 10)

    assert not any(item.grown for item in small.objects.values())
    kept = {name: item for name, item in large.objects.items() if not item.grown}
    assert kept == dict(small.objects)


def test_numbered_reference_begins_anew_where_there_are_fewer(path: Path) -> None:
    """The n-th of a repeated object refers to the n-th of another one, over and over where there are fewer."""
    world = load_world(path, 10)

    referred = [world.objects[f"lesson-more-{number:02}"].fields["module"] for number in (1, 2, 3, 36)]
    assert referred == [Reference(f"module-{number:02}") for number in (1, 2, 1, 2)]


def test_order_never_repeats(path: Path) -> None:
    """However large the world, no two repeated objects of the same order base, or of neighbouring ones, collide."""
    world = load_world(path, 100)

    orders = [item.fields["order"] for item in world.of_model("courses.Lesson")]
    assert len(set(orders)) == len(orders)
    assert world.objects["lesson-more-05"].fields["order"] == 11 + 2 * ORDER_STEP


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("repeat: 3", "repeat: many", "expected a whole number from 1, found 'many'"),
        ("repeat: 3", "repeat: 0", "expected a whole number from 1, found '0'"),
        ("repeat: 3, ", "", "only what is repeated grows"),
        ("@module-#", "@course-#", "no earlier object is called 'course-#'"),
        ("@module-#", "@lesson-more-#", "no earlier object is called 'lesson-more-01'"),
        ("repeat: 2, ", "", "no earlier object is called 'module-#'"),
    ],
)
def test_senseless_repetition_is_refused(path: Path, old: str, new: str, complaint: str) -> None:
    """A repetition that cannot be meant is refused with its line."""
    path.write_text(WORLD.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ContractError, match=re.escape(complaint)) as refusal:
        load_world(path, 10)

    assert refusal.value.line > 0
