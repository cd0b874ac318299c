"""Who sees which rows: one reader per request, one condition per model."""

from django.db.models import Q

from .access import KNOWN_LEVELS, can_user_access_content, content_levels_for
from .validation import get_unified_user_access_level


def is_platform_staff(user):
    """The flag alone: a role of that name reads more, but decides nothing."""
    return bool(getattr(user, "is_authenticated", False) and (user.is_staff or user.is_superuser))


def _assignments(user):
    from instructor_portal.models import CourseInstructor

    return CourseInstructor.objects.filter(instructor_id=user.pk, is_active=True)


def taught_course_ids(user):
    """Sub-query of the courses a user teaches."""
    return _assignments(user).values("course_id")


def led_course_ids(user):
    """Sub-query of the courses a user leads."""
    return _assignments(user).filter(is_lead=True).values("course_id")


class Reader:
    """What one caller may see; computed on first use and then kept for the length of a request."""

    def __init__(self, user):
        self.user = user
        self.is_authenticated = bool(getattr(user, "is_authenticated", False))
        self.is_staff = is_platform_staff(user)
        self._level = None
        self._taught = None

    @property
    def level(self):
        if self._level is None:
            self._level = get_unified_user_access_level(self.user)
        return self._level

    @property
    def taught(self):
        """Course keys the reader teaches, each with whether he leads the course."""
        if self._taught is None:
            rows = _assignments(self.user).values_list("course_id", "is_lead") if self.is_authenticated else []
            self._taught = dict(rows)
        return self._taught

    def teaches(self, course_id):
        """Staff and the instructors of a course see and check everything in it."""
        return self.is_staff or (course_id is not None and course_id in self.taught)

    def leads(self, course_id):
        return self.is_staff or bool(self.taught.get(course_id))

    def covers_lesson(self, lesson):
        """By tier or by teaching. Nobody can say what an unknown level asks for, so only a lead decides there."""
        if can_user_access_content(self.level, lesson.access_level) or self.leads(lesson.module.course_id):
            return True
        return lesson.access_level in KNOWN_LEVELS and self.teaches(lesson.module.course_id)

    def can_read_lesson(self, lesson):
        return lesson.is_free_preview or self.covers_lesson(lesson)

    def covers_premium(self, course_id):
        return can_user_access_content(self.level, "premium") or self.teaches(course_id)

    def can_read_resource(self, resource):
        if resource.premium and not self.covers_premium(resource.lesson.module.course_id):
            return False
        return self.can_read_lesson(resource.lesson)

    def _published_or_own(self, prefix, *flags):
        if self.is_staff:
            return Q()
        condition = Q(**dict.fromkeys(flags, True))
        if self.is_authenticated:
            condition |= Q(**{f"{prefix}__in": taught_course_ids(self.user)})
        return condition

    def courses(self):
        return self._published_or_own("pk", "is_published")

    def modules(self):
        return self._published_or_own("course_id", "is_published", "course__is_published")

    def known_lessons(self):
        """Lessons that exist for this reader, whether or not the tier opens them."""
        return self._published_or_own("module__course_id", "module__is_published", "module__course__is_published")

    def _open_lessons(self, prefix="", **public):
        """Lessons that the tier opens in what is published, and those the reader teaches or leads."""

        def where(**conditions):
            return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

        condition = where(module__is_published=True, module__course__is_published=True) & (
            where(access_level__in=content_levels_for(self.level)) | where(is_free_preview=True)
        )
        condition &= Q(**public)
        if self.is_authenticated:
            understood = where(access_level__in=KNOWN_LEVELS) | where(is_free_preview=True)
            condition |= where(module__course_id__in=taught_course_ids(self.user)) & understood
            condition |= where(module__course_id__in=led_course_ids(self.user))
        return condition

    def lessons(self):
        return Q() if self.is_staff else self._open_lessons()

    def resources(self):
        if self.is_staff:
            return Q()
        public = {} if can_user_access_content(self.level, "premium") else {"premium": False}
        return self._open_lessons("lesson__", **public)

    def categories(self):
        return Q() if self.is_staff else Q(is_active=True)


def reader_of(request):
    """The reader behind a request; without one, a guest. Remembered on the request itself."""
    user = getattr(request, "user", None)
    known = getattr(request, "_course_reader", None)
    if known is not None and known.user is user:
        return known
    reader = Reader(user)
    if request is not None:
        request._course_reader = reader
    return reader


def filter_for_access_level(queryset, user, model_type=None):
    """The rows of a Course, Module, Lesson or Resource queryset that a user (or a reader) may list."""
    reader = user if isinstance(user, Reader) else Reader(user)
    name = (model_type or queryset.model._meta.model_name).lower().rstrip("s")
    return queryset.filter(getattr(reader, f"{name}s")())
