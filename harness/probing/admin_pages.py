"""The admin pages that a target really serves: those of the site, or sites, that its URLs lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from coursegate.harness.client import NotApplicable

COURSES = "courses"


@dataclass(frozen=True)
class Page:
    """What a site says about one model.

    Attributes:
        namespace: that of the site among the target's URLs; a project may have a site of its own.
        admin: the `ModelAdmin` that answers.
    """

    namespace: str
    admin: Any

    @property
    def model(self) -> Any:
        return self.admin.model

    @property
    def name(self) -> str:
        return str(self.model.__name__)

    def path(self, view: str, *keys: Any) -> str:
        """The path of a view: changelist, add, change, delete."""
        from django.urls import reverse

        meta = self.model._meta
        return str(reverse(f"{self.namespace}:{meta.app_label}_{meta.model_name}_{view}", args=keys))


def admin_pages(app: str = COURSES) -> list[Page]:
    """The page of every model of an app, once for each site that is routed.

    Raises:
        NotApplicable: no page of the app is routed.
    """
    from django.urls import get_resolver

    found = {
        (namespace, admin.model): Page(namespace, admin)
        for namespace, admin in _routed(get_resolver().url_patterns)
        if admin.model._meta.app_label == app
    }
    if not found:
        raise NotApplicable(f"no URL leads to an admin page of a model of {app}")
    return list(found.values())


def pages_about(row: Any) -> list[Page]:
    """The pages, one for each site, on which a row is edited.

    Raises:
        NotApplicable: there is none.
    """
    found = [page for page in admin_pages(row._meta.app_label) if isinstance(row, page.model)]
    if not found:
        raise NotApplicable(f"no admin page is about {type(row).__name__}")
    return found


def _routed(patterns: Iterable[Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every view of a `ModelAdmin` with the namespace it stands in; Django marks such views with their page."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            own = (pattern.namespace,) if pattern.namespace else ()
            yield from _routed(pattern.url_patterns, (*above, *own))
        elif (admin := getattr(pattern.callback, "model_admin", None)) is not None:
            yield ":".join(above), admin
