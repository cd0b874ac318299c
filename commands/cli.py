"""`coursegate`: what a person can ask from a shell."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from coursegate import __version__
from coursegate.commands import (
    annotate,
    check,
    completion,
    corpus,
    coverage,
    diff,
    diff_contract,
    doctor,
    findings,
    init,
    mutants,
    prove,
    races,
    replay,
    seed,
    serve,
    waivers,
)
from coursegate.commands.extras import command as extra_command
from coursegate.commands.own_interpreter import run_there
from coursegate.commands.proof.defects import DefectError
from coursegate.commands.run_options import INI, ROOT
from coursegate.commands.supervising import supervised
from coursegate.commands.terms import add_guards
from coursegate.contracts.contract import FOLDER as CONTRACT_FOLDER
from coursegate.contracts.findings import NoSuchFinding
from coursegate.contracts.reading import ContractError
from coursegate.contracts.world import SIZES
from coursegate.harness.report.gate_file import GateFileError
from coursegate.harness.services.guarding import NoService
from coursegate.harness.targets.binding import TargetError
from coursegate.harness.targets.deployment import is_url
from coursegate.harness.targets.seeding import MayNotWrite
from coursegate.harness.world import DEFAULT_SEED
from coursegate.harness.world_file import WorldFileError

WRONG_QUESTION = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question. Returns the exit code (design, "Verdicts and exit codes")."""
    parser = _parser()
    said, rest = parser.parse_known_args(arguments)
    if said.command == "run":
        return _run(rest, said.target, said.python)
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return int(said.answer(said))
    except (
        ContractError,
        TargetError,
        replay.NoSuchCell,
        serve.CannotServe,
        MayNotWrite,
        WorldFileError,
        DefectError,
        NoSuchFinding,
        GateFileError,
        annotate.NoResults,
        NoService,
    ) as problem:
        print(f"coursegate {said.command}: {problem}", file=sys.stderr)
        return WRONG_QUESTION
    except BrokenPipeError:  # whoever read our lines has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
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
    proof = commands.add_parser(
        "prove", help="put seeded defects into the reference backend: do the checks notice?"
    )
    proof.set_defaults(answer=prove.answer)
    prove.add_arguments(proof)
    racing = commands.add_parser("races", help="run every race many times: how often does one break?")
    racing.set_defaults(answer=races.answer)
    races.add_arguments(racing)
    mistakes = commands.add_parser(
        "mutants",
        help="make small mistakes in what decides access in the reference backend: which are missed?",
    )
    mistakes.set_defaults(answer=mutants.answer)
    mutants.add_arguments(mistakes)
    audit = commands.add_parser("findings", help="what the audit asks for: all, by file, or one explained")
    audit.set_defaults(answer=findings.answer)
    findings.add_arguments(audit)
    loading = commands.add_parser("load", help="put a backend under load: does it hold, and stay honest?")
    load = extra_command("load", "load")
    loading.set_defaults(answer=load.answer)
    load.add_arguments(loading, ROOT / "backend")
    waiving = commands.add_parser("waivers", help="what may stay broken for a while: check, suggest, prune")
    waiving.set_defaults(answer=waivers.answer)
    waivers.add_arguments(waiving)
    comparing = commands.add_parser("diff", help="what a change did to the promises, from two gate.json")
    comparing.set_defaults(answer=diff.answer)
    diff.add_arguments(comparing)
    beginning = commands.add_parser("init", help="write what a backend's repository needs to be judged")
    beginning.set_defaults(answer=init.answer)
    init.add_arguments(beginning)
    looking = commands.add_parser("check", help="do contract and waiver files say only what they may?")
    looking.set_defaults(answer=check.answer)
    check.add_arguments(looking)
    covering = commands.add_parser(
        "coverage", help="which requirements of common standards are judged, by what"
    )
    covering.set_defaults(answer=coverage.answer)
    coverage.add_arguments(covering)
    noting = commands.add_parser("annotate", help="the gravest results, as GitHub shows them at the code")
    noting.set_defaults(answer=annotate.answer)
    annotate.add_arguments(noting)
    completing = commands.add_parser("completion", help="what a shell needs to complete these commands")
    completing.set_defaults(answer=completion.answer)
    completion.add_arguments(completing, parser)
    replayed = commands.add_parser("corpus", help="generate requests, and keep what is worth replaying")
    replayed.set_defaults(answer=corpus.answer)
    corpus.add_arguments(replayed, ROOT / "backend", CONTRACT_FOLDER)
    compared = commands.add_parser(
        "diff-contract",
        help="what of a new contract breaks clients of the old one? exit code 1 if anything does",
    )
    compared.set_defaults(answer=diff_contract.answer)
    diff_contract.add_arguments(compared)
    for name, module, help_text in (
        ("doctor", doctor, "can this backend be judged? source, imports, start, database, http"),
        ("replay", replay, "ask one check again, and say what came back"),
        ("seed", seed, "write the world into the database that a deployment really runs on"),
        ("serve", serve, "run a backend with the seeded world on a loopback port, until stopped"),
    ):
        command = commands.add_parser(name, help=help_text)
        command.set_defaults(answer=module.answer)
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
    return parser


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _run(rest: list[str], target: str | None, python: Path | None) -> int:
    """pytest under the gate's own settings, whatever folder this is called from."""
    # What `--lf` remembers; not in the current folder, which may be the target.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coursegate"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(INI),
        f"--rootdir={ROOT}",
        "-o",
        f"cache_dir={cache}",
    ]
    suites = str(ROOT / "suites")
    if python is not None:
        if target is None or is_url(target):
            print("coursegate run: --python needs --target=PATH, the checkout that it runs", file=sys.stderr)
            return WRONG_QUESTION
        return run_there(python, target, [*rest, suites], command)
    named = [f"--target={target if is_url(target) else Path(target).absolute()}"] if target else []
    return supervised([*command, *named, *rest, suites])


if __name__ == "__main__":
    sys.exit(main())
