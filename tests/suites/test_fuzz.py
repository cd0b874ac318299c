"""Generated cases are the same for the same seed, the corpus is read as it was written, failing cases are made small."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from coursegate.contracts.contract import FOLDER, Contract, load_contract
from coursegate.contracts.corpus import Case, load_corpus, sequence_hash, write_corpus
from coursegate.contracts.reading import ContractError
from coursegate.harness.observation import Answer, Exchange, Request
from coursegate.suites.fuzz.alike import Alike, distinct
from coursegate.suites.fuzz.keeping import traits
from coursegate.suites.fuzz.oracles import has_nul, is_public, may_succeed
from coursegate.suites.fuzz.sending import TIERS, Trial
from coursegate.suites.fuzz.sharing import share
from coursegate.suites.fuzz.shrinking import smallest

# A process of its own, so that nothing is remembered: a list that is filtered, and a body with an id in it.
HASHES = """
import itertools, sys
from coursegate.contracts.contract import load_contract
from coursegate.contracts.corpus import sequence_hash
from coursegate.suites.fuzz.generating import generated
contract = load_contract()
for name in ("courses.list", "notes.create"):
    cases = generated(contract.api.operations[name], contract, int(sys.argv[1]))
    print(sequence_hash(itertools.islice(cases, 60)))
"""


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def _hashes(seed: int) -> list[str]:
    command = [sys.executable, "-c", HASHES, str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.split()


def test_same_seed_same_requests() -> None:
    """Two processes draw the same sequence from one seed, and another one from another."""
    first = _hashes(1)

    assert len(first) == 2
    assert _hashes(1) == first
    assert set(_hashes(2)).isdisjoint(first)


def test_time_is_shared_by_all_that_are_asked(contract: Contract) -> None:
    """Nothing of the time is left over, and where there is more to try there is more of it."""
    asked = ("health.retrieve", "search.list", "draft-content.create")
    parts = [share(name, asked, contract) for name in asked]

    assert sum(parts) == pytest.approx(1)
    assert parts == sorted(parts)
    assert parts[0] > 1 / 6
    assert share("search.list", ["search.list"], contract) == 1


def test_replay_needs_no_schemathesis() -> None:
    """Importing the room, and the list of rooms, loads neither schemathesis nor hypothesis."""
    code = "import coursegate.suites.rooms, sys; print({'schemathesis', 'hypothesis'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "set()"


def test_corpus_covers_every_operation(contract: Contract) -> None:
    """Every operation has cases in the committed corpus, each of them once."""
    lines = (FOLDER / "corpus" / "cases.jsonl").read_text(encoding="utf-8").splitlines()

    assert contract.corpus.keys() == contract.api.operations.keys()
    assert len(set(lines)) == len(lines) == sum(map(len, contract.corpus.values()))
    assert all(set(case.tiers) <= set(TIERS) for cases in contract.corpus.values() for case in cases)


def test_corpus_is_read_as_it_was_written(tmp_path: Path, contract: Contract) -> None:
    """A case comes back as it went, odd texts and a body that is false included."""
    cases = [
        Case("notes.create", "", (("page", "\x00\U0001f600"),), {"content": None}, ("staff",), "coverage"),
        Case("notes.create", body=[]),
        Case("notes.retrieve", "$(note-private.pk)"),
    ]
    write_corpus(tmp_path, [*cases, cases[0]])

    found = [case for known in load_corpus(tmp_path, contract.api).values() for case in known]
    assert sorted(found, key=Case.line) == sorted(cases, key=Case.line)
    assert sequence_hash(cases) != sequence_hash(reversed(cases))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is no JSON"),
        ("[]", "is no case"),
        ('{"operation": "notes.list", "method": "GET"}', "is no case"),
        ('{"operation": "notes.burn"}', "no operation is called 'notes.burn'"),
    ],
)
def test_malformed_corpus_is_refused(tmp_path: Path, contract: Contract, line: str, told: str) -> None:
    """A line that is no case is refused with file and line."""
    (tmp_path / "cases.jsonl").write_text(f"{line}\n", encoding="utf-8")

    with pytest.raises(ContractError, match=told):
        load_corpus(tmp_path, contract.api)


def test_failing_case_is_made_small() -> None:
    """What does not make a case fail is left out of it."""
    case = Case("notes.list", query=(("page", "1"), ("course", "x")), body={"a": "y" * 100, "b": 1, "c": 2})

    def fails(tried: Case) -> bool:
        return ("course", "x") in tried.query and "yy" in str(tried.body.get("a")) and "c" in tried.body

    small = smallest(case, fails)
    assert fails(small)
    assert small.query == (("course", "x"),)
    assert small.body.keys() == {"a", "c"}
    assert len(small.body["a"]) < 20


def _trial(contract: Contract, statuses: dict[str, int]) -> Trial:
    seen = {
        tier: Exchange(Request("POST", "/", tier), Answer(status, {}, b"{}"))
        for tier, status in statuses.items()
    }
    return Trial(Case("notes.create"), contract.api.operations["notes.create"], seen, {})


def test_tiers_that_are_answered_alike_speak_for_each_other(contract: Contract) -> None:
    """Once several tiers were answered alike, one of them is asked; everybody is asked again from time to time."""
    alike = Alike()
    statuses = {tier: 401 if tier == "guest" else 201 for tier in TIERS}
    asked = []
    for _ in range(10):
        asked.append(alike.tiers())
        alike.note(_trial(contract, dict.fromkeys(TIERS, 0) | {t: statuses[t] for t in asked[-1]}))

    assert asked[0] == asked[1] == asked[4] == TIERS
    assert asked[2] == ("staff", "guest")
    assert distinct(_trial(contract, statuses)) == ("staff", "guest")


def test_odd_cases_are_told_by_their_oddity() -> None:
    """Two texts in another plane of Unicode are one kind, an empty one and a number past any column are others."""
    base = Case("notes.list")
    kinds = {
        value: set(traits(replace(base, query=(("course", value),))))
        for value in ("\U0001f600", "\U0001f601", " ", "9" * 30, "plain")
    }

    assert kinds["\U0001f600"] == kinds["\U0001f601"]
    assert len(set(itertools.chain.from_iterable(kinds.values()))) == 4


def test_who_may_succeed_comes_from_the_table(contract: Contract) -> None:
    """Guests never write notes; registered learners do; what is public is for everybody."""
    assert not may_succeed("notes.create", "guest", contract.access)
    assert may_succeed("notes.create", "registered", contract.access)
    assert is_public(contract.api.operations["courses.list"], contract.api)
    assert not is_public(contract.api.operations["notes.list"], contract.api)


@pytest.mark.parametrize(
    ("path", "body", "has"),
    [
        ("/api/notes/?a%00b=1", None, True),
        ("/api/notes/", {"text": ["a\x00b"]}, True),
        ("/api/notes/", {"a\x00b": 1}, True),
        ("/api/notes/?page=0", {"text": "0 and u0000"}, False),
        ("/api/notes/", None, False),
    ],
)
def test_request_with_a_nul_character_is_known(path: str, body: object, has: bool) -> None:
    """In the address, in a value or in a name: only where it stands may a guest be answered 400 first."""
    assert has_nul(Request("GET", path, body=body)) is has
