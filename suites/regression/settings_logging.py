"""`educore/settings.py`: what is written into logs while people sign in."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any
from unittest.mock import patch

from coursegate.harness.client import CannotAsk, token_of
from coursegate.harness.probing.probe import Probe
from coursegate.harness.verdicts import Kind
from coursegate.suites.regression.finding import finding

SIGN_INS = {name: {"operation": name} for name in ("token.obtain", "user-token.obtain", "login.create")}
LEARNER, WRONG = "registered", "Another-passphrase-8264"
_OF_ANY_RECORD = frozenset(vars(logging.makeLogRecord({})))


@finding("policy 15", writes=True, kind=Kind.LEAK, cases=SIGN_INS)
def no_credential_is_logged(on: Probe, operation: str) -> None:
    """Neither a password that is tried, right or wrong, nor a token that is given out or used, stands in what is logged."""
    account = on.world.accounts[LEARNER]
    bodies = [{"email": account.email, "password": word} for word in (WRONG, account.password)]
    with _logged() as texts:
        refused, let_in = (on.send(operation, body=body) for body in bodies)
        access, refresh = (token_of(let_in, kind) for kind in ("access", "refresh"))
        if refused.status < 400 or not access or not refresh:
            raise CannotAsk(f"a wrong password is answered {refused.summary}, the right one {let_in.summary}")
        on.send("profile.retrieve", headers={"Authorization": f"Bearer {access}"})
        on.send("token.refresh", body={"refresh": refresh})

    secrets = {
        "the wrong password": WRONG,
        "the right password": account.password,
        "the access token": access,
        "the refresh token": refresh,
    }
    told = [f"{where}: {what}" for where, text in texts for what, secret in secrets.items() if secret in text]
    assert sorted(set(told)) == [], "what may not be read in a log"


@contextmanager
def _logged() -> Iterator[list[tuple[str, str]]]:
    """What loggers are told inside from INFO on, and what is printed; each with who told it."""
    texts: list[tuple[str, str]] = []

    def note(_logger: logging.Logger, record: logging.LogRecord) -> None:
        texts.append((f"{record.name}, {record.levelname}", _text(record)))

    printed = io.StringIO()
    with (
        patch.object(logging.Logger, "isEnabledFor", lambda _logger, level: level >= logging.INFO),
        patch.object(logging.Logger, "handle", note),
        redirect_stdout(printed),
        redirect_stderr(printed),
    ):
        yield texts
    texts.append(("printed", printed.getvalue()))


def _text(record: logging.LogRecord) -> str:
    """What a formatter may write of a record: its message, what was raised, and what was given along."""
    given: dict[str, Any] = {
        name: value for name, value in vars(record).items() if name not in _OF_ANY_RECORD
    }
    try:
        return f"{logging.Formatter().format(record)} {given}"
    except Exception:  # its words do not go with what stands for them: then it is told as it is
        return f"{record.msg} {record.args} {given}"
