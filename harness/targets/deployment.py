"""A running backend at a URL, with a file that says which world stands in its database."""

from __future__ import annotations

import ipaddress
import shlex
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from coursegate.contracts.agreement import Agreement
from coursegate.contracts.contract import FOLDER, Contract, load_contract
from coursegate.harness.targets.binding import Database, TargetError
from coursegate.harness.targets.guards import Guards
from coursegate.harness.world_file import WorldFile


@dataclass(frozen=True)
class Deployment:
    """What `Binding` is for a checkout.

    Attributes:
        url: without a slash at its end.
        file: the world that was seeded there.
        writes: whether requests may be sent that change it for good.
        agreement: what its team says of it.
        guards: what keeps the run within bounds.
    """

    url: str
    file: WorldFile
    writes: bool = False
    agreement: Agreement = field(default_factory=Agreement, compare=False)
    guards: Guards = field(default_factory=Guards)

    @property
    def label(self) -> str:
        return self.url

    def contract(self, folder: Path = FOLDER, size: int = 1) -> Contract:  # noqa: ARG002 -- its world stands already
        """What it is judged by, with the world that stands there.

        Raises:
            ContractError: it cannot be used.
        """
        return load_contract(folder, self.file.size, self.agreement)

    @property
    def base_url(self) -> str:
        return self.url

    @property
    def options(self) -> str:
        """What to type to have it judged again."""
        writes = " --allow-writes" if self.writes else ""
        said = self.agreement.path
        config = f" --config={shlex.quote(str(said))}" if said else ""
        config += "".join(f" --allow-host={host}" for host in sorted(self.guards.hosts))
        config += f" --ca-file={shlex.quote(str(self.guards.authority))}" if self.guards.authority else ""
        return f"--target={self.url} --world={shlex.quote(str(self.file.path))}{config}{writes}"

    def described(self) -> dict[str, Any]:
        said = {"kind": "url", "url": self.url, "writes": self.writes}
        return {**said, **({"agreement": self.agreement.described()} if self.agreement.path else {})}

    def activate(self, scratch: Path, *, database: Database = Database.MEMORY) -> None:
        """Nothing of it runs in this process."""

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """It has no folder here."""
        yield


def is_url(target: str) -> bool:
    return "://" in target


def check_url(target: str, hosts: Collection[str] = ()) -> str:
    """The URL of a deployment that may be asked, without a slash at its end.

    Args:
        hosts: those besides this machine that somebody has named.

    Raises:
        TargetError: it is not on this machine, and nobody has named its host: the gate asks as everybody, with whatever
            it can think of.
    """
    parts = urlsplit(target)
    try:
        port = parts.port
    except ValueError:
        raise TargetError(f"--target={target}: the port is no number from 0 to 65535.") from None
    name = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not name or parts.username is not None:
        raise TargetError(f"--target={target}: expected http:// or https://, a host, and no password.")
    if not _is_loopback(name) and name not in hosts:
        raise TargetError(
            f"--target={target}: {name} is not this machine. The gate asks as everybody, with whatever it can think of: "
            f"if it may, say --allow-host={name}."
        )
    if parts.scheme == "http" and not _is_loopback(name):
        raise TargetError(
            f"--target={target}: tokens and passwords go to another machine over https:// only."
        )
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise TargetError(
            f"--target={target}: the contract's paths begin after the port; leave out the rest."
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
