"""`courses/**`: what others import, call and read is still there (`contracts/compat.yaml`)."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from coursegate.contracts.path_templates import filled, parameters_of
from coursegate.harness.client import NotApplicable, rows_of
from coursegate.harness.inventory import optional_operations
from coursegate.harness.probing.missing import Missing
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.routing import check_routed
from coursegate.suites.regression.finding import finding

# What a parameter of a path may be, whatever its converter takes.
SAMPLE = "123"
# Operation -> an object that opens completely for somebody, and who that is; "" where there is none to name.
SHOWN = {
    "lessons.retrieve": ("lesson-premium", "premium"),
    "modules.retrieve": ("module-open", "premium"),
    "categories.retrieve": ("category-open", "premium"),
    "courses.retrieve": ("course-open", "premium"),
    "enrollments.retrieve": ("enrollment-registered", "registered"),
    "progress.retrieve": ("progress-registered", "registered"),
    "notes.retrieve": ("note-private", "registered"),
    "reviews.retrieve": ("review-registered", "registered"),
    "user-progress-stats.retrieve": ("", "registered"),
    "certificates.verify": ("certificate-registered", "guest"),
    "search.list": ("", "guest"),
    "featured.list": ("", "guest"),
    "version.retrieve": ("", "guest"),
    "categories.list": ("", "guest"),
    "courses.list": ("", "guest"),
    "lessons.list": ("", "guest"),
    "modules.list": ("", "guest"),
}
# The same for rows: operation, and where in its answer they are.
ROWS = {
    ("categories.list", "results"): ("", "guest"),
    ("courses.list", "results"): ("", "premium"),
    ("enrollments.list", "results"): ("", "registered"),
    ("lessons.list", "results"): ("", "premium"),
    ("lessons.retrieve", "resources"): ("lesson-guest", "premium"),
    ("modules.list", "results"): ("", "premium"),
    ("notes.list", "results"): ("", "registered"),
    ("progress.list", "results"): ("", "registered"),
    ("reviews.list", "results"): ("", "registered"),
}
MODULES = (
    "courses.apps",
    "courses.constants",
    "courses.forms",
    "courses.models",
    "courses.models.choices",
    "courses.permissions",
    "courses.serializers",
    "courses.serializers.analytics",
    "courses.serializers.core",
    "courses.serializers.enrolment",
    "courses.serializers.misc",
    "courses.serializers.mixins",
    "courses.serializers.utils",
    "courses.signals",
    "courses.storage",
    "courses.urls",
    "courses.utils",
    "courses.utils.core",
    "courses.utils.model_helpers",
    "courses.validation",
    "courses.validators",
    "courses.views",
    "courses.views.debug",
    "courses.views.draft_content",
    "courses.views.instructor",
    "courses.views.mixins",
    "courses.views.public",
    "courses.views.user",
    "users.models",
)


@finding("COMPAT-01", cases={name: {"module": name} for name in MODULES})
def names_can_be_imported_as_before(on: Probe, module: str) -> None:
    """Every public name of a module can still be imported from there."""
    lost = []
    for name in on.contract.compat.imports[module]:
        try:
            on.name(f"{module}.{name}")
        except Missing:
            lost.append(name)

    assert lost == [], f"not to be imported from {module}: {', '.join(lost)}"


CALLED = (
    "courses.constants",
    "courses.permissions",
    "courses.storage",
    "courses.urls",
    "courses.utils.core",
    "courses.utils.model_helpers",
    "courses.validation",
    "courses.validators",
    "courses.views.mixins",
)


@finding("COMPAT-01", cases={name: {"module": name} for name in CALLED})
def functions_are_called_as_before(on: Probe, module: str) -> None:
    """Every public function takes the arguments that it took, by their places and by their names, and needs no others."""
    refusing = [
        f"{name}({', '.join(parameters)}): {why}"
        for name, parameters in on.contract.compat.calls[module].items()
        if (why := _refusal(on.name(f"{module}.{name}"), parameters))
    ]

    assert refusing == [], "; ".join(refusing)


def _refusal(function: Any, parameters: Sequence[str]) -> str:
    """Why a function cannot be called with these parameters; "" where it can, or does not say what it takes."""
    try:
        signature = inspect.signature(function)
    except ValueError:
        return ""
    names = [name.removesuffix("=") for name in parameters if name != "/"]
    needed = [name for name in parameters if not name.endswith("=") and name != "/"]
    by_name = {} if "/" in parameters else dict.fromkeys(names, 0)
    try:
        signature.bind(*needed)
        signature.bind(*names)
        if by_name:
            signature.bind(**by_name)
    except TypeError as refusal:
        return str(refusal)
    return ""


@finding("COMPAT-01")
def url_names_lead_where_they_led(on: Probe) -> None:
    """Every URL name can be reversed, to the path it had; only one of what a backend may lack may be gone."""
    from django.urls import NoReverseMatch, reverse

    operations, optional, moved = on.contract.api.operations.values(), optional_operations(on.contract), []
    needed = {operation.path for operation in operations if operation.id not in optional}
    spare = {operation.path for operation in operations} - needed
    for name, path in on.contract.compat.url_names.items():
        parameters = [SAMPLE] * len(parameters_of(path))
        try:
            found = reverse(name, args=parameters)
        except NoReverseMatch:
            if path in spare:
                continue
            found = "nowhere"
        if found != filled(path, parameters):
            moved.append(f"{name} leads to {found}")

    assert moved == [], "; ".join(moved)


@finding("COMPAT-01", needs="http")
def every_method_is_still_answered(on: Probe) -> None:
    """Each path answers the methods it answered: none of them is refused as unknown."""
    paths = set(on.contract.compat.url_names.values())
    optional, lost = optional_operations(on.contract), []
    for operation in on.contract.api.operations.values():
        if operation.path not in paths or operation.id in optional:
            continue
        path = operation.path_for(operation.missing)
        answer = on.ask("OPTIONS", path, by="staff")
        allowed = {method.strip() for method in answer.header("Allow").split(",")}
        # Somebody who may not even ask is told nothing; then the method itself says whether it exists.
        if allowed != {""} and operation.method not in allowed:
            lost.append(f"{operation.method} {operation.path}")

    assert lost == [], f"no longer answered: {', '.join(lost)}"


@finding("COMPAT-01", needs="http", cases={name: {"operation": name} for name in SHOWN})
def answers_have_the_keys_they_had(on: Probe, operation: str) -> None:
    """Somebody for whom an answer opens completely finds every key in it that was there before."""
    subject, principal = SHOWN[operation]

    answer = on.send(operation, subject, by=principal, query=on.contract.api.operations[operation].query)

    assert answer.status == 200
    shown = _object(answer.json)
    lost = [key for key in on.contract.compat.response_keys[operation] if key not in shown]
    assert lost == [], f"the answer has no {', '.join(lost)} any more"


@finding(
    "COMPAT-01",
    needs="http",
    cases={f"{name}.{where}": {"operation": name, "where": where} for name, where in ROWS},
)
def rows_have_the_keys_they_had(on: Probe, operation: str, where: str) -> None:
    """Somebody for whom rows of an answer open completely finds every key in each of them that was there before."""
    subject, principal = ROWS[operation, where]

    answer = on.send(operation, subject, by=principal, query=on.contract.api.operations[operation].query)

    # A list may stand in an envelope, or bare.
    rows = rows_of(answer, () if where == "results" else (where,))
    assert rows, f"there are no rows in {where}"
    keys = on.contract.compat.row_keys[operation][where]
    lost = sorted({key for row in rows for key in keys if key not in _object(row)})
    assert lost == [], f"rows of {where} have no {', '.join(lost)} any more"


def _object(shown: Any) -> dict[str, Any]:
    if not isinstance(shown, dict):
        raise AssertionError(f"the answer is {type(shown).__name__}, not an object")
    return shown


@finding("COMPAT-01", "UX-04", "SER-06", needs="http")
def old_keys_stay_beside_new_ones(on: Probe) -> None:
    """A key that was renamed is answered under its old name, too, with the same value."""
    answers = {
        "user-progress-stats.retrieve": on.send("user-progress-stats.retrieve", by="registered").json,
        "reviews.retrieve": on.send("reviews.retrieve", "review-registered", by="registered").json,
    }
    pairs = [
        (answer[old], answer[new])
        for old, new in {**on.contract.compat.deprecated, **on.contract.compat.renamed}.items()
        for answer in answers.values()
        if isinstance(answer, dict) and old in answer and new in answer
    ]
    if not pairs:
        raise NotApplicable("no answer has a key that was renamed")

    assert [pair for pair in pairs if pair[0] != pair[1]] == []


BULK = {name: {"operation": f"draft-content.{name}"} for name in ("reorder", "bulk_update")}


@finding("COMPAT-01", needs="http", cases=BULK)
def a_missing_list_is_told_as_it_was(on: Probe, operation: str) -> None:
    """Whoever sends no list to an operation that takes one is told so under `detail`, with 400."""
    answer = on.send(operation, by="owner", body={})
    check_routed(operation, answer)

    assert answer.status == 400
    assert "detail" in _object(answer.json), f"told is {answer.text[:200]}"
