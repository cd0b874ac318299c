"""Whether a backend has an operation at all, told by how it answers."""

from __future__ import annotations

from coursegate.harness.client import NotApplicable
from coursegate.harness.observation import Answer

# How an operation is answered that a backend does not have.
ABSENT = frozenset({404, 405})


def check_routed(operation: str, answer: Answer) -> None:
    """
    Args:
        operation: its name in the contract, or its path.

    Raises:
        NotApplicable: this is how a backend answers that does not have the operation.
    """
    if answer.status in ABSENT:
        raise NotApplicable(f"{operation} is not routed: {answer.summary}")
