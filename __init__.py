"""The compliance gate for the EduCore courses API."""

__version__ = "0.1.0"
