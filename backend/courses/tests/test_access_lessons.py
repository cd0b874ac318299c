"""Lessons by level: lists, single lessons, outlines, counts, what is inside a lesson (ARCH-01, ARCH-04)."""

from typing import Any

import pytest

from .world import EVERYBODY, INSIDERS, World

OPEN_TO_ALL = {"guest", "preview"}
REACHED = {
    "guest": OPEN_TO_ALL,
    "registered": OPEN_TO_ALL | {"registered"},
    "lapsed": OPEN_TO_ALL | {"registered"},
    "former": OPEN_TO_ALL | {"registered"},
    "premium": OPEN_TO_ALL | {"registered", "premium", "enterprise"},
    "peer": OPEN_TO_ALL | {"registered", "premium", "enterprise"},
    "assistant": OPEN_TO_ALL | {"registered", "premium", "enterprise", "hidden", "draft"},
    "owner": OPEN_TO_ALL | {"registered", "premium", "enterprise", "hidden", "draft", "unheard_of"},
    "staff": OPEN_TO_ALL | {"registered", "premium", "enterprise", "hidden", "draft", "unheard_of"},
}
EXISTING = {"guest", "registered", "premium", "enterprise", "unheard_of", "preview"}
READS_PREMIUM = {"premium", "peer", *INSIDERS}


def names(rows: list[dict[str, Any]]) -> set[str]:
    return {row["title"].removeprefix("Lesson ") for row in rows}


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_list_holds_exactly_the_lessons_the_caller_may_open(who: str, world: World, get: Any) -> None:
    answer = get(who, "lessons/")

    assert answer.status_code == 200, answer.content
    assert names(answer.data["results"]) == REACHED[who]
    assert answer.data["count"] == len(REACHED[who])
    assert not any(row["is_restricted"] for row in answer.data["results"])


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", ["guest", "registered", "premium", "enterprise", "unheard_of", "preview"])
def test_a_lesson_by_id_is_complete_or_a_teaser(name: str, who: str, world: World, get: Any) -> None:
    answer = get(who, f"lessons/{world.lessons[name].pk}/")

    assert answer.status_code == 200, answer.content
    opened = name in REACHED[who]
    text = answer.content.decode()
    assert answer.data["is_restricted"] is not opened
    assert (f"content-of-{name}" in text) is opened
    assert (f"transcript-of-{name}" in text) is opened
    assert (f"open-file-of-{name}" in text) is opened
    assert bool(answer.data["video_url"]) is opened
    assert f"guest-copy-of-{name}" in text
    assert (f"registered-copy-of-{name}" in text) is (who != "guest")
    assert (f"premium-file-of-{name}" in text) is (opened and who in READS_PREMIUM)
    takes_assessment = opened and (name != "preview" or who in READS_PREMIUM)
    assert (f"question-of-{name}" in text) is takes_assessment
    assert (f"answer-of-{name}" in text) is takes_assessment


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("name", ["hidden", "draft"])
def test_a_lesson_of_a_hidden_module_does_not_exist(name: str, who: str, world: World, get: Any) -> None:
    answer = get(who, f"lessons/{world.lessons[name].pk}/")
    missing = get(who, "lessons/999999/")

    if who in INSIDERS:
        assert answer.status_code == 200, answer.content
        assert answer.data["content"] == f"content-of-{name}"
    else:
        assert (answer.status_code, answer.content) == (404, missing.content)


@pytest.mark.parametrize("who", EVERYBODY)
def test_solutions_are_for_instructors_and_staff(who: str, world: World, get: Any) -> None:
    answer = get(who, f"lessons/{world.lessons['guest'].pk}/")

    question = answer.data["assessment"]["questions"][0]
    assert question["answers"][0]["text"] == "answer-of-guest"
    assert ("is_correct" in question["answers"][0]) is (who in INSIDERS)
    assert ("explanation-of-guest" in answer.content.decode()) is (who in INSIDERS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_outlines_and_counts_agree_with_the_list(who: str, world: World, get: Any) -> None:
    listed = names(get(who, f"lessons/?course={world.course.slug}").data["results"])
    course = get(who, f"courses/{world.course.slug}/").data
    module = get(who, f"modules/{world.module.pk}/").data
    row = next(r for r in get(who, "courses/").data["results"] if r["slug"] == world.course.slug)

    nested = {name for m in course["modules"] for name in names(m["lessons"])}
    assert nested == listed
    assert course["lesson_count"] == row["lesson_count"] == len(listed)
    assert course["module_count"] == row["module_count"] == len(course["modules"])
    assert names(module["lessons"]) == listed - {"hidden"}
    assert module["lessons_count"] == len(module["lessons"])
    assert module["completion_stats"]["total_lessons"] == len(module["lessons"])


def test_a_teaser_shows_the_escaped_course_title_in_the_callers_language(world: World, get: Any) -> None:
    path = f"lessons/{world.lessons['premium'].pk}/"
    english = get("guest", path).data["content"]
    german = get("guest", path, accept_language="de").data["content"]

    assert "Published &lt;b&gt;course&lt;/b&gt;" in english
    assert 'lang="en"' in english
    assert 'lang="de"' in german
    assert german.replace("de", "en") != english.replace("de", "en")
