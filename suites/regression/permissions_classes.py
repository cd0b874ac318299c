"""`courses/permissions.py`: the classes that others import let in whom they say, whether or not a view uses them."""

from __future__ import annotations

from dataclasses import dataclass

from coursegate.harness.probing.asked import request_of
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding


@dataclass(frozen=True)
class Door:
    """What a permission class is asked.

    Attributes:
        method: of the request.
        subject: the object that is asked for, by its name in the world; "" for none.
        opens, stays_shut: for whom, by the policies of the contract; who stands in neither may be treated either way.
    """

    permission: str
    method: str
    subject: str
    opens: tuple[str, ...]
    stays_shut: tuple[str, ...]


DOORS = {
    "premium-readers": Door(
        "IsPremiumUser", "GET", "", ("premium", "owner"), ("guest", "registered", "lapsed")
    ),
    "learners-of-a-course": Door("IsEnrolled", "GET", "course-open", ("registered",), ("guest",)),
    "learners-who-gave-up": Door("IsEnrolled", "GET", "course-peer", (), ("guest", "premium")),
    "reading": Door("IsEnrolledOrReadOnly", "GET", "course-peer", ("guest", "registered", "premium"), ()),
    "writing": Door("IsEnrolledOrReadOnly", "PATCH", "course-open", ("registered",), ("guest",)),
    "writing-of-who-gave-up": Door("IsEnrolledOrReadOnly", "PATCH", "course-peer", (), ("guest", "premium")),
    "those-who-teach": Door(
        "IsInstructorOrAdmin", "GET", "", ("owner", "peer", "staff"), ("guest", "registered", "premium")
    ),
    "those-who-teach-it": Door(
        "IsInstructorOrAdmin", "GET", "course-open", ("owner", "staff"), ("guest", "registered")
    ),
    "those-who-change-it": Door(
        "IsInstructorOrAdmin",
        "PATCH",
        "course-open",
        ("owner", "staff"),
        ("guest", "registered", "premium", "peer"),
    ),
    "instructors-of-a-course": Door(
        "IsCourseInstructor", "GET", "course-open", ("owner",), ("guest", "registered", "premium", "peer")
    ),
    "a-learner-and-their-instructors": Door(
        "IsInstructorOrOwner",
        "GET",
        "enrollment-registered",
        ("registered", "owner"),
        ("guest", "premium", "peer"),
    ),
    "reading-what-somebody-owns": Door(
        "IsOwnerOrReadOnly", "GET", "review-registered", ("registered", "premium"), ()
    ),
    "writing-what-one-owns": Door(
        "IsOwnerOrReadOnly", "PATCH", "review-registered", ("registered",), ("guest", "premium", "owner")
    ),
    "writing-what-one-wrote": Door(
        "IsAuthorOrReadOnly", "PATCH", "review-registered", ("registered",), ("guest", "premium", "owner")
    ),
    "editing-a-course": Door(
        "CanManageCourse",
        "PATCH",
        "course-open",
        ("owner", "staff"),
        ("guest", "registered", "premium", "peer"),
    ),
    "reports-on-learners": Door(
        "CanViewReports", "GET", "course-open", ("owner", "staff"), ("guest", "registered", "premium", "peer")
    ),
    "an-assessment": Door("CanAccessAssessment", "GET", "assessment-registered", ("registered",), ("guest",)),
    # Whether the class knows attempts at all is said nowhere.
    "an-attempt-at-it": Door("CanAccessAssessment", "GET", "attempt-registered", (), ("guest",)),
    "an-assessment-of-a-preview": Door(
        "CanAccessAssessment", "GET", "assessment-preview", ("premium",), ("guest", "registered", "lapsed")
    ),
}


@finding(
    "COMPAT-01",
    "PERM-01",
    cases={f"{door.permission}-{name}": {"door": door} for name, door in DOORS.items()},
)
def a_permission_class_opens_for_whom_it_says(on: Probe, door: Door) -> None:
    """A permission class that others may have imported lets in those whom its name and the policies speak of, only."""
    subject = on.row(door.subject) if door.subject else None
    opened = {who: _opens(on, door, who, subject) for who in (*door.opens, *door.stays_shut)}

    assert opened == {**dict.fromkeys(door.opens, True), **dict.fromkeys(door.stays_shut, False)}


def _opens(on: Probe, door: Door, who: str, subject: object) -> bool:
    """What the framework asks of a class: first of the request, then of the object."""
    from rest_framework.views import APIView

    request, view = request_of(on.account(who), method=door.method), APIView()
    view.request, view.args, view.kwargs = request, (), {}
    permission = on.name(f"courses.permissions.{door.permission}")()
    if not permission.has_permission(request, view):
        return False
    return subject is None or bool(permission.has_object_permission(request, view, subject))
