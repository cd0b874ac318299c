"""Rows as an earlier release has stored them: two of every model of an app, every column filled, as a migration knows it.

Of the two one has what the other has not, so that a value which a later migration gives to all rows is seen at one of them.
Signals, save() and validators are those of a later release and have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from coursegate.factories.filling import fill_required, fill_unique

FIRST, SECOND = 0, 1
THEN = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
LONG = "a sentence that is long enough for every minimum length"
# Columns that go together: what is stored makes sense, so that nobody has a reason to put it right.
# One value for each of the two rows.
CHOSEN: Mapping[tuple[str, str], tuple[Any, Any]] = {
    ("Course", "is_draft"): (True, False),
    ("Course", "discount_price"): (Decimal("0.5"), Decimal("0.5")),
    ("Enrollment", "status"): ("completed", "active"),
    ("Enrollment", "completion_date"): (THEN, None),
    ("Certificate", "is_valid"): (True, False),
    ("Certificate", "certificate_number"): (
        "CERT-000001-000001-20240229123000-0000002A",
        "CERT-000002-000002-20240229123000-0000002B",
    ),
    ("Bookmark", "object_id"): ("1", "2"),
    ("UserPreference", "language"): ("en", "de"),
    ("UserPreference", "timezone"): ("UTC", "Europe/Berlin"),
    ("Lesson", "access_level"): ("premium", "registered"),
    ("Lesson", "video_url"): ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://vimeo.com/76979871"),
}
# Two names for one thing (SER-01, SER-06) have one value.
TWINS = {"question_text": "text", "answer_text": "text", "feedback": "explanation", "passed": "is_passed"}
# Counted from other rows, or in a unit of its twin: a migration may count them anew.
DERIVED = frozenset(
    {
        *("enrolled_students_count", "avg_rating", "total_reviews", "last_enrollment_date", "has_assessment"),
        *("completion_status", "completion_percentage", "progress_percentage", "total_time_spent"),
        *("helpful_count", "is_verified_purchase", "time_limit", "time_limit_minutes"),
        *("Course.duration_minutes", "Module.duration_minutes"),
    }
)
COUNTING = frozenset({"CourseStats", "UserStats", "CourseProgress"})


@dataclass
class Stored:
    """What was stored, and what could not be.

    Attributes:
        rows: model and which of the two -> key and columns, as they were read back.
        unmade: why there is no row of a model, by its name.
    """

    app: str
    rows: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    unmade: dict[str, str] = field(default_factory=dict)
    _others: dict[tuple[str, int], Any] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def add(self, known: Iterable[Any]) -> None:
        """Store two rows of each of these models that has none yet; `known` is what a state of the migrations knows."""
        for model in known:
            meta = model._meta
            if meta.app_label == self.app and meta.managed and not meta.proxy and not meta.auto_created:
                for which in (FIRST, SECOND):
                    self._key(model, which)

    def lost(self, known: Mapping[str, Any]) -> list[str]:
        """What is not as it was stored, by the models of a later state, name -> model.

        Models and columns that are there no more are not compared, and no column that is counted from others.
        """
        return [
            text for (name, _), row in self.rows.items() if name in known for text in _lost(known[name], row)
        ]

    def _key(self, model: Any, which: int) -> Any:
        """The key of a row of a model; None where there is none, or it is just being made."""
        name = model._meta.object_name, which
        if name not in self._begun:
            self._begun.add(name)
            try:
                self.rows[name] = self._store(model, which)
            except Exception as problem:  # whatever a foreign model's table refuses
                self.unmade[name[0]] = f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
        return self.rows[name]["pk"] if name in self.rows else None

    def _store(self, model: Any, which: int) -> dict[str, Any]:
        """Store it with all columns; where the table does not take these, with those that it must have."""
        related = dict(self._related(model, which))
        columns = {**dict(_columns(model, which)), **related}
        required = {name: related[name] for name in related if not model._meta.get_field(name).null}
        try:
            return _inserted(model, columns)
        except Exception:  # a constraint that nobody told us about
            return _inserted(model, required)

    def _related(self, model: Any, which: int) -> Iterator[tuple[str, Any]]:
        own = [column for column in model._meta.concrete_fields if column.remote_field is not None]
        for column in own:
            other = column.related_model
            if other is not model and (key := self._key_of(other, which)) is not None:
                yield column.attname, key

    def _key_of(self, model: Any, which: int) -> Any:
        if model._meta.app_label == self.app:
            return self._key(model, which)
        name = model._meta.label, which
        if name not in self._others:
            self._others[name] = _inserted(model, {})["pk"]
        return self._others[name]


def _inserted(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a new row, as they are read back."""
    row = model(**values, **fill_required(model, values))
    fill_unique(row)
    with transaction.atomic():
        model._base_manager.bulk_create([row])
    return {"pk": row.pk, **model._base_manager.filter(pk=row.pk).values().get()}


def _columns(model: Any, which: int) -> Iterator[tuple[str, Any]]:
    name = model._meta.object_name
    for column in model._meta.concrete_fields:
        if (name, column.attname) in CHOSEN:
            yield column.attname, CHOSEN[name, column.attname][which]
        elif not _is_filled_otherwise(column):
            value = _value(column, which, name)
            if value is not None:
                yield column.attname, value


def _is_filled_otherwise(column: Any) -> bool:
    automatic = getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
    return bool(column.primary_key or column.remote_field or automatic or column.generated)


def _value(column: Any, which: int, model: str) -> Any:
    """A value of a column; None where there is none of its type, or none that goes with the rest of the row."""
    if column.choices:
        return column.flatchoices[-which][0]
    if column.name == "order":
        return 5 + 2 * which  # the only one of its parent, at a place that nobody has numbered
    for kinds, make in _BY_TYPE:
        if isinstance(column, kinds):
            return make(column, which, model)
    return None


def _text(column: Any, which: int, model: str) -> str:
    name = TWINS.get(column.name, column.name)
    return f"{model} {which + 1}, its {name}, {LONG}"[: column.max_length]


def _json(column: Any, which: int, model: str) -> Any:
    text = _text(column, which, model)
    return [text] if column.default is list else {"stored": text}


_BY_TYPE: list[tuple[Any, Any]] = [
    (models.BooleanField, lambda _column, which, _model: which == SECOND),
    (models.EmailField, lambda _column, which, _model: f"stored{which}@example.test"),
    (
        models.SlugField,
        lambda column, which, model: f"{model.lower()}-{column.name.replace('_', '-')}-{which}",
    ),
    (models.URLField, lambda _column, which, _model: f"https://example.test/{which}"),
    (models.FileField, lambda column, which, model: f"{model.lower()}/{column.name}-{which}.pdf"),
    (models.CharField, _text),
    (models.TextField, _text),
    (models.DecimalField, lambda _column, which, _model: Decimal(which + 1)),
    ((models.IntegerField, models.FloatField), lambda _column, which, _model: which + 1),
    # Most say when something has happened: to the second row it has.
    (models.DateTimeField, lambda _column, which, _model: THEN if which == SECOND else None),
    (models.DateField, lambda _column, which, _model: THEN.date() if which == SECOND else None),
    (models.TimeField, lambda _column, which, _model: time(12, 30) if which == SECOND else None),
    (models.JSONField, _json),
    (models.GenericIPAddressField, lambda _column, which, _model: f"192.0.2.{which + 1}"),
]


def _lost(model: Any, row: Mapping[str, Any]) -> Iterator[str]:
    name = model._meta.object_name
    now = model._base_manager.filter(pk=row["pk"]).values().first()
    if now is None:
        yield f"{name}: a row is gone"
        return
    for column in model._meta.concrete_fields:
        at = column.attname
        if at in row and not _may_change(column, name) and str(row[at]) != str(now[at]):
            yield f"{name}.{at} was {row[at]!r}, is {now[at]!r}"


def _may_change(column: Any, model: str) -> bool:
    if getattr(column, "auto_now", False) or {column.name, f"{model}.{column.name}"} & DERIVED:
        return True
    return model in COUNTING and column.remote_field is None
