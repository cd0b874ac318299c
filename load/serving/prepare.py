"""`python -m coursegate.load.serving.prepare ORDER`: tables and world in the database that the server will run on."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from coursegate.contracts.agreement import Agreement, load_agreement
from coursegate.contracts.contract import load_contract
from coursegate.harness.targets.renamed_models import accept_renamed
from coursegate.harness.world_file import write_world


def main() -> None:
    """Build the world and write its file. Ends with the target's own exception where it does not start."""
    order = json.loads(sys.argv[1])
    sys.path[:] = [order["path"], *(entry for entry in sys.path if entry and entry != order["path"])]
    os.chdir(order["path"])
    agreement = load_agreement(Path(order["agreement"])) if order["agreement"] else Agreement()
    accept_renamed(agreement.models)
    import django

    django.setup()
    from coursegate.factories.session import settle  # its models need a Django that has started

    contract = load_contract(Path(order["contract"]), order["size"], agreement)
    world = settle(contract, order["seed"])
    write_world(Path(order["world"]), world, contract)
    from django.conf import settings

    rates = getattr(settings, "REST_FRAMEWORK", {}).get("DEFAULT_THROTTLE_RATES") or {}
    print(json.dumps({"objects": len(world.ids), "missing": world.missing, "rates": dict(rates)}))


if __name__ == "__main__":
    main()
