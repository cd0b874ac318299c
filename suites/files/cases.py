"""The checks of this room: each stored file that is not for everybody, asked for by its own address."""

from __future__ import annotations

from dataclasses import dataclass

from coursegate.contracts.contract import Contract
from coursegate.contracts.world import GUEST
from coursegate.harness.checks import Check

# A file is a protected field of this name.
FILE = "file"
ADDRESSES, LINKS, SIGNATURES, ENDS, OTHERS = "addresses", "links", "signatures", "ends", "others"
# A resource whose file is for everybody.
OPEN = "resource-free-on-guest-lesson"
ASKED_AS = (GUEST, "registered", "lapsed", "peer")


@dataclass(frozen=True)
class FileCheck(Check):
    """A file, asked for by somebody for whom its row is closed.

    Attributes:
        kind: ADDRESSES: at its plain address; else by the link of somebody for whom it is open: LINKS: a day later;
            SIGNATURES: with all values changed but for numbers; ENDS: a day later, with the numbers in it raised;
            OTHERS: with the values of the link to a file that is for everybody.
        model: the model of the row.
        reader: somebody for whom it is open.
    """

    kind: str
    model: str
    reader: str


def checks(contract: Contract) -> list[FileCheck]:
    return [
        FileCheck(
            id=f"files/{kind}/{item.name}.{FILE}/{principal}",
            operation="",
            principal=principal,
            subject=item.name,
            expected="nothing of it",
            sources=("policy 4",),
            kind=kind,
            model=item.model,
            reader=max(item.clearance[FILE], key=contract.world.principals.index),
        )
        for item in contract.world.objects.values()
        if FILE in item.clearance and not item.grown
        for kind in (ADDRESSES, LINKS, SIGNATURES, ENDS, OTHERS)
        for principal in (ASKED_AS if kind == ADDRESSES else ASKED_AS[:1])
        if principal not in item.clearance[FILE]
    ]
