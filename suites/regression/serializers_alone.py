"""`courses/serializers/core.py`: code that serialises a row by itself is given no more than the API gives."""

from __future__ import annotations

import json
from typing import Any

from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

# Operation -> the serializer that shows its rows, and a row of which more is hidden than shown.
SHOWN = {
    "courses.retrieve": ("courses.serializers.CourseDetailSerializer", "course-open"),
    "modules.retrieve": ("courses.serializers.ModuleDetailSerializer", "module-open"),
    "lessons.retrieve": ("courses.serializers.LessonSerializer", "lesson-registered"),
}
PEOPLE = ("registered", "premium", "owner")


@finding(
    "COMPAT-01",
    "ARCH-04",
    needs="django",
    kind=Kind.LEAK,
    cases={
        f"{operation}-{who}": {"operation": operation, "principal": who}
        for operation in SHOWN
        for who in PEOPLE
    },
)
def a_row_by_itself_shows_what_the_api_shows(on: Probe, operation: str, principal: str) -> None:
    """A serializer that is handed a row and a request shows as many rows and values as the API does, prepared or not."""
    from rest_framework.renderers import JSONRenderer

    path, subject = SHOWN[operation]
    answered = on.send(operation, subject, by=principal).json

    alone = on.name(path)(on.row(subject), context={"request": request_of(on.row(principal))}).data

    assert _sizes(json.loads(JSONRenderer().render(alone))) == _sizes(answered)


def _sizes(shown: Any) -> Any:
    """What of a representation tells how much it shows: the ids of rows, and every number."""
    if isinstance(shown, dict):
        return {key: _sizes(value) for key, value in shown.items()}
    if isinstance(shown, list):
        return [_sizes(value) for value in shown]
    return shown if isinstance(shown, (int, float, bool)) or shown is None else type(shown).__name__
