"""Employers check certificates: genuine, revoked, and made up (policy 9)."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

WRONG_VERDICT = "wrong-certificate"


def _journey(visit: Visit) -> None:
    for valid in (True, False):
        if names := visit.cast.certificates(valid=valid):
            _check(visit, visit.chance.choice(names), valid)
    unknown = visit.cast.operation("certificates.verify").missing
    visit.ask("certificates.verify", unknown, wanted=Wanted(frozenset({404})))


def _check(visit: Visit, name: str, valid: bool) -> None:
    number = visit.cast.world.lookups[name].get("certificate_number", name)
    wanted = Wanted(naming=("certificate_number", number))
    reply = visit.ask("certificates.verify", number, wanted=wanted)
    told = reply.json.get("is_valid") if isinstance(reply.json, dict) else None
    if reply.status == 200 and told is not valid:
        visit.broken(WRONG_VERDICT, f"certificate {number} is_valid {valid}, the answer says {told}")


CERTIFICATE_VERIFICATION = Scenario(
    "certificate-verification", 2, {"guest": 1}, _journey, ("certificates.verify",)
)
