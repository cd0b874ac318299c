"""What the access suite asks of a target, noted as it is asked, so that a bare loop can ask the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from coursegate.harness.observation import Answer, Request
from coursegate.harness.targets.source import SourceTarget

CLEAR, BEGIN, END = "clear", "begin", "end"


@dataclass
class Recording:
    """Requests in their order, and between them what was done to caches and transactions."""

    steps: list[Request | str] = field(default_factory=list)

    @property
    def requests(self) -> list[Request]:
        return [step for step in self.steps if isinstance(step, Request)]


class RecordingTarget(SourceTarget):
    """A target that notes everything it is asked."""

    def __init__(self, binding: Any) -> None:
        super().__init__(binding)
        self.recording = Recording()

    def send(self, request: Request) -> Answer:
        self.recording.steps.append(request)
        return super().send(request)

    def clear_caches(self) -> None:
        self.recording.steps.append(CLEAR)
        super().clear_caches()

    @contextmanager
    def undone(self, *, keep_caches: bool = False) -> Iterator[None]:
        self.recording.steps.append(BEGIN)
        try:
            with super().undone(keep_caches=keep_caches):
                yield
        finally:
            self.recording.steps.append(END)
