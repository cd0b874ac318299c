"""The closed sets of values that models store (CONST-01, CONST-02).

A member *is* the stored string, so `status == EnrollmentStatus.ACTIVE` and
`filter(status=EnrollmentStatus.ACTIVE)` hold. `courses.constants` and `courses.models.choices` give out the
same objects.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices

if TYPE_CHECKING:
    # The stubs give TextChoices a metaclass of its own; at run time there is only the general one.
    from django.db.models.enums import _TextChoicesType as ChoicesType
else:
    from django.db.models.enums import ChoicesType


class CallableList(list[Any]):
    """A list that may also be called, as the former `X.choices()` and `X.values()` were."""

    def __call__(self) -> list[Any]:
        return list(self)


class CallableChoicesType(ChoicesType):
    """Gives `choices` and `values` both spellings: attribute (Django's) and call (the former one)."""

    @property
    def choices(self) -> CallableList:
        return CallableList(super().choices)

    @property
    def values(self) -> CallableList:
        return CallableList(super().values)


class CodedTextChoices(TextChoices, metaclass=CallableChoicesType):
    """TextChoices whose members keep the former `.code`."""

    @property
    def code(self) -> str:
        """The stored value."""
        return str(self.value)


class CourseLevel(CodedTextChoices):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    ALL_LEVELS = "all_levels"


class CreationMethod(CodedTextChoices):
    BUILDER = "builder"
    WIZARD = "wizard"
    AI = "ai", "AI"
    IMPORT = "import"
    MANUAL = "manual"
    TEMPLATE = "template"


class CompletionStatus(CodedTextChoices):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PARTIALLY_COMPLETE = "partially_complete"
    COMPLETE = "complete"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"


class LessonType(CodedTextChoices):
    VIDEO = "video"
    READING = "reading"
    INTERACTIVE = "interactive"
    QUIZ = "quiz"
    LAB_EXERCISE = "lab_exercise"
    ASSIGNMENT = "assignment"
    DISCUSSION = "discussion"
    LIVE_SESSION = "live_session"
    DOWNLOAD = "download"


class AccessLevel(CodedTextChoices):
    """The level a lesson asks for; nobody *has* level enterprise, premium opens it (policy 1)."""

    GUEST = "guest"
    REGISTERED = "registered"
    PREMIUM = "premium"
    ENTERPRISE = "enterprise"

    @classmethod
    def hierarchy(cls) -> dict[str, int]:
        """Rank of each level: a user's rank must reach the rank of what is asked."""
        return {cls.GUEST.value: 0, cls.REGISTERED.value: 1, cls.PREMIUM.value: 2, cls.ENTERPRISE.value: 2}

    @classmethod
    def can_access(cls, user_level: str, required_level: str) -> bool:
        """Whether a user of `user_level` reaches `required_level`.

        An unknown requirement is never reached.
        """
        ranks = cls.hierarchy()
        return required_level in ranks and ranks.get(user_level, 0) >= ranks[required_level]

    @classmethod
    def reached_by(cls, user_level: str) -> Collection[str]:
        """The levels a user of `user_level` may open: what a queryset filters by (ARCH-01)."""
        return [level for level in cls.hierarchy() if cls.can_access(user_level, level)]


class ResourceType(CodedTextChoices):
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    LINK = "link"
    CODE_SAMPLE = "code_sample"
    TOOL_SOFTWARE = "tool_software", "Tool/Software"
    DATASET = "dataset"
    TEMPLATE = "template"
    ARCHIVE = "archive"


class QuestionType(CodedTextChoices):
    MULTIPLE_CHOICE = "multiple_choice"
    TRUE_FALSE = "true_false", "True/False"
    SHORT_ANSWER = "short_answer"
    ESSAY = "essay"
    MATCHING = "matching"
    FILL_BLANK = "fill_blank", "Fill in the Blank"


class EnrollmentStatus(CodedTextChoices):
    ACTIVE = "active"
    COMPLETED = "completed"
    DROPPED = "dropped"
    SUSPENDED = "suspended"
    UNENROLLED = "unenrolled"
    EXPIRED = "expired"
    PENDING = "pending"

    @classmethod
    def active_statuses(cls) -> list[str]:
        """Statuses of learners who are in the course, finished or not."""
        return [cls.ACTIVE.value, cls.COMPLETED.value]
