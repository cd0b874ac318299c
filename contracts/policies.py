"""The policies by number (`policies.yaml`): what settles once what the audit leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coursegate.contracts.reading import read


@dataclass(frozen=True)
class Policy:
    """One policy; `id` is how rows cite it: `policy 4`."""

    id: str
    title: str
    says: str
    line: int


def load_policies(path: Path) -> Mapping[str, Policy]:
    """Read `policies.yaml`, by the id that rows cite.

    Raises:
        ContractError: malformed, or a key that is no number.
    """
    found = {}
    for number, entry in read(path).mapping(required={"policies"}, optional=set())["policies"].items():
        if not number.isdecimal():
            raise entry.error(f"{number!r} is no number of a policy")
        said = entry.mapping(required={"title", "says"}, optional=set())
        policy = Policy(f"policy {number}", said["title"].text(), said["says"].text(), entry.line)
        found[policy.id] = policy
    return found
