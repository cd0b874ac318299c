"""What the admin pages have in common: who deletes in bulk, and the export (ADM-01)."""

import csv
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from .utils import clean_html_content

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

BULK_DELETE = "delete_selected"
# What a spreadsheet takes for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


class SecureAdminMixin(_ModelAdmin):
    """Deleting many rows at once is for superusers; one by one it takes the permission (ADM-01)."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if not _is_superuser(request):
            actions.pop(BULK_DELETE, None)
        return actions

    def get_action_choices(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        choices = super().get_action_choices(request, *args, **kwargs)
        return [choice for choice in choices if choice[0] != BULK_DELETE or _is_superuser(request)]


class ExportMixin(_ModelAdmin):
    """Hands out the selected rows as the list shows them."""

    actions: Sequence[Any] = ("export",)

    @admin.action(description=_("Export the selected rows as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{self.opts.model_name}.csv"'
        columns = [str(column) for column in self.get_list_display(request)]
        writer = csv.writer(response)
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, column)) for column in columns] for row in queryset)
        return response


def _cell(value: Any) -> str:
    """The value as text that no spreadsheet computes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class RowAdmin(SecureAdminMixin, ExportMixin):
    """An admin page of the app. What staff write as HTML is cleaned like what instructors do (SEC-01)."""

    list_per_page = 50
    show_full_result_count = False
    readonly_fields: ClassVar[tuple[str, ...]] = ("created_date", "updated_date")
    html_fields: ClassVar[Iterable[str]] = ()
    # What a row is of stays as it was added: the counts of a course are those of its rows (SIG-01).
    lasting_fields: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        lasting = self.lasting_fields if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *lasting)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        for name in self.html_fields:
            if getattr(obj, name):
                setattr(obj, name, clean_html_content(getattr(obj, name)))
        super().save_model(request, obj, form, change)
