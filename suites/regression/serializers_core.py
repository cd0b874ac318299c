"""`courses/serializers/core.py`: resources with their sizes, and what outlines count."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.mounting import mounted
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import ABSENT
from coursegate.suites.regression.finding import finding

SERIALIZERS = "courses.serializers"
# The raw columns, the canonical names for people, and the deprecated alias of each (SER-06).
RAW = ("file_size", "duration_minutes")
ALIASES = {"file_size_display": "format_file_size", "duration_display": "format_duration"}
NEW_LINK = {"title": "Further reading", "type": "link", "url": "https://files.example.test/further"}


def _resource(on: Probe, order: int, **values: Any) -> Any:
    """A stored resource of a lesson that is open to everybody."""
    resource = on.model("courses.Resource")(
        lesson=on.row("lesson-guest"), order=order, premium=False, **{**NEW_LINK, **values}
    )
    resource.save()
    return resource


def _shown(on: Probe, key: Any, by: str = "registered") -> dict[str, Any]:
    """A resource as the page of its lesson shows it, beside others that are still there."""
    on.target.clear_caches()
    answer = on.send("lessons.retrieve", "lesson-guest", by=by)
    assert answer.status == 200, f"the lesson with the resource answers {answer.summary}"
    found = {item["id"]: item for item in answer.json["resources"]}
    assert on.key("resource-free-on-guest-lesson") in found, "another resource of the lesson is gone"
    assert key in found, f"the resource is missing among {len(found)}"
    shown: dict[str, Any] = found[key]
    return shown


@finding(
    "SER-05",
    writes=True,
    cases={
        "size": {"field": "file_size", "value": -5},
        "duration": {"field": "duration_minutes", "value": -5},
        # What some take for "unknown".
        "size-of-minus-one": {"field": "file_size", "value": -1},
    },
)
def what_cannot_be_is_refused(on: Probe, field: str, value: int) -> None:
    """A resource with a negative size or duration is refused, and leaves no row; without it, it is accepted."""
    before = on.rows("courses.Resource").count()

    refused = on.send("resources.create", "lesson-guest", by="owner", body={**NEW_LINK, field: value})
    between = on.rows("courses.Resource").count()
    accepted = on.send("resources.create", "lesson-guest", by="owner", body={**NEW_LINK, field: 5})

    if accepted.status in ABSENT and refused.status == accepted.status:
        raise NotApplicable(f"this target routes no operation that adds a resource: {accepted.summary}")
    assert accepted.status == 201, f"a positive {field} answers {accepted.summary}"
    assert refused.status == 400, f"{field} = {value} answers {refused.summary}"
    assert between == before


@finding("SER-05", needs="http", writes=True, cases={name: {"field": name} for name in RAW})
def what_becomes_what_cannot_be_is_refused(on: Probe, field: str) -> None:
    """Where a resource can be changed, a negative size or duration is refused, and a positive one taken."""
    path = on.contract.api.operations["resources.destroy"].path.replace(
        "{resource_id}", str(on.key("resource-free-on-guest-lesson"))
    )

    accepted = on.ask("PATCH", path, by="owner", body={field: 5})
    refused = on.ask("PATCH", path, by="owner", body={field: -5})

    if accepted.status in ABSENT and refused.status == accepted.status:
        raise NotApplicable(f"this target routes no operation that changes a resource: {accepted.summary}")
    assert accepted.status == 200, f"a positive {field} answers {accepted.summary}"
    assert refused.status == 400, f"{field} = -5 answers {refused.summary}"


@finding(
    "SER-05",
    writes=True,
    cases={name: {"field": name, "change": False} for name in RAW}
    | {f"{name}-changed": {"field": name, "change": True} for name in RAW},
)
def the_serializer_refuses_what_cannot_be(on: Probe, field: str, change: bool) -> None:
    """What takes a size or duration refuses a negative one, of a new resource and of one that is changed."""
    kind = on.name(f"{SERIALIZERS}.ResourceSerializer")
    taken = kind().fields.get(field)
    if taken is None or taken.read_only:
        raise NotApplicable(f"ResourceSerializer takes no {field}: what writes it is asked over HTTP")
    row = on.row("resource-free-on-guest-lesson") if change else None
    new = {} if change else {**NEW_LINK, "lesson": on.key("lesson-guest"), "order": 77}
    # Which lesson it is for stands in the address; some take it from the body as well, and others refuse it there.
    new = {name: value for name, value in new.items() if (of := kind().fields.get(name)) and not of.read_only}
    context = {"request": request_of(on.row("owner"))}
    right = kind(row, data={**new, field: 1}, partial=change, context=context)

    assert right.is_valid(), f"{field} = 1: {dict(right.errors)}"
    with mounted(_writing(on, kind, row)) as path:
        answer = on.ask("PATCH" if change else "POST", path, by="owner", body={**new, field: -1})
    assert answer.status == 400, f"{field} = -1 answers {answer.summary}"
    assert field in answer.text, f"{field} = -1 is refused with {answer.text[:200]}"


def _writing(on: Probe, kind: Any, row: Any) -> Any:
    """A view that writes with a serializer: a new row of a lesson, or this one."""
    from rest_framework.generics import CreateAPIView, UpdateAPIView

    class Changing(UpdateAPIView):  # type: ignore[type-arg]  # generic for type checkers alone
        serializer_class = kind

        def get_object(self) -> Any:
            return row

    class Adding(CreateAPIView):  # type: ignore[type-arg]
        serializer_class = kind

        def perform_create(self, serializer: Any) -> None:
            serializer.save(lesson=on.row("lesson-guest"))

    return (Adding if row is None else Changing).as_view()


@finding("SER-05", writes=True, cases={name: {"kind": name} for name in ("link", "video", "document")})
def what_is_unknown_is_null(on: Probe, kind: str) -> None:
    """A resource that has neither size nor duration is listed beside its siblings, with null for both."""
    # What its lesson takes is not what it takes.
    on.rows("courses.Lesson").filter(pk=on.key("lesson-guest")).update(duration_minutes=45)
    known = _resource(on, 71, file_size=2048, duration_minutes=90)
    unknown = _resource(on, 70, type=kind, file_size=None, duration_minutes=None)

    shown = _shown(on, unknown.pk)

    keys = (*ALIASES.values(), *(name for name in RAW if name in shown))
    assert {name: shown[name] for name in keys} == dict.fromkeys(keys)
    assert all(_shown(on, known.pk)[name] for name in ALIASES.values())


@finding("SER-05", writes=True, cases={name: {"field": name} for name in RAW})
def what_is_corrupt_is_null(on: Probe, field: str) -> None:
    """A stored size or duration that cannot be is shown as null: no error, no plausible number, no sibling lost."""
    from django.db import connection

    if connection.vendor != "sqlite":
        raise NotApplicable("this database refuses to store a negative size")
    resource = _resource(on, 72, file_size=2048, duration_minutes=90)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        on.rows("courses.Resource").filter(pk=resource.pk).update(**{field: -5})
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    stored = on.rows("courses.Resource").filter(pk=resource.pk).values_list(field, flat=True)
    assert list(stored) == [-5], "the corrupt value could not be stored"

    shown = _shown(on, resource.pk)

    display = "format_file_size" if field == "file_size" else "format_duration"
    assert shown[display] is None
    assert shown.get(field) is None


@finding("SER-06", needs="http")
def one_canonical_pair_and_its_aliases(on: Probe) -> None:
    """A resource carries one name for its size and one for its duration, and the former names; no third spelling."""
    answer = on.send("lessons.retrieve", "lesson-guest", by="premium")
    assert answer.status == 200
    shown = [*answer.json["resources"], *(answer.json.get("premium_resources") or [])]
    names = ("resource-free-on-guest-lesson", "resource-premium-on-guest-lesson")
    assert {on.key(name) for name in names} <= {resource["id"] for resource in shown}

    for resource in shown:
        named = {key for key in resource if "size" in key.lower() or "duration" in key.lower()}
        assert named - set(RAW) == set(ALIASES) | set(ALIASES.values())
        for alias, canonical in ALIASES.items():
            assert resource[alias] == resource[canonical]


MEASURED = {"file_size": 1_572_864, "duration_minutes": 125}
NOTHING = dict.fromkeys(MEASURED, 0)


@finding(
    "SER-06",
    writes=True,
    cases={"": {"measured": MEASURED}, "unknown": {"measured": {}}, "nothing": {"measured": NOTHING}},
)
def aliases_say_the_same(on: Probe, measured: dict[str, int]) -> None:
    """The former names of size and duration carry the same as the new ones: a text, where there is something to tell."""
    shown = _shown(on, _resource(on, 73, **measured).pk)

    for alias, canonical in ALIASES.items():
        assert shown[alias] == shown[canonical]
        assert not any(measured.values()) or (isinstance(shown[canonical], str) and shown[canonical])


@finding("SER-06")
def the_names_for_people_cannot_be_written(on: Probe) -> None:
    """Neither the names for people nor their aliases are taken as input; the columns behind them are."""
    fields = on.name(f"{SERIALIZERS}.ResourceSerializer")().fields

    writable = [
        name for name in (*ALIASES, *ALIASES.values()) if name in fields and not fields[name].read_only
    ]

    assert writable == []
