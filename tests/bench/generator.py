"""What a judged request costs the load generator beside a bare one: `python -m coursegate.tests.bench.generator`.

Both send the same requests with Locust's FastHttpSession from one process, in turns; what is compared is that
process's own processor time. Writes reports/generator.json; at most 1.3 is the aim.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from coursegate.commands.proof.workshop import BACKEND
from coursegate.contracts.contract import FOLDER
from coursegate.harness.targets.binding import locate
from coursegate.load.serving.server import Building, Fleet, serving
from coursegate.load.serving.storage import AUTO, storage

LIMIT = 1.3
PROCESS = Path(__file__).with_name("generator_process.py")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="coursegate-load-") as scratch, storage(AUTO, "") as kept:
        building = Building(FOLDER, 1, "coursegate")
        with serving(locate(BACKEND), building, Path(scratch), kept.services, Fleet(1)) as served:
            command = [sys.executable, str(PROCESS), served.url, str(served.world)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True)
    found = json.loads(done.stdout) | {"limit": LIMIT, "storage": kept.said}
    reports = Path("reports")
    reports.mkdir(exist_ok=True)
    (reports / "generator.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found))
    return int(found["ratio"] > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
