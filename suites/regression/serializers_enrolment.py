"""`courses/serializers/enrolment.py`: enrolments, progress and certificates as they are shown and written."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from coursegate.contracts.openapi import NEVER_EXISTED
from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.told_apart import told_apart
from coursegate.harness.probing.uses import Uses, uses_in
from coursegate.suites.regression.finding import finding

FOLDER, SERIALIZERS = "courses/serializers", "courses.serializers"
NO_SUCH_COURSES = (987654321, 987654322)


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _own_serializers(on: Probe) -> list[Any]:
    """Every serializer class of the backend's own, once."""
    from rest_framework.serializers import BaseSerializer

    found: dict[Any, None] = {}
    for file in on.files(FOLDER):
        for item in vars(importlib.import_module(_module(file))).values():
            if (
                inspect.isclass(item)
                and issubclass(item, BaseSerializer)
                and item.__module__.startswith("courses.")
            ):
                found[item] = None
    return list(found)


def _dead_methods(kind: Any, family: list[Any], uses: Uses) -> list[str]:
    """Methods `get_...` of a class that neither back a method field of it or a subclass, nor are called by name."""
    from rest_framework.fields import SerializerMethodField

    live = set()
    for member in family:
        for name, field in getattr(member, "_declared_fields", {}).items():
            if isinstance(field, SerializerMethodField):
                live.add(field.method_name or f"get_{name}")
    names = {base.__name__ for member in family for base in member.__mro__}
    bases = [base for base in kind.__mro__[1:] if not base.__module__.startswith("courses.")]
    return [
        f"{kind.__name__}.{name}"
        for name, value in vars(kind).items()
        if name.startswith("get_")
        and inspect.isfunction(inspect.unwrap(getattr(value, "__func__", value)))
        and name not in live
        and not uses.is_used(name, names)
        and not any(hasattr(base, name) for base in bases)
    ]


@finding("SER-07")
def every_method_of_a_field_has_its_field(on: Probe) -> None:
    """No serializer has a method `get_...` that nothing calls: no method field, no other code."""
    kinds = _own_serializers(on)
    uses = on.once("uses of methods", lambda: uses_in(map(on.tree, on.files("courses")), "get_"))
    assert kinds, "the backend has no serializers"

    dead = [
        name
        for kind in kinds
        for name in _dead_methods(kind, [other for other in kinds if issubclass(other, kind)], uses)
    ]

    assert dead == [], f"never called: {', '.join(dead)}"


@finding(
    "SER-07",
    cases={
        "course-of-an-enrollment": {"name": "EnrollmentSerializer", "field": "course"},
        "lesson-of-a-progress": {"name": "ProgressSerializer", "field": "lesson"},
    },
)
def a_declared_field_has_no_method(on: Probe, name: str, field: str) -> None:
    """A field that is a serializer of its own has no method beside it that DRF would never call."""
    from rest_framework.fields import SerializerMethodField

    kind = on.name(f"{SERIALIZERS}.{name}")

    assert field in kind().fields, f"{name} shows no {field}"
    assert isinstance(kind().fields[field], SerializerMethodField) or not hasattr(kind, f"get_{field}")


@finding("SER-07")
def the_live_methods_of_certificates_stay(on: Probe) -> None:
    """A certificate still says whose it is and for which course."""
    kind = on.name(f"{SERIALIZERS}.CertificateSerializer")

    shown = kind(on.row("certificate-registered"), context={"request": request_of(on.row("registered"))}).data

    assert shown["course"]
    assert shown["user"]
    assert callable(getattr(kind, "get_course", None))
    assert callable(getattr(kind, "get_user", None))


@finding(
    "SER-08",
    needs="http",
    writes=True,
    cases={name: {"course": name} for name in ("course-draft", "course-peer-draft", "course-withdrawn")},
)
def a_hidden_course_is_refused_like_a_missing_one(on: Probe, course: str) -> None:
    """Enrolling in a hidden course answers what enrolling in one that never existed does; in an open one it works."""
    by, hidden = "premium", on.key(course)

    before, refused, after = (
        (on.send("enrollments.create", by=by, body={"course_id": key}), str(key))
        for key in (NO_SUCH_COURSES[0], hidden, NO_SUCH_COURSES[1])
    )
    open_one = on.send("enrollments.create", by=by, body={"course_id": on.key("course-long")})

    assert open_one.status == 201, f"enrolling in an open course answers {open_one.summary}"
    assert before[0].status == 400, f"a course that never existed: {before[0].summary}"
    assert refused[0].status == 400, f"{course}: {refused[0].summary}"
    assert told_apart(refused, before, after) == []


@finding("SER-08", writes=True)
def enrolling_in_a_hidden_course_leaves_no_row(on: Probe) -> None:
    """An enrolment in a hidden course leaves no row, one in an open course leaves one."""
    learner = on.key("premium")
    rows = on.rows("courses.Enrollment").filter(user=learner)

    for course in ("course-draft", "course-long"):
        on.send("enrollments.create", by="premium", body={"course_id": on.key(course)})

    assert not rows.filter(course=on.key("course-draft")).exists(), "course-draft has a new row"
    assert rows.filter(course=on.key("course-long")).count() == 1


def _is_taken(on: Probe, key: Any, user: str) -> bool:
    """Whether a course is not refused as one that never existed is; without a user there is no request either."""
    return _said_of(on, key, user) != _said_of(on, NEVER_EXISTED["pk"], user)


def _said_of(on: Probe, key: Any, user: str) -> list[str]:
    """What is wrong with a course of this key, in the words of its field."""
    context = {"request": request_of(on.row(user))} if user else {}
    serializer = on.name(f"{SERIALIZERS}.EnrollmentSerializer")(data={"course_id": key}, context=context)
    serializer.is_valid()
    return [str(said).replace(str(key), "<key>") for said in serializer.errors.get("course_id", [])]


@finding(
    "SER-08",
    cases={
        "nobody": {"user": "", "hidden": ["course-draft", "course-peer-draft"], "shown": ["course-open"]},
        "learner": {
            "user": "registered",
            "hidden": ["course-draft", "course-peer-draft"],
            "shown": ["course-open"],
        },
        "instructor": {
            "user": "owner",
            "hidden": ["course-peer-draft"],
            "shown": ["course-open", "course-peer", "course-draft"],
        },
        "staff": {
            "user": "staff",
            "hidden": [],
            "shown": ["course-open", "course-peer", "course-draft", "course-peer-draft"],
        },
    },
)
def the_field_takes_courses_by_role(on: Probe, user: str, hidden: list[str], shown: list[str]) -> None:
    """The courses one can be enrolled in are those one may see: published ones, those one teaches; for staff all."""
    assert _said_of(on, NEVER_EXISTED["pk"], user), "a course that never existed is taken"
    assert [name for name in shown if not _is_taken(on, on.key(name), user)] == []
    assert [name for name in hidden if _is_taken(on, on.key(name), user)] == []


@finding("SER-08", needs="http")
def options_list_no_hidden_course(on: Probe) -> None:
    """What OPTIONS tells of enrolments names no hidden course."""
    answer = on.ask("OPTIONS", "/api/enrollments/", by="registered")

    assert answer.status < 500
    for name in ("course-draft", "course-peer-draft"):
        assert on.named(name, "slug") not in answer.text
        assert str(on.key(name)) not in answer.text


@finding("SER-08", needs="http")
def the_enrolment_of_a_certificate_names_its_course(on: Probe) -> None:
    """The enrolment inside a certificate is shown with its course, and takes no other one."""
    answer = on.send("certificates.retrieve", "certificate-registered", by="registered")

    assert answer.status == 200
    enrollment = answer.json["enrollment"]
    shown = enrollment if isinstance(enrollment, dict) else {}
    assert shown.get("course"), "the enrolment of a certificate names no course"
    assert "course_id" not in shown
