"""What a caller sent and is told again: that says nothing."""

from __future__ import annotations

from itertools import takewhile
from typing import AnyStr

# A value that is told cut short is known by a start that no other value has: longer than a token, which a title shares with
# the slug that is made of it.
SHORTEST_START = 48


def without_echo(text: AnyStr, own: AnyStr, instead: AnyStr) -> AnyStr:
    """A text with something else for what its reader sent, told as it was or cut short."""
    text = text.replace(own, instead)
    start = own[:SHORTEST_START]
    while len(own) > SHORTEST_START and (at := text.find(start)) >= 0:
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(own, text[at:], strict=False))
        text = text[:at] + instead + text[at + sum(1 for _ in alike) :]
    return text
