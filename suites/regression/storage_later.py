"""Start a backend whose storage has no credentials at first, and has them later: a process for each provider."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursegate.harness.probing.probe import Probe
from coursegate.harness.probing.syntax import every_module_below
from coursegate.suites.regression import played_clouds

PROVIDERS = ("s3", "gcs")
_CREDENTIAL = re.compile(r"[A-Z][A-Z0-9_]*(KEY|SECRET|CREDENTIAL|ACCOUNT|HMAC)[A-Z0-9_]*")
# Before anything of the backend is loaded. What the libraries would say to the provider is not what is asked.
LATER = """
import importlib, logging, tempfile
from django.apps import apps
from django.conf import settings

# By the names of the libraries, and by those that the backend's own code asks for.
KEYS = {
    "s3": dict.fromkeys([*OWN, *AWS_KEYS], "a-key"),
    "gcs": {**{name: "a-key" if "KEY" in name else "a-file" for name in OWN}, GOOGLE_FILE: "a-file"},
}
OTHERS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
for name in (*OWN, *AWS_KEYS, GOOGLE_FILE, *OTHERS):
    os.environ.pop(name, None)
warnings = []

class Kept(logging.Handler):
    def emit(self, record):
        if record.levelno == logging.WARNING and record.pathname.startswith(os.getcwd()):
            warnings.append((record.pathname, record.getMessage()))

def described(call):
    try:
        return {"returned": call()}
    except BaseException as problem:
        kinds = [kind.__name__ for kind in type(problem).__mro__]
        return {"raised": kinds, "said": str(problem), "status": getattr(problem, "status_code", 0)}

def application(names):
    # As `celery -A` looks for it in a module, and in a package; where one of them breaks, so would the worker.
    from celery import Celery
    from celery.app.utils import find_app
    for name in names:
        try:
            importlib.import_module(name)
            found = find_app(name)
        except ModuleNotFoundError as problem:
            if not f"{name}.".startswith(f"{problem.name}."):
                raise
            continue
        except AttributeError:
            if name not in sys.modules:
                raise
            continue
        if isinstance(found, Celery):
            return found
    return None

def worker(names):
    celery = application(names)
    if celery is None:
        return "no application"
    celery.loader.import_default_modules()
    celery.finalize()
    return "started"

def said_anyway():
    # What is logged although nothing is missing, by the same modules and the apps as they start, is about something else.
    del warnings[:]
    modules = {module.__file__: name for name, module in list(sys.modules.items()) if getattr(module, "__file__", None)}
    steps = [lambda name=modules[file]: importlib.reload(sys.modules[name]) for file in warned if file in modules]
    for config in apps.get_app_configs():
        if config.path.startswith(os.getcwd()):
            steps.append(config.ready)
    for step in steps:
        described(step)
    return {text for _, text in warnings}

def look(provider, names, file):
    play()
    settings.CLOUD_STORAGE_PROVIDER, settings.CLOUD_STORAGE_BUCKET = provider, "a-bucket"
    for name in (*OWN, *AWS_KEYS, GOOGLE_FILE):
        if getattr(settings, name, None):
            setattr(settings, name, None)
    logging.getLogger().addHandler(Kept())
    told = {"provider": provider}
    told["populated"] = described(lambda: apps.populate(settings.INSTALLED_APPS))
    told["worker"] = described(lambda: worker(names))
    told["imported"] = described(lambda: bool(importlib.import_module("courses.storage")))
    warned = dict(warnings)
    texts = [text for _, text in warnings]
    globals()["warned"] = warned
    storage = sys.modules.get("courses.storage")
    told["without"] = described(lambda: storage.generate_presigned_post("a.pdf", "application/pdf"))
    for name, value in KEYS[provider].items():
        os.environ[name] = file if value == "a-file" else value
        setattr(settings, name, os.environ[name])
    told["with"] = described(lambda: storage.generate_presigned_post("a.pdf", "application/pdf"))
    anyway = said_anyway()
    told["warnings"] = [text for text in texts if text not in anyway]
    told["anyway"] = sorted(anyway)
    os.write(1, (json.dumps(told, default=str) + chr(10)).encode())  # at once, whoever else writes

processes = []
with tempfile.NamedTemporaryFile("w", suffix=".json") as account:
    json.dump(SERVICE_ACCOUNT, account)
    account.flush()
    for provider in ("s3", "gcs"):
        process = os.fork()
        if not process:
            try:
                look(provider, sys.argv[1:], account.name)
            finally:
                os._exit(0)
        processes.append(process)
    for process in processes:
        os.waitpid(process, 0)
"""


def told_without_credentials(on: Probe, provider: str) -> dict[str, Any]:
    """What a process saw in which the provider had no credentials at first, and had them later.

    `populated`, `worker`, `imported`, `without` and `with` are what each step returned or raised; `warnings` is what was
    logged before credentials were there, and is not logged with them.
    """
    project = on.checkout.settings.partition(".")[0]
    names = [project, f"{project}.celery", *applications_of(on.checkout.roots)]
    played = Path(played_clouds.__file__).read_text("utf-8")
    program = f"{played}\nOWN = {_credentials_asked_for(on)!r}\n{LATER}"
    done = on.once("storage without credentials", lambda: on.fresh(program, arguments=names))
    lines = [json.loads(line) for line in done.out.splitlines() if line.startswith('{"provider"')]
    found = [told for told in lines if told["provider"] == provider]
    assert found, f"the process ended early: {done.last_line}"
    told: dict[str, Any] = found[0]
    return told


def _credentials_asked_for(on: Probe) -> list[str]:
    """The settings and variables of credentials that the code of the storage names, whatever a team calls them."""
    trees = [on.tree(file) for file in on.files("courses") if "storage" in file]
    words = {word for tree in trees for node in ast.walk(tree) for word in _words(node)}
    return sorted(word for word in words if _CREDENTIAL.fullmatch(word))


def _words(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [node.attr]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def applications_of(roots: Sequence[Path]) -> list[str]:
    """The modules that make a Celery application, wherever a project keeps it below the folders that it imports from."""
    found: dict[str, None] = {}
    seen: set[Path] = set()
    for root in reversed(roots):  # a folder below another one is looked through first
        for file in every_module_below(root, "."):
            if root / file not in seen and _makes_an_application(root / file):
                found[file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")] = None
            seen.add(root / file)
    return list(found)


def _makes_an_application(file: Path) -> bool:
    source = file.read_bytes()
    if b"Celery" not in source or file.parent.name == "tests":
        return False
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return any(_makes_one(node) for node in tree.body)


def _makes_one(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AnnAssign) and any(
        isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "Celery"
        for call in ast.walk(node)
    )
