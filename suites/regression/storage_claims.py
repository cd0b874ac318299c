"""`courses/storage.py`: a stored file belongs to the resource that it came with."""

from __future__ import annotations

from coursegate.harness.client import CannotAsk
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

THEIRS, OWN_LESSON, WHO = "resource-premium-on-guest-lesson", "lesson-in-peer-draft", "peer"
# A resource that is hidden from them, and what its key is made to be.
HIDDEN, KEY = "resource-in-draft", "resources/hidden-from-others.pdf"
KINDS = ("document", "file", "pdf", "link")


@finding("policy 7", commits=True, kind=Kind.EFFECT)
def a_resource_takes_no_file_of_another_course(on: Probe) -> None:
    """Whoever names the file of another course as the key of an own resource, and deletes that, has not deleted the file."""
    file = on.row(THEIRS).file
    if not file or not file.storage.exists(file.name):
        raise CannotAsk(f"the file of {THEIRS} is not where its row says")
    _check_it_adds(on)

    for kind in KINDS:
        known = on.target.keys("courses.Resource")
        claim = {"title": "A claim", "type": kind, "storage_key": file.name}
        on.send("resources.create", OWN_LESSON, by=WHO, body=claim)
        for row in on.target.rows_beyond("courses.Resource", known):
            on.send("resources.destroy", str(row["id"]), by=WHO)

    assert file.storage.exists(file.name), "the file of another course is gone"


@finding("policy 3", writes=True, kind=Kind.LEAK)
def a_key_that_is_taken_tells_nothing_of_what_has_it(on: Probe) -> None:
    """Whoever names the key of a resource that is hidden from them learns nothing of that resource by the answer."""
    hidden = on.rows("courses.Resource").filter(pk=on.key(HIDDEN))
    hidden.update(storage_key=KEY)
    _check_it_adds(on)

    for kind in KINDS:
        claim = {"title": "A claim", "type": kind, "storage_key": KEY}
        answer = on.send("resources.create", OWN_LESSON, by=WHO, body=claim)
        assert hidden.get().title not in answer.text, (
            f"as {kind}, the answer names the resource that has the key"
        )


def _check_it_adds(on: Probe) -> None:
    """A resource that names no key is added.

    Raises:
        NotApplicable: the backend has no such operation.
        CannotAsk: it is refused.
    """
    plain = on.send("resources.create", OWN_LESSON, by=WHO, body=on.sample("resources.create").body)
    check_routed("resources.create", plain)
    if plain.status != 201:
        raise CannotAsk(f"{WHO} adds no resource to {OWN_LESSON}: {plain.summary}")
