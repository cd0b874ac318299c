"""`courses/validators.py`: which addresses of videos are taken, by the rule itself and wherever a lesson is written."""

from __future__ import annotations

from typing import Any

from coursegate.contracts.access import Cell
from coursegate.harness.checks import samples
from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Answer
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.lesson_writes import LESSON_WRITES

GOOD_URLS = {
    "short-link": "https://youtu.be/dQw4w9WgXcQ",
    "short-link-shared": "https://youtu.be/dQw4w9WgXcQ?si=AbCdEfGhIjKlMnOp",
    "short-link-at-a-time": "https://youtu.be/dQw4w9WgXcQ?t=5&si=AbCdEfGhIjKlMnOp",
    "watch": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    "watch-at-a-time": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s",
    "shorts": "https://www.youtube.com/shorts/dQw4w9WgXcQ",
    "live": "https://www.youtube.com/live/dQw4w9WgXcQ",
    "playlist": "https://www.youtube.com/playlist?list=PLrAXtmErZgOeiKm4sgNOknGvNjby9efdf",
    "vimeo": "https://vimeo.com/76979871",
    "vimeo-unlisted": "https://vimeo.com/76979871?h=8272103f6e",
    # "http(s) only": not encrypted is no reason to refuse.
    "plain-http": "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
}
BAD_URLS = {
    "script-in-a-parameter": "https://youtu.be/dQw4w9WgXcQ?redirect=javascript:alert(1)",
    "unknown-parameter": "https://youtu.be/dQw4w9WgXcQ?exec=1",
    "unknown-one-without-a-value": "https://youtu.be/dQw4w9WgXcQ?exec=",
    "unknown-name-alone": "https://youtu.be/dQw4w9WgXcQ?exec",
    "unknown-beside-a-known-one": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&exec=1",
    "shorts-with-an-unknown-one": "https://www.youtube.com/shorts/dQw4w9WgXcQ?exec=1",
    "live-with-an-unknown-one": "https://www.youtube.com/live/dQw4w9WgXcQ?exec=1",
    "playlist-with-an-unknown-one": f"{GOOD_URLS['playlist']}&redirect=javascript:alert(1)",
    "vimeo-with-an-unknown-one": "https://vimeo.com/76979871?exec=1",
    "vimeo-with-a-script": "https://vimeo.com/76979871?h=8272103f6e&redirect=javascript:alert(1)",
    "script": "javascript:alert(1)",
    "ftp": "ftp://youtu.be/dQw4w9WgXcQ",
    "begins-like-http": "httpx://youtu.be/dQw4w9WgXcQ",
    "built-on-http": "http+x://youtu.be/dQw4w9WgXcQ",
}


def _refusal(on: Probe, value: str) -> list[str]:
    """The codes with which the rule refuses an address; none where it takes it."""
    from django.core.exceptions import ValidationError

    validate = on.name("courses.validators.validate_video_url")
    try:
        validate(value)
    except ValidationError as refusal:
        return [str(error.code) for error in refusal.error_list]
    return []


@finding("VAL-02", cases={name: {"url": url} for name, url in GOOD_URLS.items()})
def addresses_of_videos_are_taken(on: Probe, url: str) -> None:
    """The address of a video is taken, with the parameters that sharing adds to it."""
    codes = _refusal(on, url)

    assert codes == []


@finding("VAL-02", cases={name: {"url": url} for name, url in BAD_URLS.items()})
def other_addresses_are_refused(on: Probe, url: str) -> None:
    """An address that no browser opens as a page, or that carries a parameter nobody knows, is refused."""
    plain, codes = _refusal(on, GOOD_URLS["watch"]), _refusal(on, url)

    assert plain == []
    assert codes != []


@finding("VAL-02")
def what_plays_is_taken_unlisted_too(on: Probe) -> None:
    """Where the address of Vimeo's player is taken, it is with the parameter that opens an unlisted video, too."""
    player = "https://player.vimeo.com/video/76979871"
    if _refusal(on, player):
        raise NotApplicable("addresses of Vimeo's player are not taken")

    assert _refusal(on, f"{player}?h=8272103f6e") == []


@finding("VAL-02", writes=True)
def stored_addresses_stay_valid(on: Probe) -> None:
    """A lesson whose address was stored before has nothing against it when it is validated and saved again."""
    from django.core.exceptions import ValidationError

    refused: dict[str, object] = {}
    for url in GOOD_URLS.values():
        on.rows("courses.Lesson").filter(pk=on.key("lesson-guest")).update(video_url=url)
        lesson = on.row("lesson-guest")
        try:
            lesson.full_clean()
        except ValidationError as problem:
            refused[url] = problem.message_dict.get("video_url", "")
        lesson.save()
    refused = {url: said for url, said in refused.items() if said}

    assert refused == {}


# --- wherever a lesson is written ---------------------------------------------------------------------------------

# A parameter that sharing adds, at each provider, and what nobody knows; the rest is asked of the rule itself.
TAKEN = ("short-link-shared", "vimeo-unlisted")
REFUSED = ("script-in-a-parameter", "vimeo-with-an-unknown-one")
WRITES = {name: {"operation": name} for name in LESSON_WRITES}


@finding("VAL-02", needs="http", writes=True, cases=WRITES)
def lessons_are_written_with_addresses_of_videos(on: Probe, operation: str) -> None:
    """A lesson is written with the address of a video, shared or not, and shows it to its instructor."""
    cell = samples(on.contract)[operation]

    for name in TAKEN:
        with on.target.undone():
            answer = _written(on, cell, GOOD_URLS[name])
            assert answer.status in {200, 201}, f"{GOOD_URLS[name]} is answered {answer.summary}"
            assert _shown(on, cell, answer) == GOOD_URLS[name]


@finding("VAL-02", needs="http", writes=True, cases=WRITES)
def lessons_are_written_with_no_other_address(on: Probe, operation: str) -> None:
    """A lesson with an address that carries a parameter nobody knows is refused; with a plain one it is written."""
    cell = samples(on.contract)[operation]
    with on.target.undone():
        plain = _written(on, cell, GOOD_URLS["watch"])
    assert plain.status in {200, 201}, f"{GOOD_URLS['watch']} is answered {plain.summary}"

    for name in REFUSED:
        with on.target.undone():
            answer = _written(on, cell, BAD_URLS[name])
        assert answer.status in {400, 422}, f"{BAD_URLS[name]} is answered {answer.summary}"


@finding("VAL-02", needs="http", writes=True)
def what_an_instructor_reads_can_be_sent_back(on: Probe) -> None:
    """The address of a video that a lesson shows is taken when it is sent back, and stays as it was."""
    cell = samples(on.contract)["draft-content.partial_update"]

    for name in TAKEN:
        first = _written(on, cell, GOOD_URLS[name])
        assert first.status == 200, f"{GOOD_URLS[name]} is answered {first.summary}"
        read = on.send("draft-content.retrieve", cell.subject, by=cell.principal).json["video_url"]
        answer = _written(on, cell, read)
        assert answer.status == 200, f"{read} is answered {answer.summary}"
        assert _shown(on, cell, answer) == GOOD_URLS[name]


def _written(on: Probe, cell: Cell, url: str) -> Answer:
    """The answer to a lesson that is written with this address.

    Raises:
        NotApplicable: there is no such operation.
    """
    said = on.contract.api.operations[cell.operation]
    body: dict[str, Any] = on.client.body(cell)
    for item in body.get("items", [body]):
        item["video_url"] = url
    answer = on.send(cell.operation, cell.subject if said.lookup else "", by=cell.principal, body=body)
    check_routed(cell.operation, answer)
    return answer


def _shown(on: Probe, cell: Cell, answer: Answer) -> Any:
    key = cell.subject if cell.operation == "draft-content.bulk_update" else str(answer.json["id"])
    return on.send("draft-content.retrieve", key, by=cell.principal).json["video_url"]
