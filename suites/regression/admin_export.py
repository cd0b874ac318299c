"""`courses/admin.py`: what the export of a list hands to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from coursegate.harness.client import CannotAsk, NotApplicable
from coursegate.harness.probing.admin_pages import Page, admin_pages
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.admin import client_of_staff
from coursegate.suites.regression.finding import finding

# What a spreadsheet computes when a cell begins with it; blanks before it are passed over.
FORMULAS = {start: f"{start}7*191" for start in ("=", "+", "-", "@", "\t=", "\r=")}
# Columns that people fill with words; what else is text may be read by the backend itself.
WRITTEN = frozenset({"title", "name", "subtitle", "description", "content", "notes", "text", "question_text"})
TABLES = ("text/csv", "text/tab-separated-values")
Export = tuple[Page, str, Any]


@finding("policy 16", writes=True, kind=Kind.EFFECT)
def an_export_hands_out_no_formula(on: Probe) -> None:
    """What people write is exported by the admin pages so that no spreadsheet computes it, whatever sign it begins with."""
    boss = client_of_staff(on, superuser=True)
    boss.raise_request_exception = False
    exports = list(_exports(on, boss))
    if not exports:
        raise NotApplicable("no action of an admin page answers rows as a table of text")

    found, computed = 0, []
    for page, action, key in exports:
        rows = page.model._base_manager.filter(pk=key)
        words = [field.attname for field in page.model._meta.concrete_fields if field.name in WRITTEN]
        for start, formula in FORMULAS.items():
            if not _is_written(rows, words, formula):
                break
            cells = _cells(_answer(boss, page, action, key)[1])
            found += sum("7*191" in cell for cell in cells)
            if any(cell.startswith((formula, formula.lstrip())) for cell in cells):
                computed.append(f"{page.name} {action}: {start!r}")
    if not found:
        raise CannotAsk("nothing that people write stands in what is exported")

    assert computed == [], "cells that a spreadsheet computes"


def _is_written(rows: Any, columns: list[str], text: str) -> bool:
    """Whether the table takes a text into these columns."""
    from django.db import DatabaseError, transaction

    try:
        with transaction.atomic():
            rows.update(**dict.fromkeys(columns, text))
    except DatabaseError:
        return False
    return bool(columns)


def _exports(on: Probe, boss: Any) -> Iterator[Export]:
    """The actions that answer a row as a table of text, with the key of one on which they do; none deletes."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = on.row("staff")
    for page in admin_pages():
        key = page.model._base_manager.order_by("pk").values_list("pk", flat=True).first()
        names = [name for name, _ in page.admin.get_action_choices(request) if name and "delet" not in name]
        for name in names if key is not None else ():
            with on.target.undone():
                kind, _ = _answer(boss, page, name, key)
            if kind in TABLES:
                yield page, name, key


def _answer(boss: Any, page: Page, action: str, key: Any) -> tuple[str, str]:
    """What sort of text an action on one row answers, and the text."""
    wish = {"action": action, "index": "0", "select_across": "0", "_selected_action": [str(key)]}
    answer = boss.post(page.path("changelist"), wish)
    text = answer.getvalue().decode("utf-8-sig", "replace") if answer.status_code == 200 else ""
    return str(answer.get("Content-Type", "")).partition(";")[0].strip(), text


def _cells(text: str) -> list[str]:
    """The cells of a table, whatever stands between them."""
    head = text.partition("\n")[0]
    between = max(",;\t", key=head.count)
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=between) for cell in row]
