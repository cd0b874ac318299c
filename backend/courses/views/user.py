"""The views of learners' own rows under their historical path."""

from .notes import NoteViewSet
from .reviews import ReviewViewSet

__all__ = ["NoteViewSet", "ReviewViewSet"]
