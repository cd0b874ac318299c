"""No token, cookie or password reaches any report, whatever way it came."""

from __future__ import annotations

from pathlib import Path

from coursegate.contracts.contract import Contract
from coursegate.harness.preflight.ladder import RungResult
from coursegate.harness.report.writing import write_all
from coursegate.harness.targets.guards import Ledger
from coursegate.harness.verdicts import Verdict
from coursegate.tests.harness.sample_runs import cell, result

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo5fQ.c2lnbmF0dXJl"
SECRETS = (
    TOKEN,
    "b3BhcXVlLXRva2VuLW9mLWEtcGVyc29u",
    "q7w8e9r0t1y2",
    "correct-horse-battery",
    "pa55-of-a-database",
)
REPORTS = {"gate.json", "gate.html", "gate.sarif", "summary.md", "badge.json"}


def test_no_report_holds_a_secret(contract: Contract, tmp_path: Path) -> None:
    """Of each form that a secret takes, in each place where a target can say it, no report keeps any."""
    text = "; ".join(
        [
            f"Authorization: Bearer {SECRETS[1]}",
            f"answer was {TOKEN}",
            f"Set-Cookie: sessionid={SECRETS[2]}",
            f'"password": "{SECRETS[3]}"',
            f"email=a&password={SECRETS[3]}",
            f"postgres://shop:{SECRETS[4]}@db/shop",
            f"SECRET_KEY = '{SECRETS[3]}'",
        ]
    )
    said = dict.fromkeys(("subject", "expected", "seen", "reason", "cause", "curl"), text)
    verdicts = ("fail", "blocked", "not-assessed", "waived")
    cells = [cell(name, verdict=name, kind="leak" if name == "fail" else "", **said) for name in verdicts]
    rung = RungResult("start", Verdict.FAIL, (text,), text, (text,), {"versions": {"Django": text}})

    write_all(
        result(*cells, preflight=[rung], harness_errors=[text], ledger=Ledger(left=[text])),
        contract,
        tmp_path,
    )

    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(written) == REPORTS
    assert [(name, secret) for name, said in written.items() for secret in SECRETS if secret in said] == []
    assert all("[redacted]" in said for name, said in written.items() if name != "badge.json")
