"""`courses/views/public.py`: the verification of certificates: it tells nothing of numbers that are none, and is limited."""

from __future__ import annotations

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.observation import Request
from coursegate.harness.probing.caches import cache_operations, no_sleep
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.throttling import TOO_MANY, lowered, spend
from coursegate.harness.probing.told_apart import told_apart
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

VERIFY = "certificates.verify"
MALFORMED = {"word": "no-number-at-all", "short": "C", "long": "CERT-" + "1" * 60, "lower": "cert-1-2-3"}
MALFORMED["other-dashes"] = "CERT_000001_000001"


def _number(on: Probe) -> str:
    number = on.named("certificate-registered", "certificate_number")
    if not number:
        raise CannotAsk("certificate-registered has no number")
    return number


# Of a course and a learner that there are not; a number has room for so many digits.
NOBODY = 999999


def _unknown(on: Probe) -> str:
    """A number that nobody has, and that the backend's own generator made: whatever its form asks for, it has.

    From a deployment without one: a genuine number whose last letters and digits are others.
    """
    if on.binding is None:
        return _turned(_number(on))
    number: str = on.name("courses.utils.generate_certificate_number")(NOBODY, NOBODY)
    return number


def _turned(number: str) -> str:
    head, dash, tail = number.rpartition("-")
    turned = "".join(
        chr(ord(sign) - 1)
        if sign.isalnum() and sign not in "0aA"
        else {"0": "9", "a": "f", "A": "F"}.get(sign, sign)
        for sign in tail
    )
    return f"{head}{dash}{turned}"


@finding(
    "VIEW-11",
    needs="http",
    kind=Kind.LEAK,
    cases={name: {"number": text} for name, text in MALFORMED.items()},
)
def a_malformed_number_is_as_unknown(on: Probe, number: str) -> None:
    """A number that cannot be one is answered as one that nobody has; a genuine one is verified."""
    genuine = on.send(VERIFY, "certificate-registered")
    assert genuine.status == 200
    assert genuine.json["is_valid"] is True

    nobodys = _unknown(on)
    before, malformed, after = ((on.send(VERIFY, text), text) for text in (nobodys, number, nobodys))

    unknown = before[0]
    assert malformed[0].status == unknown.status, (
        f"{malformed[0].summary} for a malformed one, {unknown.summary} else"
    )
    assert told_apart(malformed, before, after) == []
    assert unknown.status >= 400 or unknown.json.get("is_valid") is False


# As long as the column is.
LONGEST = "CERT-1234567890-1234567890-20240131120000-AB12CD34"


@finding("VIEW-11", writes=True, kind=Kind.LEAK)
def what_begins_with_a_number_is_none(on: Probe) -> None:
    """A genuine number is as unknown as any with something behind it, also where it fills its column."""
    rows = on.rows("courses.Certificate").filter(pk=on.key("certificate-registered"))
    issued, number = _number(on), LONGEST
    rows.update(certificate_number=number)
    genuine = on.send(VERIFY, number)
    if genuine.status != 200:  # no number ever looked like that, the backend says
        number = issued
        rows.update(certificate_number=number)
        genuine = on.send(VERIFY, number)
    longer = f"{number}1"

    nobodys = _unknown(on)
    before, longer_one, after = ((on.send(VERIFY, text), text) for text in (nobodys, longer, nobodys))

    assert genuine.status == 200, f"{number} answers {genuine.summary}"
    assert longer_one[0].status == before[0].status, (
        f"{longer_one[0].summary} for {longer}, {before[0].summary} else"
    )
    assert told_apart(longer_one, before, after) == []


@finding("VIEW-11", commits=True, kind=Kind.LEAK)
def a_certificate_that_there_is_no_more_is_unknown(on: Probe) -> None:
    """The number of a certificate that was deleted is as unknown as any, also where somebody has verified it before."""
    number, key = _number(on), on.key("certificate-registered")
    on.target.clear_caches()  # whoever keeps answers may not do so right after a change
    assert on.send(VERIFY, number).status == 200

    try:
        on.target.remove("courses.Certificate", key)
    except CannotAsk as refusal:
        raise NotApplicable(f"certificates are not deleted: {refusal}") from None

    nobodys = _unknown(on)
    before, gone, after = ((on.send(VERIFY, text), text) for text in (nobodys, number, nobodys))
    assert gone[0].status == before[0].status, f"{gone[0].summary} for it, {before[0].summary} else"
    assert told_apart(gone, before, after) == []


@finding("VIEW-11", "VIEW-14", needs="http")
def a_revoked_certificate_says_so(on: Probe) -> None:
    """A revoked certificate is verified as no longer valid, with the day and the reason."""
    answer = on.send(VERIFY, "certificate-revoked")

    assert answer.status == 200
    assert answer.json["is_valid"] is False
    assert answer.json["revocation_date"]
    assert "revocation_reason" in answer.json


@finding(
    "VIEW-11",
    commits=True,
    kind=Kind.LEAK,
    cases={name: {"number": text} for name, text in MALFORMED.items()},
)
def a_malformed_number_costs_what_an_unknown_costs(on: Probe, number: str) -> None:
    """For a malformed number the backend asks database and cache as often as for an unknown one, and never sleeps."""
    costs = {}
    for text in (number, _unknown(on)):
        on.target.clear_caches()
        costs[text] = [_cost(on, text) for _ in range(2)]

    malformed, unknown = costs.values()
    assert malformed == unknown, (
        f"cold and again: {malformed} for a malformed number, {unknown} for an unknown one"
    )


def _cost(on: Probe, number: str) -> tuple[int, int]:
    """How often the database, and the cache, are asked for a number."""
    with on.queries() as queries, cache_operations() as operations, no_sleep(on.checkout) as slept:
        on.send(VERIFY, number)
    assert slept == [], f"it sleeps for {slept} s"
    return len(queries), len(operations)


@finding("VIEW-11", "SEC-05", writes=True, kind=Kind.EFFECT)
def an_unknown_number_counts_like_a_genuine_one(on: Probe) -> None:
    """Where genuine numbers are limited for an address, unknown ones are as well: nobody tries them for ever."""
    said = on.contract.api.operations[VERIFY]
    genuine = Request(said.method, said.path_for(_number(on)))
    limiting = [scope for scope in _scopes(genuine.path) if spend(on, genuine, scope)[-1].status == TOO_MANY]
    if not limiting:
        raise NotApplicable(
            "nothing that can be lowered limits how often a stranger verifies a genuine number"
        )

    for scope in limiting:
        with lowered(scope, "2/min"):
            on.target.clear_caches()
            numbers = [_unknown(on) for _ in range(3)]
            statuses = [
                on.target.send(Request(said.method, said.path_for(number)).asking(f"nth={nth}")).status
                for nth, number in enumerate(numbers)
            ]
        assert statuses[-1] == TOO_MANY, (
            f"{scope}: three unknown numbers, where two are allowed, are answered {statuses}"
        )


def _scopes(path: str) -> list[str]:
    """The scopes that have a rate, and those that the view of a path names besides."""
    from django.urls import resolve
    from rest_framework.settings import api_settings

    view = getattr(resolve(path).func, "cls", None)
    named = {getattr(throttle, "scope", None) for throttle in getattr(view, "throttle_classes", ())}
    return sorted({*api_settings.DEFAULT_THROTTLE_RATES, *(scope for scope in named if scope)})
