"""A target that names paths otherwise is put under load at its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.contract import load_contract
from coursegate.contracts.reading import ContractError
from coursegate.load.oracle import Reply
from coursegate.load.own_paths import as_target_has, own_paths, sign_in_path
from coursegate.load.scenarios.verifying import CERTIFICATE_VERIFICATION
from coursegate.load.visit import Asked
from coursegate.tests.load.scripted import cast_of, said, travel

SAID = """
[target]
prefix = "/v2/api/"

[routes]
"certificates.verify" = "/proof/of/{number}/"
"""


def _agreed(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "coursegate.toml"
    file.write_text(text, encoding="utf-8")
    return own_paths(load_agreement(file), load_contract().api)


def test_journeys_ask_at_its_own_paths(tmp_path: Path) -> None:
    """What a team says of its paths holds for signing in and for journeys, whatever it calls the parameter."""
    paths = _agreed(tmp_path, SAID)

    def answered(_asked: Asked, _number: int) -> Reply:
        return said(404)

    script = travel(
        CERTIFICATE_VERIFICATION,
        cast_of(as_target_has(load_contract(), paths, {})),
        {"certificates.verify": answered},
    )

    assert sign_in_path(paths) == "/v2/api/token/"
    assert script.asked
    assert all(asked.path.startswith("/proof/of/") and "{" not in asked.path for asked in script.asked)


def test_journeys_send_what_it_wants_besides() -> None:
    """What a team says that a body must hold besides stands in the bodies of journeys, too."""
    contract = as_target_has(load_contract(), {}, {"notes.create": {"colour": "red"}})

    assert cast_of(contract).body("notes.create")["colour"] == "red"


def test_nothing_said_changes_nothing(tmp_path: Path) -> None:
    """Without a word of its team a target has the contract's paths."""
    assert _agreed(tmp_path, "") == {}
    assert sign_in_path({}) == "/api/token/"


def test_unknown_operation_is_refused(tmp_path: Path) -> None:
    """A path for an operation that there is not is told by its name."""
    with pytest.raises(ContractError, match=r"certificates\.check"):
        _agreed(tmp_path, '[routes]\n"certificates.check" = "/proof/"\n')
