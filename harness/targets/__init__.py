"""The backends that can be judged, and how one is bound to this process."""
