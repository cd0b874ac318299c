"""The contract as a team changes it."""

from __future__ import annotations

from pathlib import Path

from coursegate.contracts.agreement import load_agreement
from coursegate.contracts.contract import Contract, load_contract


def agreed(folder: Path, text: str) -> Contract:
    """With what a `coursegate.toml` in the folder says.

    Raises:
        ContractError: it says something it must not.
    """
    file = folder / "coursegate.toml"
    file.write_text(text, encoding="utf-8")
    return load_contract(agreement=load_agreement(file))
