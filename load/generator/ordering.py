"""An order on its way to a worker that may run on another machine: with the world and the tokens, in one message."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from coursegate.contracts.contract import FOLDER
from coursegate.harness.atomic_file import OWNER, write_whole
from coursegate.load.order import Order, order_of


def packed(order: Order, index: int) -> dict[str, Any]:
    """What the master sends to the worker of that number."""
    return {
        "order": json.dumps(asdict(order)),
        "world": Path(order.world).read_text(encoding="utf-8"),
        "tokens": Path(order.tokens).read_text(encoding="utf-8"),
        "index": index,
        # A contract of the gate's own is where the gate is installed; that may be elsewhere over there.
        "own_contract": Path(order.contract).resolve() == FOLDER.resolve(),
    }


def unpacked(message: dict[str, Any], folder: Path) -> tuple[Order, tuple[int, int]]:
    """The order and the worker's share, its files in `folder`."""
    order = order_of(json.loads(message["order"]))
    for name in ("world", "tokens"):
        write_whole(folder / f"{name}.json", message[name], OWNER)
    order = replace(
        order,
        rows="",
        world=str(folder / "world.json"),
        tokens=str(folder / "tokens.json"),
        contract=str(FOLDER) if message["own_contract"] else order.contract,
    )
    return order, (message["index"], order.workers)
