"""`coursegate`: what a person can ask from a shell."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursegate import __version__
from coursegate.commands.extras import command as extra_command
from coursegate.commands.places import INI, ROOT, cache_folder
from coursegate.commands.run_services import add_service_options
from coursegate.commands.sharing import sharing_options
from coursegate.commands.supervising import INTERRUPTED, supervised
from coursegate.commands.terms import add_guards
from coursegate.contracts.contract import FOLDER as CONTRACT_FOLDER
from coursegate.contracts.world import SIZES
from coursegate.contracts.wrong_question import WrongQuestion
from coursegate.harness.targets.deployment import is_url
from coursegate.harness.world import DEFAULT_SEED

WRONG_QUESTION = 4
# What a command is called, and what it is for; its module is called like it.
COMMANDS = {
    "prove": "put seeded defects into the reference backend: do the checks notice?",
    "races": "run every race many times: how often does one break?",
    "mutants": "make small mistakes in what decides access in the reference backend: which are missed?",
    "findings": "what the audit asks for: all, by file, or one explained",
    "load": "put a backend under load: does it hold, and stay honest?",
    "waivers": "what may stay broken for a while: check, suggest, prune",
    "diff": "what a change did to the promises, from two gate.json",
    "init": "write what a backend's repository needs to be judged",
    "check": "do contract and waiver files say only what they may?",
    "checks": "every check that a run of everything makes, or that a release did",
    "coverage": "which requirements of common standards are judged, by what",
    "annotate": "the gravest results, as GitHub shows them at the code",
    "completion": "what a shell needs to complete these commands",
    "corpus": "generate requests, and keep what is worth replaying",
    "diff-contract": "what of a new contract breaks clients of the old one? exit code 1 if anything does",
}
# Those that are about one target, whose options they share.
ABOUT_A_TARGET = {
    "doctor": "can this backend be judged? source, imports, start, database, http",
    "replay": "ask one check again, and say what came back",
    "seed": "write the world into the database that a deployment really runs on",
    "serve": "run a backend with the seeded world on a loopback port, until stopped",
}
# Those whose packages come as an extra.
EXTRAS = {"load": "load"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question. Returns the exit code (design, "Verdicts and exit codes")."""
    asked = sys.argv[1:] if arguments is None else arguments
    parser = _parser(asked)
    said, rest = parser.parse_known_args(asked)
    if said.command == "run":
        return _run(rest, said.target, said.python)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    # A job that is cancelled clears away what it has begun, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(said.answer(said))
    except WrongQuestion as problem:
        print(f"coursegate {said.command}: {problem}", file=sys.stderr)
        return WRONG_QUESTION
    except KeyboardInterrupt:
        print(f"coursegate {said.command}: interrupted before it had an answer", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser(asked: Sequence[str]) -> argparse.ArgumentParser:
    """What can be asked; the options of a command only where it is among the words that are, as loading all takes a second."""
    parser = argparse.ArgumentParser(
        prog="coursegate", description="The compliance gate for the EduCore courses API."
    )
    parser.add_argument("--version", action="version", version=f"coursegate {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="judge a backend; further options go to pytest", allow_abbrev=False)
    run.add_argument(
        "--target", metavar="PATH|URL", help="the backend to judge (default: the reference backend)"
    )
    run.add_argument(
        "--python",
        metavar="PYTHON",
        type=Path,
        help="the interpreter of the target's own environment: it runs there, and is judged over HTTP",
    )
    # What the options of some commands need to know.
    known = {
        "load": (ROOT / "backend",),
        "corpus": (ROOT / "backend", CONTRACT_FOLDER),
        "completion": (parser,),
    }
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        if name in asked or "completion" in asked:
            module = _module(name)
            command.set_defaults(answer=module.answer)
            module.add_arguments(command, *known.get(name, ()))
    _add_those_about_a_target(commands)
    return parser


def _module(name: str) -> Any:
    if name in EXTRAS:
        return extra_command(name, EXTRAS[name])
    return importlib.import_module(f"coursegate.commands.{name.replace('-', '_')}")


def _add_those_about_a_target(commands: Any) -> None:
    for name, help_text in ABOUT_A_TARGET.items():
        command = commands.add_parser(name, help=help_text)
        command.set_defaults(answer=lambda said: _module(said.command).answer(said))
        command.add_argument("--target", metavar="PATH", default=str(ROOT / "backend"))
        command.add_argument("--settings", metavar="MODULE", default="")
        command.add_argument("--settings-as-is", action="store_true")
        command.add_argument("--config", metavar="FILE", type=_absolute, help="the team's coursegate.toml")
        command.add_argument("--contract", metavar="FOLDER", type=_absolute, default=CONTRACT_FOLDER)
        command.add_argument("--world-seed", "--seed", metavar="TEXT", default=DEFAULT_SEED)
        command.add_argument("--size", type=int, choices=SIZES, default=1)
        if name in {"doctor", "replay"}:
            add_guards(command.add_argument)
            command.add_argument(
                "--world",
                metavar="FILE",
                type=_absolute,
                help="what stands in the database of a --target=URL",
            )
        if name == "doctor":
            command.add_argument(
                "--install",
                action="store_true",
                help="make an environment with what it requires, and the gate",
            )
        if name == "replay":
            add_service_options(command.add_argument)
            command.add_argument(
                "--allow-writes", action="store_true", help="of a URL: send what writes, too"
            )
            command.add_argument(
                "cell", metavar="CELL", help="its id, such as access/lessons.retrieve/lesson-premium/guest"
            )
        if name == "seed":
            command.add_argument(
                "--output", metavar="FILE", type=_absolute, required=True, help="where to write what is there"
            )
            command.add_argument(
                "--yes-write-to",
                metavar="HOST",
                action="append",
                default=[],
                help="a database on this host may be written to; others only on this machine",
            )
        if name == "serve":
            command.add_argument("--host", metavar="HOST", default="127.0.0.1", help="a loopback address")
            command.add_argument("--port", metavar="PORT", type=int, default=8000, help="0 for any free one")
            command.add_argument(
                "--world", metavar="FILE", type=_absolute, help="where to write what is there, for a live run"
            )


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _run(rest: list[str], target: str | None, python: Path | None) -> int:
    """pytest under the gate's own settings, whatever folder this is called from."""
    # What `--lf` remembers; not in the current folder, which may be the target.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(INI),
        f"--rootdir={ROOT}",
        "-o",
        f"cache_dir={cache_folder()}",
    ]
    suites = str(ROOT / "suites")
    if python is not None:
        if target is None or is_url(target):
            print("coursegate run: --python needs --target=PATH, the checkout that it runs", file=sys.stderr)
            return WRONG_QUESTION
        from coursegate.commands.own_interpreter import run_there  # only here, as it loads the suites

        return run_there(python, target, [*rest, suites], command)
    named = [f"--target={target if is_url(target) else Path(target).absolute()}"] if target else []
    return supervised([*command, *named, *sharing_options(rest), *rest, suites])


if __name__ == "__main__":
    sys.exit(main())
