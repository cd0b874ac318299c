"""`courses/storage.py`: types of files, and a storage whose credentials may come later."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from coursegate.harness.client import NotApplicable
from coursegate.harness.probing.probe import Probe
from coursegate.suites.regression.finding import finding

STORAGE = "courses.storage"
UNKNOWN = "application/octet-stream"
PROVIDERS = ("s3", "gcs")
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


# One process for each provider, before anything of the backend is loaded. Its libraries are played: what they would say
# to the provider is not what is asked.
LATER = """
import importlib, json, logging, os, sys
from unittest.mock import MagicMock
from django.apps import apps
from django.conf import settings

KEYS = {"AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-secret"}
for name in [*KEYS, "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"]:
    os.environ.pop(name, None)
warnings = []

class Kept(logging.Handler):
    def emit(self, record):
        if record.levelno == logging.WARNING and record.pathname.startswith(os.getcwd()):
            warnings.append(record.getMessage())

def described(call):
    try:
        return {"returned": call()}
    except BaseException as problem:
        kinds = [kind.__name__ for kind in type(problem).__mro__]
        return {"raised": kinds, "said": str(problem), "status": getattr(problem, "status_code", 0)}

def played(provider):
    library = MagicMock(name="library")
    post = {"url": "https://a-bucket.example.test/", "fields": {"key": "a-key"}}
    library.client.return_value.generate_presigned_post.return_value = post
    library.session.Session.return_value.client.return_value.generate_presigned_post.return_value = post
    names = ("boto3", "boto3.session") if provider == "s3" else ()
    for name in (*names, *(("botocore", "botocore.exceptions", "botocore.config", "botocore.client") if names else ())):
        sys.modules[name] = library if name == "boto3" else MagicMock(name=name)
    for name in ("ClientError", "NoCredentialsError", "BotoCoreError", "PartialCredentialsError"):
        if names:
            setattr(sys.modules["botocore.exceptions"], name, type(name, (Exception,), {}))

def look(provider):
    played(provider)
    settings.CLOUD_STORAGE_PROVIDER, settings.CLOUD_STORAGE_BUCKET = provider, "a-bucket"
    for name in KEYS:
        setattr(settings, name, "")
    logging.getLogger().addHandler(Kept())
    told = {"provider": provider}
    told["populated"] = described(lambda: apps.populate(settings.INSTALLED_APPS))
    def worker():
        celery = importlib.import_module(sys.argv[1] + ".celery").app
        celery.loader.import_default_modules()
        celery.finalize()
        return "started"
    told["worker"] = described(worker)
    told["imported"] = described(lambda: bool(importlib.import_module("courses.storage")))
    told["warnings"] = list(warnings)
    storage = sys.modules.get("courses.storage")
    told["without"] = described(lambda: storage.generate_presigned_post("a.pdf", "application/pdf"))
    for name, value in KEYS.items():
        os.environ[name] = value
        setattr(settings, name, value)
    told["with"] = described(lambda: storage.generate_presigned_post("a.pdf", "application/pdf"))
    os.write(1, (json.dumps(told, default=str) + chr(10)).encode())  # at once, whoever else writes

processes = []
for provider in sys.argv[2:]:
    process = os.fork()
    if not process:
        try:
            look(provider)
        finally:
            os._exit(0)
    processes.append(process)
for process in processes:
    os.waitpid(process, 0)
"""


def _told(on: Probe, provider: str) -> dict[str, Any]:
    """What a process saw in which the provider had no credentials at first, and had them later."""
    project = on.checkout.settings.partition(".")[0]
    done = on.once("storage without credentials", lambda: on.fresh(LATER, arguments=[project, *PROVIDERS]))
    lines = [json.loads(line) for line in done.out.splitlines() if line.startswith('{"provider"')]
    found = [told for told in lines if told["provider"] == provider]
    assert found, f"the process ended early: {done.last_line}"
    told: dict[str, Any] = found[0]
    return told


def _problem(told: dict[str, Any]) -> str:
    return f"{told['raised'][0]}: {told['said']}" if "raised" in told else ""


@finding("STO-02", needs="source", cases=EACH)
def loading_without_credentials_only_warns(on: Probe, provider: str) -> None:
    """Without credentials the storage loads, and the log warns of what is missing."""
    told = _told(on, provider)

    assert _problem(told["populated"]) == _problem(told["imported"]) == ""
    assert told["warnings"], "nothing in the log says that credentials are missing"


@finding("STO-02", needs="source", cases=EACH)
def a_worker_starts_without_credentials(on: Probe, provider: str) -> None:
    """A Celery worker loads its tasks although the storage has no credentials yet."""
    worker = _told(on, provider)["worker"]

    if "ModuleNotFoundError" in worker.get("raised", ()) and ".celery" in worker["said"]:
        raise NotApplicable(f"this project has no Celery application: {worker['said']}")
    assert _problem(worker) == ""
    assert worker["returned"] == "started"


@finding("STO-02", needs="source", cases=EACH)
def a_request_without_credentials_is_refused(on: Probe, provider: str) -> None:
    """Where an upload is asked for without credentials, it is refused with a clear error: no address is made up."""
    asked = _told(on, provider)["without"]

    assert "raised" in asked, f"an upload is prepared without credentials: {asked.get('returned')}"
    assert "ImproperlyConfigured" in asked["raised"] or asked["status"] == 503, _problem(asked)
    assert asked["said"], "the error does not say what is missing"


@finding("STO-02", needs="source", cases={"s3": {"provider": "s3"}})
def credentials_that_come_later_are_used(on: Probe, provider: str) -> None:
    """Once there are credentials the next upload is prepared, in the same process."""
    asked = _told(on, provider)["with"]

    assert _problem(asked) == ""
    assert asked["returned"]["url"] == "https://a-bucket.example.test/"
