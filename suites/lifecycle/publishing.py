"""The life of a course: a draft, published, withdrawn, cloned, its clones likewise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from coursegate.contracts.world import GUEST
from coursegate.harness.judging.written import SUCCESS
from coursegate.harness.verdicts import Kind
from coursegate.suites.lifecycle.machine import Life

WHO, STRANGER, COURSE, LESSON = "owner", "peer", "course-draft", "lesson-in-draft"
MOST_CLONES = 3
PLACES = st.integers(0, MOST_CLONES)


@dataclass
class Edition:
    """One version of the course; `published` is what everybody must see of it."""

    slug: str
    published: bool


class Publishing(Life):
    operation = "courses.publish"
    # What hangs below the course opens and closes with it, for everybody.
    changing: ClassVar[tuple[str, ...]] = (GUEST, STRANGER, WHO)

    def __init__(self) -> None:
        super().__init__()
        self.editions = [Edition(self.slug(COURSE), False)]

    @initialize(is_published=st.booleans())
    def begin(self, is_published: bool) -> None:
        """Half of the lives begin in public: what is done to a published course is not what is done to a draft."""
        if is_published:
            self._turn(0, "courses.publish", True)

    @rule(place=PLACES)
    def publish(self, place: int) -> None:
        self._turn(place, "courses.publish", True)

    @rule(place=PLACES)
    def withdraw(self, place: int) -> None:
        self._turn(place, "courses.unpublish", False)

    @rule(place=PLACES)
    def clone(self, place: int) -> None:
        if len(self.editions) > MOST_CLONES:
            return
        edition = self.editions[place % len(self.editions)]
        self.step(f"clone edition {place % len(self.editions)}")
        answer = self.send("courses.clone", edition.slug, by=WHO, body={})
        self.expect(answer.status == 201, f"who may write a course cannot clone it: {answer.status}")
        slug = answer.json.get("slug") if isinstance(answer.json, dict) else None
        self.expect(
            isinstance(slug, str) and slug not in {e.slug for e in self.editions},
            "a clone has a slug that is taken",
        )
        self.editions.append(Edition(str(slug), False))

    @rule(place=PLACES)
    def strangers_publish(self, place: int) -> None:
        """Nobody else turns a draft into anything: it is not even there for them (policy 7)."""
        edition = self.editions[place % len(self.editions)]
        self.step("a stranger publishes")
        answer = self.send("courses.publish", edition.slug, by=STRANGER, body={})
        wanted = 403 if edition.published else 404
        self.expect(
            answer.status == wanted,
            f"a stranger's publishing is answered {answer.status} instead of {wanted}",
        )

    def _turn(self, place: int, operation: str, published: bool) -> None:
        edition = self.editions[place % len(self.editions)]
        self.step(f"{operation} edition {place % len(self.editions)}")
        answer = self.send(operation, edition.slug, by=WHO, body={})
        wanted = SUCCESS if published != edition.published else SUCCESS | {409}
        self.expect(answer.status in wanted, f"{operation} is answered {answer.status}")
        edition.published = published

    @invariant()
    def everybody_sees_what_is_published(self) -> None:
        listed = {row.get("slug") for row in self.rows("courses.list")}
        for number, edition in enumerate(self.editions):
            wanted = 200 if edition.published else 404
            for who in (GUEST, STRANGER):
                status = self.send("courses.retrieve", edition.slug, by=who).status
                told = "published" if edition.published else "a draft"
                kind = Kind.FORM if edition.published else Kind.LEAK
                self.expect(
                    status == wanted, f"edition {number} is {told}, but answered {status} to {who}", kind
                )
            self.expect(
                (edition.slug in listed) == edition.published,
                f"the catalogue is wrong about edition {number}",
                Kind.LEAK,
            )
            own = self.send("courses.retrieve", edition.slug, by=WHO).status
            self.expect(own == 200, f"edition {number} is answered {own} to its own instructor")

    @invariant()
    def its_lesson_follows(self) -> None:
        published = self.editions[0].published
        status = self.send("lessons.retrieve", self.key(LESSON)).status
        kind = Kind.FORM if published else Kind.LEAK
        self.expect(
            (status == 200) == published, f"the lesson of the course is answered {status} to guests", kind
        )
