"""From what was typed after --target to what it names: a checkout, or a deployment."""

from __future__ import annotations

from pathlib import Path

from coursegate.harness.targets.binding import Binding, TargetError, agreed, locate
from coursegate.harness.targets.deployment import Deployment, check_url, is_url
from coursegate.harness.targets.guards import Guards
from coursegate.harness.world_file import read_world

Place = Binding | Deployment


def find(
    target: str,
    settings: str = "",
    world: Path | None = None,
    *,
    writes: bool = False,
    config: Path | None = None,
    guards: Guards | None = None,
    as_is: bool = False,
) -> Place:
    """What `target` names; `config` is the team's file, where it does not stand in the checkout.

    Raises:
        TargetError: nothing, or it is asked for in a way that does not fit it.
        WorldFileError: the world file cannot be used.
    """
    if not is_url(target):
        if world or writes:
            option = "--world" if world else "--allow-writes"
            raise TargetError(
                f"{option} is for a deployment (--target=URL); a checkout gets a world of its own."
            )
        return locate(Path(target), settings, config, as_is=as_is)
    guards = guards or Guards()
    url = check_url(target, guards.hosts)
    if settings or as_is:
        raise TargetError("--settings and --settings-as-is are for a checkout; a deployment has its own.")
    if world is None:
        raise TargetError(
            f"--target={target} needs --world=FILE, which says what stands in its database: `coursegate seed` writes it."
        )
    return Deployment(url, read_world(world), writes, agreed(config, None), guards)
