"""People sign in; now and then with a wrong password."""

from __future__ import annotations

from coursegate.load.oracle import Wanted
from coursegate.load.scenarios.scenario import Scenario
from coursegate.load.visit import Visit

NO_TOKEN = "signed-in-without-token"


def _journey(visit: Visit) -> None:
    account = visit.cast.world.accounts[visit.person.name]
    if visit.chance.random() < 0.1:
        body = {"email": account.email, "password": "not-the-password"}
        visit.ask("token.obtain", body=body, wanted=Wanted(frozenset({401})), signed=False)
        visit.think()
    body = {"email": account.email, "password": account.password}
    reply = visit.ask("token.obtain", body=body, signed=False)
    token = reply.json.get("access") if isinstance(reply.json, dict) else None
    if reply.status == 200 and not isinstance(token, str):
        visit.broken(NO_TOKEN, "POST /api/token/ was answered 200 without an access token")


SIGNING_IN = Scenario("signing-in", 1, {"registered": 2, "premium": 1}, _journey, ("token.obtain",))
