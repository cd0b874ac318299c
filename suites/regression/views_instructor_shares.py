"""`courses/views/instructor.py`: what each of those who teach a course earns by it."""

from __future__ import annotations

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

ANALYTICS, SHARE = "course-analytics.retrieve", "revenue_share_percentage"
OWN = 7


@finding("policy 6", kind=Kind.LEAK, writes=True)
def leading_elsewhere_shows_no_shares_here(on: Probe) -> None:
    """Who teaches a course along, and leads another one, is not told what others earn by the first."""
    row = on.row("assistant-of-course-open")
    values = {"instructor_id": on.key("peer"), "can_view_analytics": True, SHARE: OWN}
    on.target.change(row._meta.label, row.pk, values)

    answer = on.send(ANALYTICS, "course-open", by="peer")
    on.disregard()  # a peer's clearance is that of a stranger

    check_routed(ANALYTICS, answer)
    if answer.status != 200:
        raise NotApplicable(f"whoever teaches along is not shown the figures: {answer.summary}")
    shares = (shown.get(SHARE) for shown in answer.objects)
    told = [share for share in shares if share is not None and float(share) != OWN]
    assert told == [], "shares of others are told"
