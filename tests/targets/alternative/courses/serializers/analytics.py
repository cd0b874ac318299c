"""Assessments, reviews and notes."""

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.fields import empty

from ..models import Answer, Assessment, AssessmentAttempt, AttemptAnswer, Note, Question, Review
from ..permissions import bulk_check_enrollments
from .fields import CourseKeyField, CourseReferenceField, ReadableLessonField
from .mixins import ContextPropagationMixin, EnhancedValidationMixin, OptimizedQueryMixin


def _may_see_solutions(reader, obj):
    """Solutions are for the instructors of the course and for staff; the chain is not walked for anybody else."""
    if reader.is_staff:
        return True
    if not reader.taught:
        return False
    question = obj if isinstance(obj, Question) else obj.question
    return reader.teaches(question.assessment.lesson.module.course_id)


class AnswerSerializer(ContextPropagationMixin, serializers.ModelSerializer):
    text = serializers.CharField(source="text_property", read_only=True)

    class Meta:
        model = Answer
        fields = ["id", "text", "answer_text", "is_correct", "explanation", "order"]

    def _process_representation_safely(self, data, instance):
        if _may_see_solutions(self.reader, instance):
            return data
        return {key: value for key, value in data.items() if key not in {"is_correct", "explanation"}}


class QuestionSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    answers = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ["id", "question_text", "text", "question_type", "points", "order", "answers"]

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        return queryset.select_related("assessment__lesson__module").prefetch_related("answers_question")

    def get_answers(self, obj) -> list[dict]:
        rows = sorted(obj.answers_question.all(), key=lambda answer: (answer.order, answer.pk))
        return AnswerSerializer(rows, many=True, context=self.context).data


class QuestionDetailSerializer(QuestionSerializer):
    """With the explanations, for those who may see solutions."""

    class Meta(QuestionSerializer.Meta):
        fields = [*QuestionSerializer.Meta.fields, "explanation", "feedback", "created_date", "updated_date"]

    def _process_representation_safely(self, data, instance):
        if _may_see_solutions(self.reader, instance):
            return data
        return {key: value for key, value in data.items() if key not in {"explanation", "feedback"}}


class AssessmentSerializer(ContextPropagationMixin, OptimizedQueryMixin, serializers.ModelSerializer):
    questions = QuestionSerializer(many=True, read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "lesson",
            "title",
            "description",
            "passing_score",
            "max_attempts",
            "time_limit",
            "time_limit_minutes",
            "randomize_questions",
            "show_correct_answers",
            "show_results",
            "questions",
        ]

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        questions = Question.objects.prefetch_related("answers_question").order_by("order")
        return queryset.select_related("lesson__module").prefetch_related(Prefetch("questions", questions))


class AttemptAnswerSerializer(ContextPropagationMixin, serializers.ModelSerializer):
    class Meta:
        model = AttemptAnswer
        fields = ["id", "question", "selected_answer", "text_answer", "is_correct", "points_earned", "answered_at"]
        read_only_fields = ["is_correct", "points_earned", "answered_at"]

    def _process_representation_safely(self, data, instance):
        """Whether a given answer was right tells the solution as well as the answer itself does."""
        if _may_see_solutions(self.reader, instance):
            return data
        return {key: value for key, value in data.items() if key not in {"is_correct", "points_earned"}}


class AssessmentAttemptSerializer(ContextPropagationMixin, serializers.ModelSerializer):
    answers = AttemptAnswerSerializer(source="answers_attempt", many=True, read_only=True)
    score_percentage = serializers.FloatField(read_only=True)

    class Meta:
        model = AssessmentAttempt
        fields = [
            "id",
            "assessment",
            "start_time",
            "end_time",
            "time_taken_seconds",
            "score",
            "max_score",
            "score_percentage",
            "is_completed",
            "is_passed",
            "passed",
            "attempt_number",
            "answers",
        ]
        read_only_fields = fields


class ReviewSerializer(ContextPropagationMixin, EnhancedValidationMixin, serializers.ModelSerializer):
    """The course is named by `course` (slug or key) or `course_id`; it is fixed once the review exists."""

    html_fields = ("content",)
    moderator_fields = ("is_approved", "moderation_notes")

    user = serializers.SerializerMethodField()
    course = CourseReferenceField(write_only=True, required=False)
    course_id = CourseKeyField(write_only=True, required=False)
    helpful_votes = serializers.IntegerField(source="helpful_count", read_only=True)

    class Meta:
        model = Review
        fields = [
            "id",
            "user",
            "course",
            "course_id",
            "rating",
            "title",
            "content",
            "helpful_count",
            "helpful_votes",
            "is_verified_purchase",
            "is_approved",
            "moderation_notes",
            "created_date",
            "updated_date",
        ]
        read_only_fields = ["helpful_count", "is_verified_purchase"]

    def get_user(self, obj) -> dict:
        return {"id": obj.user_id, "full_name": obj.user.get_full_name()}

    def validate(self, attrs):
        reader = self.reader
        if not reader.is_staff:
            attrs = {name: value for name, value in attrs.items() if name not in self.moderator_fields}
        elif self.instance is not None and self.instance.user_id != reader.user.pk:
            attrs = {name: value for name, value in attrs.items() if name in self.moderator_fields}
        by_key = attrs.pop("course_id", None)
        course = attrs.get("course") or by_key
        if self.instance is not None:
            attrs.pop("course", None)
            return attrs
        if course is None:
            raise serializers.ValidationError({"course_id": ["This field is required."]})
        if Review.objects.filter(user=reader.user, course=course).exists():
            raise serializers.ValidationError({"detail": "You have already reviewed this course."})
        if not bulk_check_enrollments(reader.user, [course.pk]):
            raise serializers.ValidationError({"course_id": ["Only who takes part in a course reviews it."]})
        return {**attrs, "course": course, "is_verified_purchase": True}

    def _process_representation_safely(self, data, instance):
        if self.reader.is_staff:
            return data
        return {key: value for key, value in data.items() if key not in self.moderator_fields}


class PrivacyField(serializers.BooleanField):
    """A form that does not mention it says nothing, where an unticked box would otherwise mean False."""

    default_empty_html = empty


class NoteSerializer(ContextPropagationMixin, EnhancedValidationMixin, serializers.ModelSerializer):
    html_fields = ("content",)

    lesson = serializers.SerializerMethodField()
    lesson_id = ReadableLessonField(source="lesson", write_only=True)
    is_private = PrivacyField(required=False)

    class Meta:
        model = Note
        fields = ["id", "lesson", "lesson_id", "content", "is_private", "tags", "created_date", "updated_date"]

    def get_lesson(self, obj) -> dict:
        # Imported here: the serializers of lessons in turn nest the assessments above.
        from .outline import OwnRecordLessonSerializer

        return OwnRecordLessonSerializer(obj.lesson, context=self.context).data
