"""`courses/models/enrolment.py`: certificates carry numbers that everybody accepts, those of former formats among them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursegate.contracts.world import GUEST
from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

VALIDATOR = "courses.validators.validate_certificate_number"
GENERATOR = "courses.utils.core.generate_certificate_number"
# What else a certificate needs to be valid is not what is asked.
FIELD = "certificate_number"

# No format of certificate numbers that anybody could have had: these stand in no path of a verification.
MALFORMED = ("not a number", "<b>CERT-000001</b>", "🎓-2024-0001")
# Of the signs that numbers are made of: whether some format is like it, the validator knows.
ALMOST = ("CERT", "CERT-", "-", "C-E-R-T", "CERT-X", "CERT-1")


def _number(on: Probe, number: int = 1) -> str:
    """A number as the target issues it."""
    return str(on.name(GENERATOR)(on.key("course-open"), on.key("registered") + number))


def _refusal(on: Probe, number: Any) -> dict[str, Any]:
    """What validation of a certificate with this number has against it, by field."""
    from django.core.exceptions import ValidationError

    certificate = on.model("courses.Certificate")(
        enrollment=on.row("enrollment-registered"), certificate_number=number
    )
    try:
        certificate.full_clean()
    except ValidationError as refused:
        return dict(refused.message_dict)
    return {}


@finding("MOD-03", cases={f"malformed-{number}": {"value": value} for number, value in enumerate(MALFORMED)})
def a_malformed_number_is_invalid(on: Probe, value: str) -> None:
    """A certificate with a malformed number is refused under that field; one with a number of the target's own is not."""
    assert FIELD in _refusal(on, value), f"{value!r} is accepted"
    assert FIELD not in _refusal(on, _number(on))


@finding("MOD-03")
def a_number_of_no_format_is_the_fault_of_its_field(on: Probe) -> None:
    """What the validator refuses although it holds no odd sign is refused under the field of the number, too."""
    refused = [value for value in ALMOST if not _validate(on, value)]
    if not refused:
        raise CannotAsk(f"the validator takes {', '.join(ALMOST)}")

    elsewhere = [value for value in refused if FIELD not in _refusal(on, value)]

    assert elsewhere == [], f"not refused under {FIELD}"


@finding("MOD-03", cases={"line": {"tail": "\n"}, "markup": {"tail": "<b>"}, "blank": {"tail": " 1"}})
def a_number_ends_where_it_ends(on: Probe, tail: str) -> None:
    """A certificate whose number is followed by something that no number has is refused under that field."""
    number = _number(on)
    assert FIELD not in _refusal(on, number)

    assert FIELD in _refusal(on, number + tail), f"{number + tail!r} is accepted"
    assert not _validate(on, number + tail), f"the validator by itself accepts {number + tail!r}"


@finding("MOD-03", cases={"none": {"value": None}, "number": {"value": 7}, "bytes": {"value": b"CERT-1"}})
def what_is_no_text_is_no_crash(on: Probe, value: Any) -> None:
    """Whatever the validator of numbers is given, it refuses it as invalid or lets it be: it never breaks."""
    _validate(on, value)


@finding("MOD-03")
def the_validator_takes_a_value_not_a_certificate(on: Probe) -> None:
    """Given a whole certificate the validator does not break, and a text that is no number it refuses."""
    _validate(on, on.row("certificate-registered"))

    assert _validate(on, _number(on)), "a number of the target's own is refused"
    assert not _validate(on, MALFORMED[0]), f"{MALFORMED[0]!r} is accepted"


def _validate(on: Probe, value: Any) -> bool:
    """Whether the validator lets a value be: one that raises, or one that says so."""
    from django.core.exceptions import ValidationError

    try:
        return on.name(VALIDATOR)(value) is not False
    except ValidationError:
        return False


@finding("MOD-06")
def issued_numbers_pass_every_validation(on: Probe) -> None:
    """A hundred issued numbers differ, and each passes the model's validation and every path of the validator."""
    numbers = [_number(on, number) for number in range(100)]
    validate = on.name("courses.views.mixins.validate_certificate_number")

    assert len(set(numbers)) == len(numbers)
    assert [number for number in numbers if not _validate(on, number)] == []
    assert [number for number in numbers if FIELD in _refusal(on, number)] == []
    assert [number for number in numbers if validate(number) is False] == []


@finding("MOD-03", "MOD-06")
def a_number_of_a_given_moment_is_one_like_any(on: Probe) -> None:
    """A number that is made for a moment that the caller names, its split second too, passes every validation."""
    from django.utils import timezone

    generate = on.name(GENERATOR)
    if "timestamp" not in inspect.signature(generate).parameters:
        raise NotApplicable("the generator takes no moment")
    moment = timezone.now().replace(microsecond=123456)

    number = str(generate(on.key("course-open"), on.key("registered"), timestamp=moment))

    assert FIELD not in _refusal(on, number), f"{number} is refused"
    assert _validate(on, number), f"{number} is refused by the validator"


@finding("MOD-06", writes=True)
def issued_numbers_verify(on: Probe) -> None:
    """The public verification knows each of a hundred issued numbers, and none that was not issued."""
    key = on.key("certificate-registered")
    numbers = [_number(on, number) for number in range(100)]
    for number in numbers:
        on.rows("courses.Certificate").filter(pk=key).update(certificate_number=number)
        answer = on.send("certificates.verify", number, by=GUEST)
        assert answer.status == 200, f"{number} answers {answer.summary}"
        assert answer.json["is_valid"] is True
        assert answer.json["certificate_number"] == number

    never_issued = on.send("certificates.verify", _number(on, 100), by=GUEST)

    assert (never_issued.json or {}).get("is_valid") is not True


@finding("MOD-06", needs="http")
def the_numbers_on_the_wall_verify(on: Probe) -> None:
    """The number that the backend itself gave a certificate verifies."""
    number = on.named("certificate-registered", "certificate_number")

    answer = on.send("certificates.verify", number, by=GUEST)

    assert answer.status == 200, f"{number} answers {answer.summary}"
    assert answer.json["is_valid"] is True


# Only the team knows how its numbers looked once.
TOLD = "how its former numbers looked can be said in coursegate.toml: [former] certificate-numbers"


def _former_numbers(on: Probe) -> tuple[str, ...]:
    """A number of each former format.

    Raises:
        NotApplicable: there never was another format, the team says.
    """
    if not on.contract.compat.former_numbers:
        raise NotApplicable("coursegate.toml says that numbers never had another format")
    return on.contract.compat.former_numbers


@contextmanager
def _issued(on: Probe, number: str) -> Iterator[Any]:
    """A certificate of the world bears this number for the moment; gives its row, as a query."""
    rows = on.rows("courses.Certificate").filter(pk=on.key("certificate-registered"))
    with on.target.undone():
        rows.update(certificate_number=number)
        yield rows


@finding("MOD-06", writes=True)
def numbers_of_former_formats_verify(on: Probe) -> None:
    """A number that was issued in a former format verifies, and its certificate can be saved again."""
    from django.core.exceptions import ValidationError

    refused = []
    for number in _former_numbers(on):
        with _issued(on, number) as rows:
            try:
                rows.get().save()
            except ValidationError as problem:
                refused.append(f"{number} cannot be stored again ({' '.join(problem.messages)})")
            answer = on.send("certificates.verify", number, by=GUEST)
            if answer.status != 200 or answer.json["is_valid"] is not True:
                refused.append(f"{number} answers {answer.summary}")
            assert rows.get().certificate_number == number

    assert not refused, f"{'; '.join(refused)}: {TOLD}"


@finding("MOD-06", writes=True)
def who_has_a_number_of_a_former_format_can_leave(on: Probe) -> None:
    """A learner whose certificate has a number of a former format leaves the course, and it is revoked under that number."""
    with _issued(on, on.named("certificate-registered", "certificate_number")) as rows:
        left = on.send("enrollments.unenroll", "enrollment-completed", by="registered", body={})
        if left.status != 200 or rows.get().is_valid:
            raise CannotAsk(f"leaving revokes no certificate, whatever its number: {left.summary}")

    kept = []
    for number in _former_numbers(on):
        with _issued(on, number) as rows:
            left = on.send("enrollments.unenroll", "enrollment-completed", by="registered", body={})
            if left.status != 200:
                kept.append(f"who has {number} leaves, and is answered {left.summary}")
            elif [(row.is_valid, row.certificate_number) for row in rows] != [(False, number)]:
                kept.append(f"{number} is not revoked")

    assert not kept, f"{'; '.join(kept)}: {TOLD}"
