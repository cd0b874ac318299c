"""Models that a backend calls otherwise than the contract does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Label of the backend -> label of the contract.
_SAID: dict[str, str] = {}


def accept_renamed(models: Mapping[str, str]) -> None:
    """Let the app registry of this process know models by the contract's labels, too, where it knows them otherwise.

    Args:
        models: label of the contract -> label of the backend.
    """
    if not models:
        return
    from django.apps import apps

    original = apps.get_model
    _SAID.update({own.lower(): said for said, own in models.items()})
    named = {said.lower(): own for said, own in models.items()}

    def get_model(app_label: str, model_name: str | None = None, require_ready: bool = True) -> Any:
        try:
            return original(app_label, model_name, require_ready)
        except LookupError:
            label = app_label if model_name is None else f"{app_label}.{model_name}"
            if label.lower() not in named:
                raise
            return original(named[label.lower()], require_ready=require_ready)

    apps.get_model = get_model  # type: ignore[method-assign]  # for this process, and for no model that is there


def label_of(model: Any) -> str:
    """The label by which the contract knows a model; its own where it has no other."""
    own = str(model._meta.label)
    return _SAID.get(own.lower(), own)
