"""`courses/storage.py`: types of files, and a storage whose credentials may come later."""

from __future__ import annotations

import json
import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.storage_later import PROVIDERS, told_without_credentials

STORAGE = "courses.storage"
UNKNOWN = "application/octet-stream"
EACH = {name: {"provider": name} for name in PROVIDERS}
# An address of the bucket, whichever of the ways a provider has to write one.
BUCKET = re.compile(r"https://[^\s\"]*a-bucket")


def _infer(on: Probe, extension: Any) -> Any:
    return on.name(f"{STORAGE}._infer_content_type_from_extension")(extension)


@finding(
    "STO-01",
    cases={
        name: {"extension": extension, "wanted": wanted}
        for name, extension, wanted in (
            ("pdf", ".pdf", "application/pdf"),
            ("upper-case", ".PDF", "application/pdf"),
            ("mixed-case", ".Png", "image/png"),
            ("jpeg", ".jpg", "image/jpeg"),
            ("unknown", ".nobody-knows", UNKNOWN),
            ("empty", "", UNKNOWN),
            ("dot", ".", UNKNOWN),
        )
    },
)
def a_type_follows_from_the_extension(on: Probe, extension: str, wanted: str) -> None:
    """The type of a file is inferred from its extension, whatever its case; what nobody knows is a stream of bytes."""
    assert _infer(on, extension) == wanted


@finding(
    "STO-01",
    cases={
        "none": {"odd": None},
        "path": {"odd": "../../etc/passwd"},
        "number": {"odd": 7},
        "signs": {"odd": ".\x00é🎓"},
    },
)
def no_extension_breaks_it(on: Probe, odd: Any) -> None:
    """However odd an extension is, inferring its type raises nothing."""
    assert _infer(on, odd) == UNKNOWN


def _texts(value: Any) -> Iterator[str]:
    """Every text of a table, however it is built: the types that it lists are among them."""
    if isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for inner in value:
            yield from _texts(inner)
    else:
        yield str(value)


@finding("STO-01")
def every_inferred_type_may_be_uploaded(on: Probe) -> None:
    """Whatever an extension says, the inferred type is one of those that may be uploaded."""
    allowed = {UNKNOWN, *_texts(on.name("courses.constants.ALLOWED_MIME_TYPES"))}
    extensions = sorted({".exe", ".html", ".svg", ".js", ".php", *mimetypes.types_map})

    inferred = {extension: _infer(on, extension) for extension in extensions}

    refused = [f"{extension} as {kind}" for extension, kind in inferred.items() if kind not in allowed]
    assert not refused, f"inferred, and may not be uploaded: {', '.join(refused)}"
    assert set(inferred.values()) - {UNKNOWN}, "no extension has a type of its own"


@finding("STO-01")
def a_type_is_looked_up_once(on: Probe) -> None:
    """The type of an extension that was asked for before is remembered: the table of types is not asked again."""
    asked: list[Any] = []
    genuine = {
        name: getattr(mimetypes, name)
        for name in ("guess_type", "guess_file_type")
        if hasattr(mimetypes, name)
    }
    first = _infer(on, ".mp4")

    def counting(*arguments: Any, **options: Any) -> Any:
        asked.append(arguments)
        return genuine["guess_type"](*arguments, **options)

    try:
        for name in genuine:
            setattr(mimetypes, name, counting)
        again = [_infer(on, ".mp4") for _ in range(3)]
    finally:
        for name, function in genuine.items():
            setattr(mimetypes, name, function)

    assert again == [first] * 3
    assert asked == [], f"the table was asked {len(asked)} times for an extension that was known"


@contextmanager
def _local(on: Probe) -> Iterator[None]:
    """Files are stored by the backend itself, whether it reads that from the settings or has read it at first."""
    module = on.name(STORAGE)
    known = getattr(module, "STORAGE_PROVIDER", None)
    with on.settings(CLOUD_STORAGE_PROVIDER="local"):
        if known is not None:
            module.STORAGE_PROVIDER = "local"
        try:
            yield
        finally:
            if known is not None:
                module.STORAGE_PROVIDER = known


@finding("STO-01")
def an_upload_needs_no_type(on: Probe) -> None:
    """With local storage an upload can be prepared by the name of the file alone."""
    with _local(on):
        prepared = on.name(f"{STORAGE}.generate_presigned_post")("a.pdf")

    assert isinstance(prepared, dict)
    assert prepared


def _problem(told: dict[str, Any]) -> str:
    return f"{told['raised'][0]}: {told['said']}" if "raised" in told else ""


@finding("STO-02", needs="source", cases=EACH)
def loading_without_credentials_only_warns(on: Probe, provider: str) -> None:
    """Without credentials the storage loads, and the log warns of what is missing."""
    told = told_without_credentials(on, provider)

    assert _problem(told["populated"]) == _problem(told["imported"]) == ""
    others = f"; with them it says the same: {'; '.join(told['anyway'])}" if told["anyway"] else ""
    assert told["warnings"], f"nothing in the log says that credentials are missing{others}"


@finding("STO-02", needs="source", cases=EACH)
def a_worker_starts_without_credentials(on: Probe, provider: str) -> None:
    """A Celery worker loads its tasks although the storage has no credentials yet."""
    told = told_without_credentials(on, provider)
    assert _problem(told["populated"]) == "", "it does not come to a worker"
    worker = told["worker"]

    assert _problem(worker) == ""
    if worker["returned"] == "no application":
        raise NotApplicable("this project has no Celery application: `celery -A` finds none in it")
    assert worker["returned"] == "started"


@finding("STO-02", needs="source", cases=EACH)
def a_request_without_credentials_is_refused(on: Probe, provider: str) -> None:
    """Where an upload is asked for without credentials, it is refused with a clear error: no address is made up."""
    _check_refused(_asked(on, provider, "without"))


def _asked(on: Probe, provider: str, step: str) -> dict[str, Any]:
    """How a request at that step ended, of a storage that loads."""
    told = told_without_credentials(on, provider)
    assert _problem(told["imported"]) == "", "it does not come to a request"
    return dict(told[step])


def _check_refused(asked: dict[str, Any]) -> None:
    assert "raised" in asked, f"an upload is prepared without credentials: {asked.get('returned')}"
    assert "ImproperlyConfigured" in asked["raised"] or asked["status"] == 503, _problem(asked)
    assert asked["said"], "the error does not say what is missing"


@finding("STO-02", needs="source", cases=EACH)
def credentials_that_come_later_are_used(on: Probe, provider: str) -> None:
    """Once there are credentials the next upload is prepared, in the same process."""
    asked = _asked(on, provider, "with")

    assert _problem(asked) == ""
    # What the provider's library has signed, or the backend itself, under whichever name it is handed on.
    assert BUCKET.search(json.dumps(asked["returned"])), (
        "the upload does not go to the bucket of the provider"
    )
