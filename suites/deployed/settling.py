"""The process that builds the world of a stage: `python -m coursegate.suites.deployed.settling JSON`."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    binding, contract = pickle.loads(Path(order["target"]).read_bytes())
    binding.activate(Path(order["scratch"]))
    import django

    django.setup()
    from coursegate.factories.session import settle  # its models need a Django that has started
    from coursegate.harness.world_file import write_world

    write_world(Path(order["world"]), settle(contract, order["seed"]), contract)
    sys.stdout.flush()
    os._exit(0)  # threads that the target left running must not hold the process


if __name__ == "__main__":
    main()
