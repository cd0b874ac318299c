"""The Celery application; tasks are looked for in each app's `tasks` module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "educore.settings")

app = Celery("educore")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
