"""Keeps a signal handler from starting itself again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Which handlers are at work, by thread: what one request does is no business of another's.
_signal_processing_flags: set[tuple[int, str]] = set()
# Guards the set alone and is never held while a handler works, so that nested signals cannot wait for it.
_signal_lock = threading.RLock()


@contextmanager
def prevent_signal_loop(signal_key: str) -> Iterator[bool]:
    """True for the first entry of this thread into `signal_key`, False for one inside it (SIG-01)."""
    flag = (threading.get_ident(), signal_key)
    with _signal_lock:
        is_first = flag not in _signal_processing_flags
        _signal_processing_flags.add(flag)
    try:
        yield is_first
    finally:
        if is_first:
            with _signal_lock:
                _signal_processing_flags.discard(flag)


def clear_signal_flags() -> None:
    """Forgets every handler at work, of all threads."""
    with _signal_lock:
        _signal_processing_flags.clear()
