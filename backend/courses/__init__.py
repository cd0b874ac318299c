"""Courses, their content, and what learners do with it."""
