"""Filters and orders of list operations: a list may be narrowed by what it shows, and by nothing else."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from ..viewer import Viewer
from .conversions import safe_decimal_conversion, safe_int_conversion

if TYPE_CHECKING:
    from .context import StandardContextMixin as _View
else:
    _View = object

ORDERING_HELP = "Columns to order by, separated by commas; `-` before a column turns it round"
HIGHEST_ID = 2**63 - 1
CENT = Decimal("0.01")
HIGHEST_PRICE = Decimal("999999.99")
BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Filter(Protocol):
    """Narrows rows by a parameter's text, for a viewer; ValueError with a message when it makes no sense."""

    def __call__(self, queryset: QuerySet[Any], text: str, viewer: Viewer, /) -> QuerySet[Any]: ...


def by_text(lookup: str) -> Filter:
    """Rows whose column equals the text; an unknown text matches none."""
    return lambda queryset, text, _viewer: queryset.filter(**{lookup: text})


def by_id(lookup: str) -> Filter:
    """Rows of the object with that id."""
    return _by(lookup, lambda text: safe_int_conversion(text, None, 0, HIGHEST_ID), "Enter a whole number.")


def by_flag(lookup: str) -> Filter:
    """Rows where the flag is set, or is not."""
    return _by(lookup, lambda text: BOOLEANS.get(text.lower()), "Enter true or false.")


def by_price(lookup: str) -> Filter:
    """Rows on one side of a price; `12,34` and `12.34` are the same (VIEW-09)."""
    rounding = ROUND_FLOOR if lookup.endswith("lte") else ROUND_CEILING

    def price(text: str) -> Decimal | None:
        value = safe_decimal_conversion(text)
        if value is None:
            return None
        # Inside what the column can hold, and rounded so that nothing beyond the limit gets in.
        return min(max(value, -CENT), HIGHEST_PRICE + CENT).quantize(CENT, rounding)

    return _by(lookup, price, "Enter a number.")


def _by(lookup: str, convert: Callable[[str], Any], complaint: str) -> Filter:
    def narrow(queryset: QuerySet[Any], text: str, _viewer: Viewer) -> QuerySet[Any]:
        value = convert(text)
        if value is None:
            raise ValueError(complaint)
        return queryset.filter(**{lookup: value})

    return narrow


class SafeFilterMixin(_View):
    """Applies `safe_filters` (by parameter) and `?ordering=` over `ordering_fields` to lists.

    A parameter that makes no sense is 400 with its name, so that a slip never shows more than was asked for;
    an empty one counts as absent. Orders outside the allow-list are ignored. Ties are broken by key.
    """

    safe_filters: ClassVar[Mapping[str, Filter]] = {}
    ordering_fields: ClassVar[Mapping[str, str]] = {}
    default_ordering: ClassVar[tuple[str, ...]] = ()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a list, narrowed and in order; a single object is looked up among all of them."""
        queryset = super().filter_queryset(queryset)
        if self.action != "list":
            return queryset
        for name, narrow in self.safe_filters.items():
            text = self.request.query_params.get(name, "").strip()
            if text:
                try:
                    queryset = narrow(queryset, text, self.viewer)
                except ValueError as error:
                    raise ValidationError({name: [str(error)]}) from None
        return queryset.order_by(*(self.get_ordering() or self.default_ordering), "pk")

    def get_ordering(self) -> list[str]:
        """The asked-for columns that are open for ordering."""
        asked = self.request.query_params.get("ordering", "").split(",")
        return [
            ("-" if name.startswith("-") else "") + self.ordering_fields[name.removeprefix("-")]
            for name in (part.strip() for part in asked)
            if name.removeprefix("-") in self.ordering_fields
        ]
