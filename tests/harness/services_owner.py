"""A run that asks for both services and then waits to be killed: `python services_owner.py`. Says where they are."""

from __future__ import annotations

import json
import sys

from coursegate.harness.services.services import opened


def main() -> None:
    with opened() as services, services.postgres().connected() as session:
        services.redis()
        version = session.execute("SELECT 1").fetchone()
        print(json.dumps({"folder": str(services.folder), "answer": version[0]}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
