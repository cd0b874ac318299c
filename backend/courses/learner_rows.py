"""Which rows of learners a viewer may read: enrolments, progress, certificates, notes, reviews (policy 6).

The counterpart of `courses.visibility` for what belongs to people. Who may write them is for the views.
"""

from typing import Any

from django.db.models import F, Q, QuerySet

from .choices import EnrollmentStatus
from .models import Certificate, Enrollment, Lesson, Note, Progress, Review
from .viewer import Viewer
from .visibility import EVERYTHING, count_of, course_rule, lesson_open_rule, visible_lessons

NOTHING = Q(pk__in=())


# --- the rules ----------------------------------------------------------------------------------------------


def enrollment_rule(viewer: Viewer) -> Q:
    """Own enrolments; those of courses whose students the viewer manages."""
    return _own_or_taught(viewer, "user", "course", "can_manage_students")


def progress_rule(viewer: Viewer) -> Q:
    """Own progress; that in courses whose analytics the viewer may see."""
    return _own_or_taught(viewer, "enrollment__user", "enrollment__course", "can_view_analytics")


def certificate_rule(viewer: Viewer) -> Q:
    """Own certificates; those of courses whose students the viewer manages (policy 9)."""
    return _own_or_taught(viewer, "enrollment__user", "enrollment__course", "can_manage_students")


def note_rule(viewer: Viewer) -> Q:
    """Own notes; what others do not keep private, where the viewer manages the students."""
    if viewer.is_staff:
        return EVERYTHING
    managed = Q(is_private=False, lesson__module__course__in=viewer.courses_with("can_manage_students"))
    return _own(viewer, "user") | managed


def review_rule(viewer: Viewer) -> Q:
    """Approved reviews of courses the viewer may see; own ones always."""
    if viewer.is_staff:
        return EVERYTHING
    return _own(viewer, "user") | (Q(is_approved=True) & course_rule(viewer, "course__"))


def _own_or_taught(viewer: Viewer, user: str, course: str, right: str) -> Q:
    if viewer.is_staff:
        return EVERYTHING
    return _own(viewer, user) | Q(**{f"{course}__in": viewer.courses_with(right)})


def _own(viewer: Viewer, user: str) -> Q:
    # Without a user there is nothing of one's own; `user=None` would be a question of its own.
    return Q(**{user: viewer.user.pk}) if viewer.user is not None else NOTHING


# --- the rows, newest first ----------------------------------------------------------------------------------


def readable_enrollments(viewer: Viewer) -> QuerySet[Enrollment]:
    return _newest_first(Enrollment.objects.filter(enrollment_rule(viewer)))


def readable_progress(viewer: Viewer) -> QuerySet[Progress]:
    return _newest_first(Progress.objects.filter(progress_rule(viewer)))


def readable_certificates(viewer: Viewer) -> QuerySet[Certificate]:
    return _newest_first(Certificate.objects.filter(certificate_rule(viewer)))


def readable_notes(viewer: Viewer) -> QuerySet[Note]:
    return _newest_first(Note.objects.filter(note_rule(viewer)))


def readable_reviews(viewer: Viewer) -> QuerySet[Review]:
    return _newest_first(Review.objects.filter(review_rule(viewer)))


def learnable_lessons(viewer: Viewer) -> QuerySet[Lesson]:
    """Lessons in which the viewer may make progress: open ones of courses the viewer is in (policy 8)."""
    return visible_lessons(viewer).filter(module__course__in=viewer.enrolled_courses)


def writable_progress(viewer: Viewer) -> QuerySet[Progress]:
    """Own progress in such lessons."""
    is_current = Q(enrollment__status__in=EnrollmentStatus.active_statuses())
    return Progress.objects.filter(
        _own(viewer, "enrollment__user"), is_current, lesson_open_rule(viewer, "lesson__")
    )


def with_lesson_totals(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Adds `total_lessons` and `completed_lessons` over the published modules (policy 8, MOD-02)."""
    completed = Progress.objects.filter(
        is_completed=True,
        lesson__module__is_published=True,
        lesson__module__course=F("enrollment__course"),
    )
    lessons = Lesson.objects.filter(module__is_published=True)
    return enrollments.annotate(
        completed_lessons=count_of(completed, "enrollment"),
        total_lessons=count_of(lessons, "module__course", "course"),
    )


def _newest_first(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("-created_date", "-pk")
