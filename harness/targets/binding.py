"""Finding out which backend was meant, before any of its code runs."""

from __future__ import annotations

import ast
import os
import shlex
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from coursegate.contracts.agreement import Agreement, agreement_in, load_agreement
from coursegate.contracts.contract import FOLDER, Contract, load_contract
from coursegate.contracts.reading import ContractError
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.observation import BASE
from coursegate.harness.targets.manage import set_by_manage
from coursegate.harness.targets.renamed_models import accept_renamed

OVERLAY_SETTINGS = "coursegate.harness.targets.overlay_settings"
# The overlay is imported by name, in this process and in those it starts; this is how it learns what to overlay.
SETTINGS_VARIABLE = "COURSEGATE_TARGET_SETTINGS"
SCRATCH_VARIABLE = "COURSEGATE_SCRATCH"
DATABASE_VARIABLE = "COURSEGATE_DATABASE"
AS_IS_VARIABLE = "COURSEGATE_SETTINGS_AS_IS"
# What a developer or a test of the gate says to Python for its own processes: none of the business of those it starts.
DEVELOPING = ("PYTHONDEVMODE", "PYTHONWARNINGS")


class Database(StrEnum):
    """Which database the backend runs on."""

    MEMORY = "memory"
    # For several threads that share it: SQLite in memory locks whole tables against each other.
    DISK = "disk"
    # The one that its settings name, to write a world into it.
    OWN = "own"


class TargetError(WrongQuestion):
    """The question was wrong: there is no such backend to judge (exit code 4)."""


@dataclass(frozen=True)
class Binding:
    """A backend checkout.

    Attributes:
        path: the folder that holds manage.py; the backend imports from here.
        settings: its own settings module.
        agreement: what its team says of it.
        as_is: whether of its settings only what would reach others or write into the checkout is replaced.
        named: whether the settings were named by hand, so that whoever asks again must name them, too.
    """

    path: Path
    settings: str
    agreement: Agreement = field(default_factory=Agreement, compare=False)
    as_is: bool = False
    named: bool = False

    # Where its requests go when they are sent again by hand.
    base_url = BASE

    @cached_property
    def sources(self) -> Path:
        """The folder that its app `courses` stands in: its own, or one below, `apps` or `src` say."""
        return _sources(self.path)

    @cached_property
    def roots(self) -> tuple[Path, ...]:
        """Where it imports from; what its settings add when they are loaded comes on top."""
        below = self.sources
        return (self.path,) if _exists(self.path, self.settings) else (self.path, below)

    @property
    def python_path(self) -> str:
        """The same, for processes that are started: before what the shell says."""
        return os.pathsep.join(filter(None, [*map(str, self.roots), os.environ.get("PYTHONPATH", "")]))

    @property
    def label(self) -> str:
        return str(self.path)

    def contract(self, folder: Path = FOLDER, size: int = 1) -> Contract:
        """What it is judged by: the promises as its team's own word leaves them, with a world of that size.

        Raises:
            ContractError: they cannot be used.
        """
        return load_contract(folder, size, self.agreement)

    @property
    def options(self) -> str:
        """What to type to have it judged again."""
        said = self.agreement.path
        config = (
            f" --config={shlex.quote(str(said))}"
            if said and said.parent not in self.path.parents and said.parent != self.path
            else ""
        )
        settings = f" --settings={shlex.quote(self.settings)}" * self.named
        as_is = " --settings-as-is" * self.as_is
        return f"--target={shlex.quote(str(self.path))}{settings}{config}{as_is}"

    def described(self) -> dict[str, Any]:
        said = {"kind": "path", "path": str(self.path), "settings": self.settings}
        return {**said, **({"agreement": self.agreement.described()} if self.agreement.path else {})}

    def activate(self, scratch: Path, *, database: Database = Database.MEMORY) -> None:
        """Make this process, and those it starts, run the backend under the overlay.

        A database on disk is a file in `scratch`. On the target's own the overlay is only what `seeding.REPLACED` names.

        Overwrites a DJANGO_SETTINGS_MODULE of the shell: the target decides, nothing else. What else the shell says
        goes before what manage.py sets. Nothing is written into the checkout, byte code included.
        """
        sys.dont_write_bytecode = True
        roots = [str(root) for root in self.roots]
        sys.path[:] = [*roots, *(entry for entry in sys.path if entry not in roots)]
        os.environ.update({**set_by_manage(self.path), **os.environ})
        os.environ.update(self.surroundings(scratch, database=database))
        accept_renamed(self.agreement.models)

    def surroundings(self, scratch: Path, *, database: Database = Database.MEMORY) -> dict[str, str]:
        """The variables of a process that runs the backend under the overlay."""
        return {
            SETTINGS_VARIABLE: self.settings,
            SCRATCH_VARIABLE: str(scratch),
            DATABASE_VARIABLE: str(database),
            AS_IS_VARIABLE: "1" if self.as_is else "",
            "DJANGO_SETTINGS_MODULE": OVERLAY_SETTINGS,
            # Else Hypothesis keeps what it learns from our own modules in the current folder, which is the checkout.
            "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch / "hypothesis"),
        }

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """The backend's folder as the current one, as it is for manage.py: settings read files from there, and
        libraries that import from the current folder must not find another checkout.
        """
        before = Path.cwd()
        os.chdir(self.path)
        try:
            yield
        finally:
            os.chdir(before)

    def owns(self, file: str) -> bool:
        """Whether a file is the backend's own code, not a library of an environment inside its folder."""
        path = Path(file)
        if not path.is_relative_to(self.path):
            return False
        return not {"site-packages", "dist-packages"} & set(path.relative_to(self.path).parts)

    def relative(self, file: str) -> str:
        return str(Path(file).relative_to(self.path)) if self.owns(file) else file

    def place(self, stack: Sequence[traceback.FrameSummary]) -> str:
        """The deepest line of the backend's own code in a stack."""
        own = [frame for frame in stack if self.owns(frame.filename)]
        frame = (own or stack)[-1] if stack else None
        return f"{self.relative(frame.filename)}:{frame.lineno}" if frame else "unknown"


def locate(path: Path, settings: str = "", config: Path | None = None, *, as_is: bool = False) -> Binding:
    """The backend at `path`, with its settings module given, agreed on by its team, or read from manage.py.

    Args:
        config: the team's file; by default the one that stands in the checkout, if any.
        as_is: replace of its settings only what would reach others or write into the checkout.

    Raises:
        TargetError: no such folder, no manage.py, no `courses` app, no such settings module, or a team's file that
            says something it must not.
    """
    root = path.expanduser().resolve()
    if not root.is_dir():
        raise TargetError(f"--target={path}: there is no such folder. Name the folder that holds manage.py.")
    if not (root / "manage.py").is_file():
        inner = sorted(found.parent.name for found in root.glob("*/manage.py"))
        hint = (
            f" Did you mean --target={path / inner[0]}?"
            if inner
            else " Name the folder that holds manage.py."
        )
        raise TargetError(f"--target={path}: not a Django backend, it has no manage.py.{hint}")
    agreement = agreed(config, root)
    if not any(_sources(root).glob("courses/*.py")):
        raise TargetError(
            f"--target={path}: this backend has no `courses` app, and that is what the gate judges."
        )
    module = settings or agreement.settings or _named_in(root / "manage.py")
    if not module:
        raise TargetError(
            f"{root / 'manage.py'} names no settings module: say which with --settings=package.settings."
        )
    if not (_exists(root, module) or _exists(_sources(root), module)):
        known = ", ".join(sorted(_settings_modules(root))) or "none found"
        raise TargetError(
            f"settings module {module!r} is not in {root} (found there: {known}). Say which with --settings."
        )
    return Binding(root, module, agreement, as_is, named=bool(settings))


def agreed(config: Path | None, root: Path | None) -> Agreement:
    """What a team says of its backend: in the file that was named, else in its checkout, else nothing.

    Raises:
        TargetError: the file is malformed.
    """
    try:
        if config is not None:
            return load_agreement(config)
        return agreement_in(root) if root is not None else Agreement()
    except ContractError as problem:
        raise TargetError(f"what the team says of its backend cannot be used: {problem}") from None


def _named_in(manage: Path) -> str:
    """What manage.py passes to `os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...)`."""
    try:
        tree = ast.parse(manage.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match [argument.value for argument in node.args if isinstance(argument, ast.Constant)]:
                case ["DJANGO_SETTINGS_MODULE", str(module)]:
                    return module
    return ""


def _sources(root: Path) -> Path:
    here = any(root.glob("courses/*.py"))
    return (
        root if here else next((found.parent.parent for found in sorted(root.glob("*/courses/*.py"))), root)
    )


def _exists(root: Path, module: str) -> bool:
    path = root.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _settings_modules(root: Path) -> set[str]:
    modules = {
        ".".join(file.relative_to(base).with_suffix("").parts)
        for base in {root, _sources(root)}
        for form in ("*/settings*.py", "*/settings/*.py")
        for file in base.glob(form)
    }
    return {module.removesuffix(".__init__") for module in modules}
