"""The life of a learner in one course: in and out, to the end and its certificate, whatever becomes of level and course."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis.stateful import invariant, precondition, rule

from coursegate.contracts.world_values import FromNow
from coursegate.harness.judging.written import SUCCESS
from coursegate.harness.verdicts import Kind
from coursegate.suites.lifecycle.machine import Life

WHO, TEACHER, COURSE, LESSON = "premium", "peer", "course-peer", "lesson-of-peer"
SUBSCRIPTION = "premium-subscription"
IN_COURSE = frozenset({"active", "completed"})
REFUSED = frozenset({400, 403, 404, 409})


class Learning(Life):
    """The course has one lesson. `certificates` are those that were seen: number -> whether it must be valid now."""

    operation = "courses.enroll"
    changing: ClassVar[tuple[str, ...]] = (WHO,)

    def prepare(self) -> None:
        self.enrolled = self.completed = False
        self.published = True
        # Whether a course gives certificates is its own to say; this one does.
        model = self.bound.world.contract.objects[COURSE].model
        self.bound.target.change(model, self.key(COURSE), {"has_certificate": True})
        self.certificates: dict[str, bool] = {
            row["certificate_number"]: bool(row["is_valid"]) for row in self._certificates()
        }
        self.learners = self._learners()

    @rule()
    def enrol(self) -> None:
        self.step("enrol")
        answer = self.send("courses.enroll", self.slug(COURSE), by=WHO, body={})
        may = self.published and not self.enrolled
        if may:
            self.expect(answer.status in SUCCESS, f"who is not in the course cannot enrol: {answer.status}")
            self.enrolled, self.completed = True, False
        elif self.published:
            allowed = REFUSED | {200}
            self.expect(answer.status in allowed, f"who is in the course enrols once more: {answer.status}")
        else:
            self.expect(
                answer.status == 404, f"a withdrawn course takes learners: {answer.status}", Kind.LEAK
            )

    @rule()
    def learn(self) -> None:
        self.step("learn")
        self._progress({"progress_percentage": 40, "time_spent": 60})

    @rule()
    def complete(self) -> None:
        self.step("complete")
        done = self._progress({"progress_percentage": 100, "is_completed": True})
        self.completed = self.completed or done
        if done:
            self._find_certificate()

    @precondition(lambda self: self.enrolled)
    @rule()
    def unenrol(self) -> None:
        self.step("unenrol")
        rows = self._enrolments()
        answer = self.send("enrollments.unenroll", rows[0]["id"], by=WHO, body={})
        self.expect(answer.status in SUCCESS, f"a learner cannot leave: {answer.status}")
        self.enrolled = self.completed = False
        # What was issued for the enrolment that ended is worth nothing from then on, for ever (policy 9).
        self.certificates = dict.fromkeys(self.certificates, False)

    @rule()
    def lapse(self) -> None:
        self.step("lapse")
        self._subscription(end_date=FromNow(timedelta(seconds=-1)))

    @rule()
    def renew(self) -> None:
        self.step("renew")
        self._subscription(end_date=FromNow(timedelta(seconds=3600)))

    @rule()
    def withdraw(self) -> None:
        self._publication("courses.unpublish", False)

    @rule()
    def publish(self) -> None:
        self._publication("courses.publish", True)

    def _publication(self, operation: str, published: bool) -> None:
        self.step("publish" if published else "withdraw")
        answer = self.send(operation, self.slug(COURSE), by=TEACHER, body={})
        wanted = SUCCESS if published != self.published else SUCCESS | {409}
        self.expect(answer.status in wanted, f"{operation} is answered {answer.status}")
        self.published = published

    def _progress(self, values: dict[str, Any]) -> bool:
        """Write progress. Returns whether it was taken: it is, of whoever is in a course that can be seen."""
        body = {"lesson_id": self.key(LESSON), **values}
        answer = self.send("progress.create", by=WHO, body=body)
        may = self.enrolled and self.published
        if may:
            self.expect(answer.status in SUCCESS, f"a learner cannot write progress: {answer.status}")
        else:
            told = "who is not in the course" if not self.enrolled else "in a withdrawn course"
            self.expect(answer.status in REFUSED, f"progress is written by {told}: {answer.status}")
        return may

    def _find_certificate(self) -> None:
        fresh = [row for row in self._certificates() if row["certificate_number"] not in self.certificates]
        held = any(self.certificates.values())
        self.expect(
            len(fresh) == (0 if held else 1), f"who completes a course holds {len(fresh) + held} certificates"
        )
        self.certificates |= {row["certificate_number"]: True for row in fresh}

    @invariant()
    def enrolment_is_listed(self) -> None:
        rows = self._enrolments()
        self.expect(
            len(rows) == int(self.enrolled),
            f"{len(rows)} enrolments are listed, {int(self.enrolled)} expected",
        )
        if rows:
            wanted = "completed" if self.completed else "active"
            self.expect(
                rows[0]["status"] == wanted, f"the enrolment is {rows[0]['status']} instead of {wanted}"
            )
            share = rows[0].get("progress_percentage")
            number = _number(share)
            fits = number is not None and (number == 100) == self.completed and 0 <= number <= 100
            self.expect(
                share is None or fits,
                f"progress is {share} %, although the only lesson is {'' if self.completed else 'not '}done",
            )

    @invariant()
    def certificates_are_what_they_were(self) -> None:
        """Certificates survive lapse and withdrawal; what was revoked is never revived (policy 9)."""
        for number, valid in self.certificates.items():
            answer = self.send("certificates.verify", number)
            said = answer.json.get("is_valid") if isinstance(answer.json, dict) else None
            self.expect(said is valid, f"a certificate is_valid {said} instead of {valid}")

    @invariant()
    def learners_are_counted(self) -> None:
        if self.published:
            count, wanted = self._learners(), self.learners + int(self.enrolled)
            self.expect(count == wanted, f"the course counts {count} learners instead of {wanted}")

    def _learners(self) -> int:
        answer = self.send("courses.retrieve", self.slug(COURSE))
        body = answer.json if isinstance(answer.json, dict) else {}
        count = _number(body.get("enrolled_students_count", 0))
        self.expect(count is not None, "the course does not count its learners", Kind.FORM)
        return int(count or 0)

    def _enrolments(self) -> list[dict[str, Any]]:
        """The learner's enrolments in the course that were not given up."""
        return [
            row
            for row in self.rows("enrollments.list", WHO, ("status", "course"))
            if row["status"] in IN_COURSE and _course_of(row) in {self.key(COURSE), self.slug(COURSE)}
        ]

    def _certificates(self) -> list[dict[str, Any]]:
        return self.rows("certificates.list", WHO, ("certificate_number", "is_valid"))

    def _subscription(self, **values: Any) -> None:
        model = self.bound.world.contract.objects[SUBSCRIPTION].model
        self.bound.target.change(model, self.key(SUBSCRIPTION), values)


def _number(value: Any) -> float | None:
    """A number, however it is written; None for anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _course_of(row: dict[str, Any]) -> Any:
    course = row["course"]
    return course.get("id", course.get("slug")) if isinstance(course, dict) else course
