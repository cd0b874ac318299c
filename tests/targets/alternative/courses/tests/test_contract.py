"""The parts of the contract that are easily broken by a change elsewhere."""

from courses.models import Answer, Assessment, Certificate, Enrollment, Lesson, Question
from courses.serializers import QuestionSerializer


def test_both_names_of_the_answers(course, django_assert_num_queries):
    question = Question.objects.create(
        assessment=Assessment.objects.create(lesson=Lesson.objects.first(), title="Quiz")
    )
    question.answers.create(answer_text="one")
    question.answers_question.create(answer_text="two")
    assert list(Answer.objects.values_list("order", flat=True)) == [1, 2]
    for name in ("answers", "answers_question"):
        with django_assert_num_queries(2):
            loaded = Question.objects.prefetch_related(name).get()
            assert len(loaded.answers.all()) == len(loaded.answers_question.all()) == 2
    assert [answer["text"] for answer in QuestionSerializer(question).data["answers"]] == ["one", "two"]


def test_leaving_a_course_revokes_its_certificate(people, client_of, course):
    client = client_of("premium")
    key = client.post("/api/enrollments/", {"course_id": course.pk}, format="json").json()["id"]
    for lesson in Lesson.objects.all():
        client.post("/api/progress/", {"lesson_id": lesson.pk, "is_completed": True}, format="json")
    assert Enrollment.objects.get(pk=key).status == "completed"
    address = f"/api/certificates/verify/{Certificate.objects.get().certificate_number}/"
    assert client_of("guest").get(address).json()["is_valid"] is True
    client.post(f"/api/enrollments/{key}/unenroll/")
    assert client_of("guest").get(address).json()["is_valid"] is False


def test_a_new_lesson_counts_at_once(people, client_of, course):
    client = client_of("registered")
    client.post("/api/enrollments/", {"course_id": course.pk}, format="json")
    lesson = Lesson.objects.get(access_level="guest")
    client.post("/api/progress/", {"lesson_id": lesson.pk, "is_completed": True}, format="json")
    assert Enrollment.objects.get().progress_percentage == 33
    Lesson.objects.bulk_create([Lesson(module=lesson.module, title="Late", order=9)])
    client.post("/api/progress/", {"lesson_id": lesson.pk, "time_spent": 5}, format="json")
    assert Enrollment.objects.get().progress_percentage == 25
