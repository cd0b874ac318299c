"""Actions of a view that nobody routes are found by path and method, as their names are the backend's own business."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from coursegate.contracts.contract import load_contract
from coursegate.harness.targets import mounting

REORDER = "/api/instructor/draft-content/reorder/"
BULK_UPDATE = "/api/instructor/draft-content/bulk-update/"


class Throttled:
    """A view set whose actions are called otherwise than their operations; it has no bulk update."""

    lookup_url_kwarg = "pk"
    routed: ClassVar[list[tuple[dict[str, str], dict[str, Any]]]] = []

    def put_in_order(self) -> None:
        """The action."""

    put_in_order.kwargs = {"throttle_classes": ["Sensitive"]}  # type: ignore[attr-defined]

    @classmethod
    def get_extra_actions(cls) -> list[Any]:
        return [SimpleNamespace(url_path="reorder", mapping={"patch": "put_in_order"})]

    @classmethod
    def as_view(cls, actions: Mapping[str, str], **own: Any) -> Any:
        cls.routed.append((dict(actions), own))
        return lambda _request: None


@pytest.fixture
def nothing_routed(monkeypatch: pytest.MonkeyPatch) -> list[mounting.Mounted]:
    """What would be mounted of a backend that routes nothing and has this one view."""
    monkeypatch.setattr(mounting, "_class", lambda _dotted: Throttled)
    monkeypatch.setattr(mounting, "_views", lambda _names: {"DraftCourseContentViewSet": "it"})
    monkeypatch.setattr(Throttled, "routed", [])
    return mounting.unrouted(load_contract(), ())


def test_action_is_found_by_its_path(nothing_routed: list[mounting.Mounted]) -> None:
    """An extra action is mounted by whatever name it goes; of one that does not exist nothing is."""
    actions = {mounted.path: mounted.actions for mounted in nothing_routed}

    assert actions == {REORDER: {"patch": "put_in_order"}}
    assert BULK_UPDATE not in actions


def test_action_keeps_what_it_says_of_its_own(
    nothing_routed: list[mounting.Mounted], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the decorator of an action is given, a throttle say, goes with its route."""
    monkeypatch.setenv(mounting.MOUNTED_VARIABLE, "")
    mounting.announce([mounted.as_dict() for mounted in nothing_routed])

    mounting.patterns()

    assert Throttled.routed == [({"patch": "put_in_order"}, {"throttle_classes": ["Sensitive"]})]
