"""A process of its own that asks every list as everybody and prints what it cost.

`python -m coursegate.tests.gate.list_queries TARGET SIZE`
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from coursegate.contracts.access import Cell
from coursegate.contracts.contract import load_contract
from coursegate.harness.client import Client, rows_of
from coursegate.harness.observation import Request
from coursegate.harness.targets.binding import locate

# As many rows on one page as there are, wherever a list has pages.
ONE_PAGE = "page_size=100"


def main() -> None:
    binding, contract = locate(Path(sys.argv[1])), load_contract(size=int(sys.argv[2]))
    with tempfile.TemporaryDirectory(prefix="coursegate-") as scratch:
        binding.activate(Path(scratch))
        os.chdir(binding.path)
        import django

        django.setup()
        from coursegate.factories.session import bind

        client = bind(binding, contract, "coursegate").client
        lists = [
            cell
            for cell in contract.access.cells.values()
            if contract.api.operations[cell.operation].collection and cell.allows
        ]
        told = {
            "missing": client.world.missing,
            "lists": {cell.id: _cost(client, cell) for cell in lists},
        }
    print(json.dumps(told))


def _cost(client: Client, cell: Cell) -> dict[str, Any]:
    """Queries, rows and the repeated statement of one list, asked with cold caches by a process that is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asked = client.request(cell)
    path = asked.path + ("&" if "?" in asked.path else "?") + ONE_PAGE
    request = Request(asked.method, path, asked.principal, asked.headers)
    client.target.send(request)
    client.target.clear_caches()
    with CaptureQueriesContext(connection) as queries:
        answer = client.target.send(request)
    rows = rows_of(answer, client.contract.api.operations[cell.operation].rows_at)
    # Where the contract leaves the choice between an empty list and a refusal, a refusal has no rows.
    assert rows is not None or len(cell.outcomes) > 1, f"{cell.id}: {answer.summary}"
    statements = [query["sql"] for query in queries.captured_queries]
    return {
        "queries": len(statements),
        "rows": len(rows or ()),
        "last": statements[-1][:300] if statements else "",
    }


if __name__ == "__main__":
    main()
