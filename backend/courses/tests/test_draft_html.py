"""HTML that teachers write: harmless wherever it is stored (VIEW-01, SEC-01); previews and versions of courses."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from courses.models import Course
from courses.views import draft_content

from .world import EVERYBODY, World

ClientOf = Callable[[str], APIClient]
HARMFUL = ("<script", "onclick", "onerror", "javascript:", "\x00", "<iframe")
MALFORMED = (
    '<p onclick="steal()">Words that stay<b>open<script>steal()</script>',
    "Words that stay <scr<script>ipt>steal()</scr</script>ipt>",
    'Words that stay <a href="java\tscript:steal()">link</a><a href=javascript:steal()>link',
    "Words that stay <img src=x onerror=steal()><iframe src=//evil.example>",
    "Words that stay <p\x00 onclick\x00=steal()>\x00",
    "Words that stay <<<and>>> <p <p <p class='",
)
LESSON_HTML = ("content", "guest_content", "registered_content", "transcript")
IMMACULATE = (
    '<h1>Title</h1><h6>Small</h6><p>Text <strong>with</strong> <em>form</em> &amp; <a href="https://example.org">'
    'link</a></p><div><span class="x">s</span></div><ul><li>one</li></ul><img alt="a" src="https://example.org/i.png">'
)


def test_the_sanitiser_is_one(world: World) -> None:
    """SAFE_TAGS holds bleach's own tags and those of formatted texts, and the sanitiser knows no other."""
    import bleach

    safe = set(draft_content.SAFE_TAGS)
    assert set(bleach.sanitizer.ALLOWED_TAGS) <= safe
    assert {"h1", "h6", "p", "img", "div", "span"} <= safe
    assert not {"script", "iframe", "style", "form"} & safe
    assert draft_content.sanitize_html_content(IMMACULATE) == IMMACULATE


@pytest.mark.parametrize("text", MALFORMED)
def test_whatever_is_written_is_harmless(text: str, world: World, client_of: ClientOf) -> None:
    """Creating, replacing, editing and bulk editing store balanced HTML without anything that runs."""
    client = client_of("owner")
    lesson = {"title": "A lesson", "module_id": world.module.pk, **dict.fromkeys(LESSON_HTML, text)}
    path = f"/api/instructor/draft-content/{world.lessons['guest'].pk}/"
    written = [
        client.post("/api/instructor/draft-lessons/", lesson),
        client.put(path, lesson),
        client.patch(path, dict.fromkeys(LESSON_HTML, text)),
    ]
    item = {"id": world.lessons["guest"].pk, **dict.fromkeys(LESSON_HTML, text)}
    bulk = client.post("/api/instructor/draft-content/bulk-update/", {"items": [item]})
    described = [
        client.post(
            "/api/instructor/draft-modules/",
            {"course_id": world.course.pk, "title": "A module", "description": text},
        ),
        client.post(
            f"/api/instructor/lessons/{world.lessons['guest'].pk}/resources/",
            {"title": "A link", "type": "link", "url": "https://example.org", "description": text},
        ),
    ]

    assert bulk.status_code == 200, bulk.content
    stored = [answer.data[name] for answer in written for name in LESSON_HTML]
    stored += [client.get(path).data[name] for name in LESSON_HTML]
    stored += [answer.data["description"] for answer in described]
    for html in stored:
        assert "Words that stay" in html
        assert not any(word in html.lower().split("steal")[0] or f"<{word}" in html for word in HARMFUL)
        assert html == draft_content.sanitize_html_content(html)


@pytest.mark.parametrize("field", ["content", "title", "description"])
def test_text_that_no_database_holds_is_refused(field: str, world: World, client_of: ClientOf) -> None:
    """Half a surrogate pair is 400, never a crash; what is no text is 400 too."""
    client = client_of("owner")
    path, what = ("draft-content", "guest") if field != "description" else ("draft-modules", "")
    key = world.lessons[what].pk if what else world.hidden_module.pk
    for value in ('"Words \\ud800 and more words"', '{"a": 1}', "[1]"):
        answer = client.patch(
            f"/api/instructor/{path}/{key}/", f'{{"{field}": {value}}}', content_type="application/json"
        )
        assert (answer.status_code, list(answer.data)) == (400, [field]), value


@pytest.mark.parametrize("page", ["preview", "version-control"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_previews_and_versions_are_for_the_team(
    who: str, page: str, world: World, client_of: ClientOf
) -> None:
    """Preview and version control are for the team and staff; others see 403, of a draft 404."""
    published = client_of(who).get(f"/api/instructor/courses/{world.course.slug}/{page}/")
    draft = client_of(who).get(f"/api/instructor/courses/{world.draft.slug}/{page}/")

    team = who in ("owner", "assistant", "staff")
    assert published.status_code == (200 if team else 401 if who == "guest" else 403)
    assert draft.status_code == (200 if team else 401 if who == "guest" else 404)


@pytest.mark.parametrize(
    ("level", "names"),
    [
        ("guest", {"guest", "preview"}),
        ("registered", {"guest", "preview", "registered"}),
        ("premium", {"guest", "preview", "registered", "premium", "enterprise"}),
        (None, {"guest", "preview", "registered", "premium", "enterprise"}),
    ],
)
def test_a_preview_shows_what_learners_of_the_level_see(
    level: str | None, names: set[str], world: World, client_of: ClientOf
) -> None:
    """A preview holds the published modules and the lessons that the level opens, nothing personal."""
    query = f"?as={level}" if level else ""
    body: Any = client_of("owner").get(f"/api/instructor/courses/{world.course.slug}/preview/{query}").data

    shown = {lesson["title"] for module in body["modules"] for lesson in module["lessons"]}
    assert shown == {f"Lesson {name}" for name in names}
    assert (body["user_progress"], body["enrollment_info"], body["is_enrolled"]) == (None, None, False)
    if level == "guest":
        assert "registered-copy" not in str(body["modules"])
    assert "is_correct" not in str(body["modules"])


def test_a_preview_of_a_draft_shows_it_as_if_it_were_published(world: World, client_of: ClientOf) -> None:
    """The preview of a draft shows its published modules, and opens no other draft."""
    url = f"/api/instructor/courses/{world.draft.slug}/preview/"
    body = client_of("owner").get(f"{url}?as=guest").data

    assert [lesson["title"] for module in body["modules"] for lesson in module["lessons"]] == ["Lesson draft"]
    assert body["lesson_count"] == 1
    assert client_of("owner").get(f"{url}?as=enterprise").status_code == 400
    assert client_of("guest").get(f"/api/courses/{world.draft.slug}/").status_code == 404


def test_version_control_names_the_family(world: World, client_of: ClientOf) -> None:
    """The versions are the parent, the course and its children, as far as the caller may see them."""
    own = world.course.clone_version(world.people["owner"], title="Own child")
    hidden = world.course.clone_version(world.people["peer"], title="Hidden child")
    body = client_of("owner").get(f"/api/instructor/courses/{world.course.slug}/version-control/").data

    assert body["course"]["slug"] == world.course.slug
    assert [row["slug"] for row in body["versions"]] == [world.course.slug, own.slug]
    assert Course.objects.filter(pk=hidden.pk).exists()
