"""The operations by which an instructor writes a lesson: what a finding says of every write is asked of each."""

LESSON_WRITES = (
    "draft-lessons.create",
    "draft-lessons.partial_update",
    "draft-lessons.update",
    "draft-content.create",
    "draft-content.partial_update",
    "draft-content.update",
    "draft-content.bulk_update",
)
