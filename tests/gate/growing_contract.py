"""The project's own contract with more of everything that a shop has many of."""

from __future__ import annotations

import shutil
from pathlib import Path

from coursegate.contracts.contract import FOLDER

# As many of each, so that the n-th lesson stands in the n-th module of the n-th course, and so on. Of lessons there
# are twice as many: an enrolment that is saved makes progress rows for both of its course, before the world does.
_MORE = """
  grown-category: {like: category-open, repeat: 2, grows: true, fields: {sort_order: 9}}
  grown-course: {like: course-open, repeat: 2, grows: true, fields: {category: "@grown-category-#"}}
  grown-featured: {like: course-featured, repeat: 2, grows: true}
  grown-draft: {like: course-draft, repeat: 2, grows: true}
  grown-lead: {like: lead-of-course-open, repeat: 2, grows: true, fields: {course: "@grown-course-#"}}
  grown-draft-lead: {like: lead-of-course-open, repeat: 2, grows: true, fields: {course: "@grown-draft-#"}}
  grown-assistant: {like: assistant-of-course-open, repeat: 2, grows: true, fields: {course: "@grown-draft-#"}}
  grown-module: {like: module-open, repeat: 2, grows: true, fields: {course: "@grown-course-#"}}
  grown-draft-module: {like: module-of-draft, repeat: 2, grows: true, fields: {course: "@grown-draft-#"}}
  grown-lesson: {like: lesson-guest, repeat: 4, grows: true, fields: {module: "@grown-module-#"}}
  grown-premium-lesson: {like: lesson-premium, repeat: 2, grows: true, fields: {module: "@grown-module-#", order: 300}}
  grown-draft-lesson: {like: lesson-in-draft, repeat: 2, grows: true, fields: {module: "@grown-draft-module-#"}}
  grown-resource: {like: resource-free-on-guest-lesson, repeat: 2, grows: true, fields: {lesson: "@grown-lesson-#"}}
  grown-learner: {model: users.CustomUser, exists: staff, repeat: 2, grows: true, fields: {role: student}}
  grown-pupil: {like: enrollment-bystander, repeat: 2, grows: true, fields: {user: "@grown-learner-#"}}
  grown-pupil-progress: {like: progress-bystander, repeat: 2, grows: true, fields: {enrollment: "@grown-pupil-#"}}
  grown-pupil-note: {like: note-bystander-shared, repeat: 2, grows: true, fields: {user: "@grown-learner-#"}}
  grown-pupil-review: {like: review-bystander, repeat: 2, grows: true, fields: {user: "@grown-learner-#"}}
  grown-enrollment: {like: enrollment-registered, repeat: 2, grows: true, fields: {course: "@grown-course-#"}}
  grown-lapsed-enrollment: {like: enrollment-lapsed, repeat: 2, grows: true, fields: {course: "@grown-course-#"}}
  grown-progress:
    like: progress-registered
    repeat: 4
    grows: true
    fields: {enrollment: "@grown-enrollment-#", lesson: "@grown-lesson-#"}
  grown-lapsed-progress:
    like: progress-lapsed
    repeat: 2
    grows: true
    fields: {enrollment: "@grown-lapsed-enrollment-#", lesson: "@grown-premium-lesson-#"}
  grown-note: {like: note-private, repeat: 2, grows: true, fields: {lesson: "@grown-lesson-#"}}
  grown-review: {like: review-registered, repeat: 2, grows: true, fields: {course: "@grown-course-#"}}
  grown-certificate:
    like: certificate-registered
    exists: [registered, owner, staff]
    repeat: 2
    grows: true
    fields: {enrollment: "@grown-enrollment-#"}
"""


def growing_contract(folder: Path) -> Path:
    """A copy of the contract files in which whatever a list can hold grows."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__")
    copy = Path(shutil.copytree(FOLDER, folder / "contracts", ignore=ignored))
    with (copy / "world.yaml").open("a", encoding="utf-8") as world:
        world.write(_MORE)
    return copy
