"""Typed reading of environment variables; the settings module is its only reader."""

import os

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})


def text(name: str, default: str = "") -> str:
    """The variable's value without surrounding blanks; an empty variable counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on (any case); anything else that is set is False."""
    value = text(name)
    return value.lower() in TRUE_WORDS if value else default


def integer(name: str, default: int) -> int:
    """The variable as an integer; ValueError names the variable when it is not one."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ValueError(f"{name} must be an integer, not {value!r}") from None


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list without empty items."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or default
