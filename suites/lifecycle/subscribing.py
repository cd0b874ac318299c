"""The life of a subscription: it ends, is renewed, cancelled, given up; the level follows at once (policy 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from hypothesis.stateful import invariant, rule

from coursegate.contracts.world_values import FromNow
from coursegate.harness.judging.written import SUCCESS
from coursegate.harness.verdicts import Kind
from coursegate.suites.lifecycle.machine import Life

WHO, SUBSCRIPTION, LESSON, RESOURCE = "premium", "premium-subscription", "lesson-premium", "lesson-guest"
# How somebody may say that they pay; nothing of it is a payment that a provider has confirmed (policy 2).
UNCONFIRMED = ("card", "paypal", "bank", "bank_transfer", "invoice", "crypto", "cash", "demo", "free")
REFUSED = frozenset({400, 402, 403, 404, 405, 409, 503})


class Subscribing(Life):
    """`tier`, `status` and `ends` are the subscription as it must be; the level follows from them."""

    operation = "subscription.current"
    changing: ClassVar[tuple[str, ...]] = (WHO,)

    def __init__(self) -> None:
        super().__init__()
        self.tier, self.status, self.lasts = "premium", "active", True

    @property
    def is_premium(self) -> bool:
        is_kept = self.status == "active" or not self.bound.contract.takes_effect("cancellation")
        return self.tier == "premium" and is_kept and self.lasts

    @rule()
    def lapse(self) -> None:
        self.step("lapse")
        self._change(end_date=FromNow(timedelta(seconds=-1)))
        self.lasts = False

    @rule()
    def renew(self) -> None:
        self.step("renew")
        self._change(tier="premium", status="active", end_date=FromNow(timedelta(seconds=3600)))
        self.tier, self.status, self.lasts = "premium", "active", True

    @rule()
    def cancel(self) -> None:
        self.step("cancel")
        if self._ask("subscription.cancel"):
            self.status = "cancelled"

    @rule()
    def downgrade(self) -> None:
        self.step("downgrade")
        if self._ask("subscription.downgrade"):
            left = self.bound.contract.api.operations["subscription.downgrade"].effect
            self.tier = left.get("tier", self.tier)  # some shops leave what is paid for until it ends

    @rule()
    def upgrade_without_paying(self) -> None:
        self.step("upgrade without paying")
        for said in ({}, *({"payment_method": method} for method in UNCONFIRMED)):
            body = {"tier": "premium", **said}
            answer = self.send("subscription.upgrade", by=WHO, body=body)
            self.expect(
                answer.status in REFUSED,
                f"an upgrade that nobody paid for is answered {answer.status}: {body}",
            )

    @invariant()
    def level_follows(self) -> None:
        lesson = self.send("lessons.retrieve", self.key(LESSON), by=WHO)
        self._compare(self.shows(lesson, LESSON, "content"), "the premium lesson")
        listed = {row.get("id") for row in self.rows("lessons.list", WHO)}
        self._compare(self.key(LESSON) in listed, "the premium lesson in the list")

    @invariant()
    def lessons_for_everybody_stay(self) -> None:
        answer = self.send("lessons.retrieve", self.key(RESOURCE), by=WHO)
        self.expect(
            self.shows(answer, RESOURCE, "content"), "a lesson that is for everybody is closed", Kind.FORM
        )

    def _compare(self, opens: bool, what: str) -> None:
        kind = Kind.LEAK if opens else Kind.FORM
        standing = f"tier {self.tier}, {self.status}, {'lasting' if self.lasts else 'ended'}"
        self.expect(
            opens == self.is_premium,
            f"{what} {'opens' if opens else 'is closed'} for a subscription of {standing}",
            kind,
        )

    def _ask(self, operation: str) -> bool:
        answer = self.send(operation, by=WHO, body={})
        self.expect(answer.status in SUCCESS | REFUSED, f"{operation} is answered {answer.status}", Kind.FORM)
        if self.is_premium:
            self.expect(
                answer.status in SUCCESS, f"{operation} of what is paid for is refused: {answer.status}"
            )
        return answer.status in SUCCESS

    def _change(self, **values: Any) -> None:
        model = self.bound.world.contract.objects[SUBSCRIPTION].model
        self.bound.target.change(model, self.key(SUBSCRIPTION), values)
