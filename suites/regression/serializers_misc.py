"""`courses/serializers/misc.py`: notes are private unless their author says otherwise."""

from __future__ import annotations

from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.encoding import URLENCODED
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

UPLOAD = "courses.serializers.misc.LessonNotesUploadSerializer"
WORDS = "words of a note, long enough for any minimum"


def _note(on: Probe, **values: Any) -> Any:
    """A new note of a learner, as the backend answers its creation."""
    body = {"lesson_id": on.key("lesson-guest"), "content": WORDS, **values}
    answer = on.send("notes.create", by="registered", body=body)
    assert answer.status == 201, f"a new note answers {answer.summary}"
    return answer.json


def _stored(on: Probe, key: Any) -> Any:
    answer = on.send("notes.retrieve", str(key), by="registered")
    assert answer.status == 200
    return answer.json["is_private"]


@finding(
    "SER-10",
    needs="http",
    writes=True,
    cases={
        "not-said": {"said": {}, "wanted": True},
        "private": {"said": {"is_private": True}, "wanted": True},
        "shared": {"said": {"is_private": False}, "wanted": False},
    },
)
def a_new_note_is_as_private_as_was_said(on: Probe, said: dict[str, bool], wanted: bool) -> None:
    """A note is created private or shared as its author says, and private when nothing is said."""
    made = _note(on, **said)

    assert made["is_private"] is wanted
    assert _stored(on, made["id"]) is wanted


@finding("SER-10", needs="http", writes=True)
def a_note_beside_a_paid_lesson_is_shared_as_well(on: Probe) -> None:
    """Of which level a lesson is makes no difference to a note: it is shared where its author says so."""
    body = {"lesson_id": on.key("lesson-premium"), "content": WORDS, "is_private": False}
    made = on.send("notes.create", by="premium", body=body)
    assert made.status == 201, f"a note beside a lesson that is open is answered {made.summary}"

    read = on.send("notes.retrieve", str(made.json["id"]), by="premium")

    assert read.json["is_private"] is False


@finding("SER-10", needs="http", writes=True)
def privacy_changes_both_ways(on: Probe) -> None:
    """The author of a note makes it private and shared again; a change of its words leaves its privacy alone."""
    key = _note(on, is_private=True)["id"]

    for wanted in (False, True):
        changed = on.send("notes.partial_update", str(key), by="registered", body={"is_private": wanted})
        assert changed.status == 200
        assert _stored(on, key) is wanted

    on.send("notes.partial_update", str(key), by="registered", body={"is_private": False})
    words = on.send("notes.partial_update", str(key), by="registered", body={"content": f"other {WORDS}"})

    assert words.status == 200
    assert _stored(on, key) is False


@finding("SER-10", needs="http", writes=True)
def a_note_that_is_replaced_is_as_private_as_is_said(on: Probe) -> None:
    """The author who sends a note anew, with all that it says, makes it private and shared again."""
    key = _note(on, is_private=True)["id"]

    for wanted in (False, True):
        body = {"lesson_id": on.key("lesson-guest"), "content": WORDS, "tags": [], "is_private": wanted}
        changed = on.send("notes.update", str(key), by="registered", body=body)
        assert changed.status == 200, f"a note that is sent anew is answered {changed.summary}"
        assert _stored(on, key) is wanted, f"sent as {wanted}"


@finding("SER-10", needs="http", writes=True)
def a_form_without_a_word_about_privacy_shares_nothing(on: Probe) -> None:
    """A note that a form writes or changes without a word about its privacy is as private as before; a new one is private."""
    said = {"lesson_id": str(on.key("lesson-guest")), "content": f"other {WORDS}"}
    key = _note(on, is_private=True)["id"]

    few = on.send(
        "notes.partial_update", str(key), by="registered", body={"content": said["content"]}, media=URLENCODED
    )
    all_of_it = on.send("notes.update", str(key), by="registered", body=said, media=URLENCODED)
    made = on.send("notes.create", by="registered", body=said, media=URLENCODED)

    assert _stored(on, key) is True, "a private note that a form has changed is shared"
    if made.status == 201:
        assert _stored(on, made.json["id"]) is True, "a note that a form has made is shared"
    statuses = {answer.status for answer in (few, all_of_it, made)}
    assert all(200 <= status < 500 for status in statuses), f"a form is answered {sorted(statuses)}"
    if statuses == {415}:
        raise NotApplicable("the backend takes no forms")


@finding(
    "SER-10",
    cases={
        "not-said": {"said": {}, "wanted": True},
        "private": {"said": {"is_private": True}, "wanted": True},
        "shared": {"said": {"is_private": False}, "wanted": False},
    },
)
def an_upload_is_as_private_as_was_said(on: Probe, said: dict[str, bool], wanted: bool) -> None:
    """An uploaded note is private or shared as the upload says, and private when it says nothing, in a form too."""
    from django.http import QueryDict

    data: dict[str, Any] = {"content": WORDS, "lesson_id": on.key("lesson-guest"), **said}
    form = QueryDict(mutable=True)
    form.update(
        {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in data.items()}
    )

    for sent in (data, form):
        assert _private(on, sent) is wanted


def _private(on: Probe, sent: Any) -> Any:
    """Whether an upload that says this is private."""
    upload = on.name(UPLOAD)(data=sent)
    if upload.is_valid():
        return upload.validated_data["is_private"]
    assert "is_private" not in upload.errors, dict(upload.errors)
    # What else an upload holds is the team's: then the field itself is asked.
    field = upload.fields["is_private"]
    return field.run_validation(field.get_value(sent))


@finding("SER-10")
def serializer_and_model_agree(on: Probe) -> None:
    """A note that is made without a word about privacy is private, in the model as in the serializer."""
    model = on.model("courses.Note")._meta.get_field("is_private").get_default()
    upload = _private(on, {"content": WORDS, "lesson_id": on.key("lesson-guest")})

    assert model is upload is True


NAMES = ("first_name", "last_name", "display_name", "full_name")
SHOWING = {
    "course": ("courses.retrieve", "course-open"),
    "reviews": ("reviews.list", ""),
    "certificate": ("certificates.verify", "certificate-registered"),
}


@finding(
    "policy 6",
    kind=Kind.LEAK,
    cases={
        name: {"operation": operation, "subject": subject} for name, (operation, subject) in SHOWING.items()
    },
)
def an_address_that_serves_as_a_name_is_not_shown(on: Probe, operation: str, subject: str) -> None:
    """Who has no name, and an address for a username, appears to others without the address: it is no display name."""
    learner = on.row("registered")
    address = learner.email
    if not hasattr(learner, "username"):
        raise NotApplicable("accounts have no username that could be an address")
    before = on.send(operation, subject, by="premium")
    if not any(name in before.text for name in _names(learner)):
        raise NotApplicable("it does not say of whom it is")
    columns = {field.name for field in learner._meta.fields}
    nameless = dict.fromkeys(columns.intersection(NAMES), "")
    on.target.change(learner._meta.label, learner.pk, {**nameless, "username": address})
    on.target.clear_caches()

    answer = on.send(operation, subject, by="premium")

    assert answer.status == 200, f"it is answered {answer.summary}"
    assert address not in answer.text, "it shows the address of a learner"


def _names(account: Any) -> list[str]:
    """What others may call an account by."""
    return [text for name in (*NAMES, "username") if (text := str(getattr(account, name, "")))]
