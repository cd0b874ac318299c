"""`courses/views/user.py`, and what is paid for: nothing is given away."""

from __future__ import annotations

from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

UPGRADE = "subscription.upgrade"


@finding("policy 2", kind=Kind.EFFECT, writes=True)
def nothing_is_given_away_while_debugging(on: Probe) -> None:
    """With DEBUG on, as where settings are those of a developer, an upgrade that nobody paid for is refused as well."""
    from django.test import override_settings

    with override_settings(DEBUG=True):
        answer = on.send(UPGRADE, by="registered", body={"tier": "premium"})

    check_routed(UPGRADE, answer)
    assert answer.status >= 400, f"it is answered {answer.summary}"
    assert on.row("registered-subscription").tier != "premium", "it was refused, and counts"
