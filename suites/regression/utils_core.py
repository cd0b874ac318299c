"""`courses/utils/core.py`: what a reader is told instead of a lesson that is closed to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

MESSAGE = "courses.utils.core.get_restricted_content_message"
LEVELS = ("registered", "premium")
# A language that no catalogue has, and how the test catalogue marks what was looked up in it.
NOWHERE, BEGIN, END = "xx", "⟦", "⟧"
TITLE = "Reading"
# The tag of a language (BCP 47), as far as catalogues go.
LANGUAGE = re.compile(r"[a-z]{2,3}(-\w+)*", re.I)
VOID = frozenset({"br", "hr", "img", "input", "wbr"})
# Where a title goes into a template, the course's or the lesson's, by whatever name.
SLOT = re.compile(r"\{\w*\}|%\(\w+\)s|%s")


class _Page(HTMLParser):
    """The elements of a piece of HTML, and whether they close what they open."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.roots = 0
        self.text = ""
        self.stray: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        self.stray += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.roots += not self._open
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.stray.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data
        if data.strip() and not self._open:
            self.stray.append(data.strip())


def _message(on: Probe, title: str, level: str, language: str | None) -> str:
    """The notice; without a language, as where all translation is switched off."""
    from django.utils import translation

    with translation.override(language):
        return str(on.name(MESSAGE)(title, level))


@finding(
    "UX-06",
    cases={
        f"{level}-{language}": {"level": level, "language": language}
        for level in LEVELS
        for language in ("en", "de", "fr")
    },
)
def the_notice_says_its_language(on: Probe, level: str, language: str) -> None:
    """The notice on a closed lesson is one well-formed element that says in which language it is."""
    page = _Page(_message(on, TITLE, level, language))

    assert page.stray == [], f"not balanced: {', '.join(page.stray)}"
    assert page.roots == 1
    said = page.elements[0][1].get("lang") or ""
    assert said.partition("-")[0].lower() == language, f"lang is {said!r} where {language!r} is spoken"


@finding("UX-06", cases={level: {"level": level} for level in LEVELS})
def without_a_language_the_notice_says_one_too(on: Probe, level: str) -> None:
    """Where no language is active, as in a task, the notice is in one all the same and says in which."""
    said = _Page(_message(on, TITLE, level, None)).elements[0][1].get("lang") or ""

    assert LANGUAGE.fullmatch(said), f"lang is {said!r}"


@finding("UX-06", cases={level: {"level": level} for level in LEVELS})
def a_title_is_text_in_the_notice(on: Probe, level: str) -> None:
    """Whatever stands in a title is text in the notice: no element, no attribute, no slot of the template."""
    title = '<b>Bold</b> & "quoted" {title} {0} %(title)s <script>alert(1)</script>'
    plain, page = _Page(_message(on, TITLE, level, "en")), _Page(_message(on, title, level, "en"))

    assert page.elements == plain.elements
    assert page.stray == []
    assert page.text == plain.text.replace(TITLE, title)


@finding("UX-07", cases={level: {"level": level} for level in LEVELS})
def each_level_has_words_of_its_own(on: Probe, level: str) -> None:
    """The notice is made of the words that are kept for its level: nobody is sent to a door that does not open the lesson."""
    from django.utils import translation

    with translation.override("en"):
        kept = {
            name: _Page(str(on.name(f"courses.utils.core.DEFAULT_{name.upper()}_CONTENT_MESSAGE"))).text
            for name in LEVELS
        }

    said = _Page(_message(on, TITLE, level, "en")).text

    assert [name for name, text in kept.items() if made_of(text, said)] == [level]


def made_of(template: str, said: str) -> bool:
    """Whether a text is a template with something, or nothing, in each of its slots; blanks do not count."""
    pieces = ["".join(piece.split()) for piece in SLOT.split(template)]
    assert any(map(str.isalpha, "".join(pieces))), f"{template!r} has no words"
    return re.search(".*?".join(map(re.escape, pieces)), "".join(said.split()), re.S) is not None


class _Catalogue:
    """Marks every text that is looked up, in place of a translation."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message.rpartition(chr(4))[2]}{END}" if message else ""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def language(self) -> str:
        return NOWHERE

    def to_language(self) -> str:
        return NOWHERE

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@contextmanager
def _translated() -> Iterator[None]:
    """A language into which everything is translated, in place of a catalogue file."""
    from django.utils import translation
    from django.utils.translation import trans_real

    known: dict[str, Any] = vars(trans_real)["_translations"]
    known[NOWHERE] = _Catalogue()
    try:
        with translation.override(NOWHERE):
            yield
    finally:
        del known[NOWHERE]


@finding("UX-07", cases={level: {"level": level} for level in LEVELS})
def the_notice_is_translated_when_it_is_made(on: Probe, level: str) -> None:
    """The words of the notice are looked up in the reader's language each time, in English they are as ever."""
    before = _message(on, TITLE, level, "en")

    with _translated():
        translated = _Page(str(on.name(MESSAGE)(TITLE, level)))
    after = _message(on, TITLE, level, "en")

    words = _Page(before).text
    assert BEGIN in translated.text, "nothing of the notice is looked up in the language of the reader"
    left = _outside(translated.text).replace(TITLE, "")
    assert not any(sign.isalpha() for sign in left), f"part of the notice stays English: {left.strip()}"
    assert _without_marks(translated.text) == words
    assert after == before


def _outside(text: str) -> str:
    """What of a text stands outside the marks of the test catalogue."""
    kept, depth = "", 0
    for sign in text:
        depth += (sign == BEGIN) - (sign == END)
        kept += sign if not depth and sign != END else ""
    return kept


def _without_marks(text: str) -> str:
    return text.replace(BEGIN, "").replace(END, "")


# Who finds which lesson closed, by its id; and in a row of one's own.
CLOSED = {
    "registered": ("lessons.retrieve", "lesson-premium", "registered"),
    "guest-registered": ("lessons.retrieve", "lesson-registered", GUEST),
    "guest-premium": ("lessons.retrieve", "lesson-premium", GUEST),
    "lapsed-own-row": ("progress.retrieve", "progress-lapsed", "lapsed"),
}
CASES = {name: {"case": name} for name in CLOSED}
# In any of them the notice may stand.
TEXTS = ("content", "guest_content", "registered_content")


def _notice(on: Probe, case: str) -> _Page:
    """What stands in a lesson that is closed to its reader, as it is shown by itself or in a row of the reader's own.

    Raises:
        NotApplicable: it is not shown there at all.
    """
    operation, subject, reader = CLOSED[case]
    answer = on.send(operation, subject, by=reader)
    assert answer.status < 500, f"to {reader} a closed lesson is answered {answer.summary}"
    # A refusal may hold the notice, too, as an offer.
    lesson = answer.json if answer.status in {200, 402, 403} else None
    if operation == "progress.retrieve" and isinstance(lesson, dict):
        lesson = lesson.get("lesson")
    if not isinstance(lesson, dict) or "content" not in lesson:
        raise NotApplicable(f"to {reader} a closed lesson is not shown there: {answer.summary}")
    assert isinstance(lesson["content"], str), f"its content is {lesson['content']!r}"
    return _Page("".join(f"<div>{lesson.get(name) or ''}</div>" for name in TEXTS))


@finding("UX-08", needs="http", cases=CASES)
def a_closed_lesson_names_its_course(on: Probe, case: str) -> None:
    """What a reader sees of a closed lesson, guests too, names the course that would open it."""
    title = on.send("courses.retrieve", "course-open", by=GUEST).json["title"]
    assert title

    assert title in _notice(on, case).text, "the notice does not name the course"


@finding("UX-08", writes=True, cases=CASES)
def the_title_of_the_course_is_text(on: Probe, case: str) -> None:
    """A course's title with markup, or slots of a template, in it is shown as text in the notice of its closed lessons."""
    title = '<b>Bold</b> & "quoted" {and} {0} %(title)s 100 % <img src=x onerror=alert(1)>'
    on.rows("courses.Course").filter(pk=on.key("course-open")).update(title=title)
    on.target.clear_caches()

    page = _notice(on, case)

    assert not {"b", "img"} & {tag for tag, _ in page.elements}, "the title became markup"
    assert title in page.text, "the notice does not name the course"
