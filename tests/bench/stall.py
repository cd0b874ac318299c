"""Whether a stall is measured as long as it is: `python -m coursegate.tests.bench.stall`.

An endpoint takes 20 ms, and every 2.5 s stands still for 500 ms. Of visitors who arrive at random times one in twenty
waits more than 375 ms for it: the true p95 is 395 ms. Prints what our sources measure; within 20 % is the aim.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from coursegate.load.running import constant_delay

TRUE_P95 = 395.0
PROCESS = Path(__file__).with_name("stall_process.py")


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as scratch,
        constant_delay(Path(scratch), stall_ms=500, every=2.5) as url,
    ):
        command = [sys.executable, str(PROCESS), url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    seen = float(done.stdout.split()[-1])
    print(f"p95 {seen:.0f} ms, the truth is {TRUE_P95:.0f} ms: {seen / TRUE_P95 - 1:+.0%}")
    return int(abs(seen / TRUE_P95 - 1) > 0.2)


if __name__ == "__main__":
    sys.exit(main())
