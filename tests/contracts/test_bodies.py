"""What a team's backend wants in bodies besides is sent wherever the contract's own bodies are, and replaces nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.contract import load_contract
from coursegate.contracts.openapi import Operation
from coursegate.contracts.reading import ContractError
from coursegate.tests.contracts.agreeing import agreed

REGISTER = """
[bodies]
"register.create" = {password2 = "{password}", terms = true}
"""


def _registering(folder: Path, text: str = REGISTER) -> Operation:
    return agreed(folder, text).api.operations["register.create"]


def test_examples_hold_what_is_wanted_besides(tmp_path: Path) -> None:
    """Each example has the new keys, a copied one with its own value, and all that it had before."""
    plain, wanting = load_contract().api.operations["register.create"], _registering(tmp_path)

    assert wanting.bodies.keys() == plain.bodies.keys()
    for name, body in wanting.bodies.items():
        more = {"password2": plain.bodies[name]["password"], "terms": True}
        assert body == {**plain.bodies[name], **more}
    assert wanting.writable == plain.writable | {"password2", "terms"}


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"password": "one"}, {"password": "one", "password2": "one", "terms": True}),
        ({"password": "one", "terms": False}, {"password": "one", "password2": "one", "terms": False}),
        ({"email": "a@b.test"}, {"email": "a@b.test", "terms": True}),
        ([1], [1]),
        (None, None),
    ],
)
def test_any_body_is_completed_and_nothing_in_it_replaced(tmp_path: Path, body: Any, sent: Any) -> None:
    """What a check says itself stays; a copy of what is not there is not sent; only an object is added to."""
    assert _registering(tmp_path).completed(body) == sent


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("'register.make' = {a = 1}", "'register.make' is no operation"),
        ("'courses.list' = {a = 1}", "courses.list sends no body"),
        ("'register.create' = {password = 'x'}", "'password' is sent by the contract"),
        ("'register.create' = {again = '{secret}'}", "no body has 'secret'"),
        ("'register.create' = 'terms'", "expected keys and their values"),
        ("'register.create' = {}", "expected keys and their values"),
        ("'register.create' = {since = 2026-11-29}", "since = 2026-11-29 cannot be sent as JSON"),
        ("'register.create' = {most = inf}", "most = inf cannot be sent as JSON"),
    ],
)
def test_senseless_word_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """What cannot be sent, or would say the contract's own bodies otherwise, is refused with the file."""
    with pytest.raises(ContractError, match=r"coursegate\.toml") as refused:
        _registering(tmp_path, f"[bodies]\n{text}\n")

    assert complaint in str(refused.value)


def test_report_names_keys_and_no_value(tmp_path: Path) -> None:
    """A report says what is sent besides, in a word without the values."""
    file = tmp_path / "coursegate.toml"
    file.write_text(REGISTER, encoding="utf-8")

    assert load_agreement(file).sent_besides == ["register.create password2, terms"]
