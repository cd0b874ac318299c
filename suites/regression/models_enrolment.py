"""`courses/models/enrolment.py`: progress counts what is there now; certificates carry numbers that everybody accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

TEXT = "words that are long enough for any minimum"
VALIDATOR = "courses.validators.validate_certificate_number"
GENERATOR = "courses.utils.core.generate_certificate_number"


class _Learning:
    """A learner in a course of two lessons, one of them completed."""

    def __init__(self, on: Probe) -> None:
        self.on = on
        self.module = self.a_module("The module")
        self.lessons = [self.a_lesson(order) for order in (1, 2)]
        enrolment = on.model("courses.Enrollment")(
            user=on.row("premium"), course=self.module.course, status="active"
        )
        enrolment.save()
        self.key = enrolment.pk
        self.complete(0)

    def a_module(self, title: str, *, published: bool = True) -> Any:
        course = self.on.row("course-in-inactive-category")
        module = self.on.model("courses.Module")(course=course, title=title, is_published=published)
        module.save()
        return module

    def a_lesson(self, order: int) -> Any:
        lesson = self.unsaved_lesson(order)
        lesson.save()
        return lesson

    def unsaved_lesson(self, order: int) -> Any:
        return self.on.model("courses.Lesson")(
            module=self.module, title=f"Lesson {order}", content=TEXT, order=order, access_level="registered"
        )

    def complete(self, number: int) -> None:
        """Complete a lesson as a learner does: the progress row that there may be is saved."""
        progress, _ = self.on.model("courses.Progress")._base_manager.get_or_create(
            enrollment_id=self.key, lesson=self.lessons[number]
        )
        progress.is_completed, progress.progress_percentage = True, 100
        progress.save()

    def recalculated(self) -> tuple[int, str]:
        """Percentage and status of the enrolment after the next recalculation."""
        self.enrolment.update_progress()
        found = self.enrolment
        return int(found.progress_percentage), str(found.status)

    @property
    def enrolment(self) -> Any:
        return self.on.rows("courses.Enrollment").get(pk=self.key)


def _add_by_save(of: _Learning) -> None:
    of.a_lesson(3)
    of.a_lesson(4)


def _add_in_bulk(of: _Learning) -> None:
    of.on.model("courses.Lesson")._base_manager.bulk_create([of.unsaved_lesson(3), of.unsaved_lesson(4)])


def _delete(of: _Learning) -> None:
    of.lessons[1].delete()


def _delete_in_bulk(of: _Learning) -> None:
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).delete()


def _move(of: _Learning) -> None:
    lesson = of.lessons[1]
    lesson.module = of.a_module("An unpublished one", published=False)
    lesson.save()


def _move_in_bulk(of: _Learning) -> None:
    hidden = of.a_module("An unpublished one", published=False)
    of.on.rows("courses.Lesson").filter(pk=of.lessons[1].pk).update(module=hidden)


def _move_the_done_one(of: _Learning) -> None:
    lesson = of.lessons[0]
    lesson.module = of.a_module("An unpublished one", published=False)
    lesson.save()


def _move_the_done_one_elsewhere(of: _Learning) -> None:
    lesson = of.lessons[0]
    lesson.module = of.on.row("module-open")
    lesson.order = 1000  # a place that is free there
    lesson.save()


CHANGES: dict[str, tuple[Callable[[_Learning], None], int]] = {
    "added": (_add_by_save, 25),
    "added-in-bulk": (_add_in_bulk, 25),
    "deleted": (_delete, 100),
    "deleted-in-bulk": (_delete_in_bulk, 100),
    "moved-out": (_move, 100),
    "moved-out-in-bulk": (_move_in_bulk, 100),
    "done-moved-out": (_move_the_done_one, 0),
    "done-moved-to-another-course": (_move_the_done_one_elsewhere, 0),
}


@finding("MOD-02", commits=True, cases={name: {"change": name} for name in CHANGES})
def progress_counts_the_lessons_of_now(on: Probe, change: str) -> None:
    """After lessons came, went or moved the next recalculation uses their present number, however they were written."""
    of = _Learning(on)
    apply, wanted = CHANGES[change]
    assert of.recalculated()[0] == 50, "one of two lessons is done"

    apply(of)
    found = of.recalculated()[0]

    assert found == wanted, f"{found} % instead of {wanted} %, by a former count of lessons"


@finding("MOD-02", commits=True)
def nobody_completes_a_course_by_a_former_count(on: Probe) -> None:
    """Who has done all lessons that there used to be has not completed a course that has more by now."""
    of = _Learning(on)
    assert of.recalculated() == (50, "active")
    _add_in_bulk(of)

    of.complete(1)

    assert of.enrolment.status == "active", f"{of.enrolment.status} by a former count of lessons"
    assert of.recalculated() == (50, "active")
    assert of.enrolment.completion_date is None


@finding("MOD-02", commits=True)
def completing_everything_completes_the_course(on: Probe) -> None:
    """Who does the last lesson that there is completes the course."""
    of = _Learning(on)

    of.complete(1)

    assert of.recalculated() == (100, "completed")


@finding(
    "MOD-02",
    commits=True,
    cases={
        "": {"change": "added-in-bulk"},
        **{name: {"change": name} for name in CHANGES if name.startswith("done-")},
    },
)
def the_answer_counts_the_lessons_of_now(on: Probe, change: str) -> None:
    """The learner's enrolment is answered with a percentage of the lessons that there are now."""
    of = _Learning(on)
    apply, wanted = CHANGES[change]
    before = on.send("enrollments.retrieve", str(of.key), by="premium")
    apply(of)
    of.recalculated()

    after = on.send("enrollments.retrieve", str(of.key), by="premium")

    assert before.json["progress_percentage"] == 50
    assert after.json["progress_percentage"] == wanted


# No format of certificate numbers that anybody could have had.
MALFORMED = ("not a number", "nonsense", "-", "<b>CERT-000001</b>", "🎓-2024-0001")


def _number(on: Probe, number: int = 1) -> str:
    """A number as the target issues it."""
    return str(on.name(GENERATOR)(on.key("course-open"), on.key("registered") + number))


def _refusal(on: Probe, number: Any) -> dict[str, Any]:
    """What validation of a certificate with this number has against it, by field."""
    from django.core.exceptions import ValidationError

    certificate = on.model("courses.Certificate")(
        enrollment=on.row("enrollment-registered"), certificate_number=number
    )
    try:
        certificate.full_clean()
    except ValidationError as refused:
        return dict(refused.message_dict)
    return {}


@finding("MOD-03", cases={f"malformed-{number}": {"value": value} for number, value in enumerate(MALFORMED)})
def a_malformed_number_is_invalid(on: Probe, value: str) -> None:
    """A certificate with a malformed number is refused under that field; one with a number of the target's own is not."""
    assert "certificate_number" in _refusal(on, value), f"{value!r} is accepted"
    assert _refusal(on, _number(on)) == {}


@finding("MOD-03", cases={"none": {"value": None}, "number": {"value": 7}, "bytes": {"value": b"CERT-1"}})
def what_is_no_text_is_no_crash(on: Probe, value: Any) -> None:
    """Whatever the validator of numbers is given, it refuses it as invalid or lets it be: it never breaks."""
    _validate(on, value)


@finding("MOD-03")
def the_validator_takes_a_value_not_a_certificate(on: Probe) -> None:
    """Given a whole certificate the validator does not break, and a text that is no number it refuses."""
    _validate(on, on.row("certificate-registered"))

    assert _validate(on, _number(on)), "a number of the target's own is refused"
    assert not _validate(on, MALFORMED[0]), f"{MALFORMED[0]!r} is accepted"


def _validate(on: Probe, value: Any) -> bool:
    """Whether the validator lets a value be: one that raises, or one that says so."""
    from django.core.exceptions import ValidationError

    try:
        return on.name(VALIDATOR)(value) is not False
    except ValidationError:
        return False


@finding("MOD-06")
def issued_numbers_pass_every_validation(on: Probe) -> None:
    """A hundred issued numbers differ, and each passes the model's validation and every path of the validator."""
    numbers = [_number(on, number) for number in range(100)]
    validate = on.name("courses.views.mixins.validate_certificate_number")

    assert len(set(numbers)) == len(numbers)
    assert [number for number in numbers if not _validate(on, number)] == []
    assert [number for number in numbers if _refusal(on, number)] == []
    assert [number for number in numbers if validate(number) is False] == []


@finding("MOD-06", writes=True)
def issued_numbers_verify(on: Probe) -> None:
    """The public verification knows each of a hundred issued numbers, and none that was not issued."""
    key = on.key("certificate-registered")
    numbers = [_number(on, number) for number in range(100)]
    for number in numbers:
        on.rows("courses.Certificate").filter(pk=key).update(certificate_number=number)
        answer = on.send("certificates.verify", number, by=GUEST)
        assert answer.status == 200, f"{number} answers {answer.summary}"
        assert answer.json["is_valid"] is True
        assert answer.json["certificate_number"] == number

    never_issued = on.send("certificates.verify", _number(on, 100), by=GUEST)

    assert (never_issued.json or {}).get("is_valid") is not True


@finding("MOD-06", needs="http")
def the_numbers_on_the_wall_verify(on: Probe) -> None:
    """The number that the backend itself gave a certificate verifies."""
    number = on.named("certificate-registered", "certificate_number")

    answer = on.send("certificates.verify", number, by=GUEST)

    assert answer.status == 200, f"{number} answers {answer.summary}"
    assert answer.json["is_valid"] is True


# What was issued verifies, in whatever format that was; these differ in what formats differ in.
HISTORICAL = {
    "without-random-part": "CERT-000123-000456-20240131120000",
    "short-ids": "CERT-12-34-20240131120000-AB12CD34",
    "year-and-serial": "CERT-2024-AB12CD34",
}


@finding("MOD-06", writes=True, cases={name: {"number": number} for name, number in HISTORICAL.items()})
def numbers_of_former_formats_verify(on: Probe, number: str) -> None:
    """A number that was issued in a former format verifies, and its certificate can be saved again."""
    key = on.key("certificate-registered")
    on.rows("courses.Certificate").filter(pk=key).update(certificate_number=number)

    answer = on.send("certificates.verify", number, by=GUEST)

    assert answer.status == 200, f"{number} answers {answer.summary}"
    assert answer.json["is_valid"] is True
