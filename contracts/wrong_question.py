"""What every refusal to answer has in common."""

from __future__ import annotations


class WrongQuestion(Exception):
    """What was asked cannot be answered (exit code 4); the text says why, and what to ask instead."""
