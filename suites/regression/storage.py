"""`courses/storage.py`: types of files, and a storage whose credentials may come later."""

from __future__ import annotations

import json
import mimetypes
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import modules_below
from coursegate.suites.regression.finding import finding
from coursegate.suites.regression.played_clouds import ADDRESS, AWS_KEYS, GOOGLE_FILE
from coursegate.suites.regression.storage_later import PROVIDERS, told_without_credentials

STORAGE = "courses.storage"
UNKNOWN = "application/octet-stream"
EACH = {name: {"provider": name} for name in PROVIDERS}


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
    "STO-01", cases={"none": {"odd": None}, "path": {"odd": "../../etc/passwd"}, "signs": {"odd": ".\x00é🎓"}}
)
def no_extension_breaks_it(on: Probe, odd: Any) -> None:
    """However odd an extension is, inferring its type raises nothing."""
    assert _infer(on, odd) == UNKNOWN


@finding("STO-01")
def every_inferred_type_may_be_uploaded(on: Probe) -> None:
    """Whatever an extension says, the inferred type is one of those that may be uploaded."""
    listed = on.name("courses.constants.ALLOWED_MIME_TYPES")
    groups = listed.values() if isinstance(listed, dict) else [listed]
    allowed = {UNKNOWN, *(str(kind) for group in groups for kind in group)}
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
def _stored_by(on: Probe, provider: str, **settings: Any) -> Iterator[None]:
    """Files are stored by a provider, or the backend itself, whether it reads that from the settings or has read it."""
    module = on.name(STORAGE)
    known = getattr(module, "STORAGE_PROVIDER", None)
    with on.settings(CLOUD_STORAGE_PROVIDER=provider, **settings):
        if known is not None:
            module.STORAGE_PROVIDER = provider
        try:
            yield
        finally:
            if known is not None:
                module.STORAGE_PROVIDER = known


@finding("STO-01")
def an_upload_needs_no_type(on: Probe) -> None:
    """With local storage an upload can be prepared by the name of the file alone."""
    with _stored_by(on, "local"):
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
    worker = told_without_credentials(on, provider)["worker"]

    assert _problem(worker) == ""
    if worker["returned"] == "no application":
        raise NotApplicable("this project has no Celery application: `celery -A` finds none in it")
    assert worker["returned"] == "started"


@finding("STO-02", needs="source", cases=EACH)
def a_request_without_credentials_is_refused(on: Probe, provider: str) -> None:
    """Where an upload is asked for without credentials, it is refused with a clear error: no address is made up."""
    asked = told_without_credentials(on, provider)["without"]

    assert "raised" in asked, f"an upload is prepared without credentials: {asked.get('returned')}"
    assert "ImproperlyConfigured" in asked["raised"] or asked["status"] == 503, _problem(asked)
    assert asked["said"], "the error does not say what is missing"


@finding("STO-02", needs="source", cases=EACH)
def credentials_that_come_later_are_used(on: Probe, provider: str) -> None:
    """Once there are credentials the next upload is prepared, in the same process."""
    asked = told_without_credentials(on, provider)["with"]

    assert _problem(asked) == ""
    # What the provider's library has signed, under whichever name it is handed on.
    assert ADDRESS in json.dumps(asked["returned"]), "the upload does not go to the provider"


# --- files that are sent to the backend itself ----------------------------------------------------------------------

# Words by which a project chooses where files go before it is asked; the gate puts folders in the place of that.
CHOOSING = (b"STORAGES", b"DEFAULT_FILE_STORAGE", b"storages.backends", b"storage=")


@contextmanager
def _no_credentials() -> Iterator[None]:
    """Nothing in the environment says who somebody is to a provider, nor is a machine asked for it."""
    known = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_") or name == GOOGLE_FILE]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(known)


def _uploaded(on: Probe, media: str) -> int:
    """The status with which an instructor's file is answered, sent as browsers do.

    Raises:
        CannotAsk: the lesson was not built, or its instructor has no token.
    """
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    said = on.contract.api.operations["resources.create"]
    path = said.path.replace("{" + said.lookup + "}", str(on.key("lesson-guest")))
    token = on.client.sign_in("owner")
    file = SimpleUploadedFile("notes.pdf", b"%PDF-1.7\n", content_type="application/pdf")
    client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
    with on.settings(MEDIA_ROOT=media, DEBUG=False):
        answer = client.post(path, {"title": "Notes of a lesson", "type": "document", "file": file})
    return int(answer.status_code)


@finding("STO-02", writes=True, cases=EACH)
def no_file_is_taken_without_credentials(on: Probe, provider: str) -> None:
    """A file that is uploaded while the provider has no credentials is refused, and leaves no resource behind."""
    sources = on.checkout.sources
    if any(
        word in (sources / file).read_bytes() for file in modules_below(sources, ".") for word in CHOOSING
    ):
        raise NotApplicable("this backend chooses where files go in its settings or fields")
    prepare, rows = on.name(f"{STORAGE}.generate_presigned_post"), on.rows("courses.Resource")
    nothing = dict.fromkeys((*AWS_KEYS, GOOGLE_FILE))
    with tempfile.TemporaryDirectory() as media, _no_credentials():
        with _stored_by(on, "local"), on.target.undone():
            status = _uploaded(on, media)
        if status != 201:
            raise NotApplicable(f"no file is sent to this backend itself: it answers {status}")

        with _stored_by(on, provider, CLOUD_STORAGE_BUCKET="a-bucket", DEBUG=False, **nothing):
            if not _raises(lambda: prepare("a.pdf", "application/pdf")):
                raise NotApplicable("this backend reads who stores its files when it is loaded")
            before = rows.count()
            status = _uploaded(on, media)

    assert status >= 400, f"a file that nobody can store is answered {status}"
    assert rows.count() == before, f"a resource is left of a file that is answered {status}"


def _raises(call: Callable[[], Any]) -> bool:
    try:
        call()
    except Exception:  # a provider's library has errors of its own
        return True
    return False
