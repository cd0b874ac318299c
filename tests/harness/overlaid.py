"""A small target that stores files, rows and tasks in places of its own; what becomes of them, printed as JSON.

Run under the overlay, in a process of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SETTINGS = """
from pathlib import Path
import os

BASE_DIR = Path(__file__).parent.parent
SECRET_KEY = "x" * 50
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "courses"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DATABASES["replica"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
ROOT_URLCONF = "courses.urls"
USE_TZ = True
LANGUAGE_CODE = "de"
BROKER_URL = "redis://broker.example.test/0"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "protected": {
        "BACKEND": "courses.models.Vault",
        "OPTIONS": {"location": BASE_DIR / "protected", "base_url": "/protected/"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""
CELERY = """
from celery import Celery

old_names = Celery("old")
old_names.config_from_object("django.conf:settings")
in_code = Celery("code", broker="redis://broker.example.test/1", backend="redis://broker.example.test/2")
in_code.conf.task_always_eager = False


@in_code.task
def add(one, other):
    return one + other
"""
MODELS = """
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from django.utils.functional import SimpleLazyObject


class Vault(FileSystemStorage):
    def seal(self):
        return "sealed"


class Bucket(Storage):
    def _save(self, name, content):
        raise AssertionError("uploaded")

    def exists(self, name):
        raise AssertionError("asked")


PROTECTED = FileSystemStorage(location=settings.BASE_DIR / "protected", base_url="/protected/")


def chosen():
    return Bucket()


class Shelf(models.Model):
    class Meta:
        abstract = True

    inherited = models.FileField(storage=PROTECTED)


class Resource(Shelf):
    folder = models.FileField(storage=PROTECTED)
    bucket = models.FileField(storage=Bucket())
    by_callable = models.FileField(storage=chosen)
    lazy = models.FileField(storage=SimpleLazyObject(lambda: FileSystemStorage(location=settings.BASE_DIR / "late")))
    by_alias = models.FileField(storage=lambda: storages["protected"])
    plain = models.FileField()


class Link(models.Model):
    resource = models.ForeignKey(Resource, models.CASCADE)


class Total(models.Model):
    class Meta:
        managed = False
"""
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE VIEW courses_total AS SELECT 1 AS id")]
"""
FIELDS = ("inherited", "folder", "bucket", "by_callable", "lazy", "by_alias", "plain")


def write(root: Path) -> None:
    """The files of the target."""
    files = {
        "manage.py": "",
        "shop/__init__.py": "",
        "shop/settings.py": SETTINGS,
        "shop/tasks.py": CELERY,
        "courses/__init__.py": "",
        "courses/models.py": MODELS,
        "courses/urls.py": "urlpatterns = []\n",
        "courses/migrations/__init__.py": "",
        "courses/migrations/0001_total.py": MIGRATION,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def files() -> Any:
    """Where the files of each field are stored, by what address, and what the overlay tells of it."""
    from courses.models import PROTECTED, Resource  # type: ignore[import-not-found]
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from django.db.migrations.serializer import serializer_factory

    from coursegate.harness.targets import overlay_settings

    row = Resource(**{name: ContentFile(b"x", name="x.txt") for name in FIELDS})
    row.save()
    kept = Resource._meta.get_field("bucket").deconstruct()[3]["storage"]
    vault: Any = storages["protected"]
    PROTECTED.save("direct.txt", ContentFile(b"x"))
    return {
        "paths": {name: getattr(row, name).path for name in FIELDS},
        "urls": {name: getattr(row, name).url for name in FIELDS},
        "deconstructed": type(kept).__name__,
        "serialized": serializer_factory(Resource._meta.get_field("folder").storage).serialize()[0],
        "own class": vault.seal(),
        "told": [item.setting for item in overlay_settings.REPLACEMENTS],
    }


def databases() -> Any:
    """What a replica shows of a row inside a transaction, and whether rows of both may be related."""
    from courses.models import Link, Resource
    from django.db import connections, transaction
    from django.test import TestCase

    class OwnTest(TestCase):
        databases = {"default"}

    with transaction.atomic():
        key = Resource.objects.create(inherited="x").pk
        seen = Resource.objects.using("replica").get(pk=key)
        Link.objects.create(resource=seen)
        with transaction.atomic(using="replica"):
            Resource.objects.using("replica").filter(pk=key).update(plain="changed")
            transaction.set_rollback(True, using="replica")
        kept = Resource.objects.get(pk=key).plain.name or ""
        transaction.set_rollback(True)
    OwnTest.setUpClass()
    refused = ""
    try:
        Resource.objects.using("replica").count()
    except Exception as problem:
        refused = type(problem).__name__
    here = Resource.objects.count()
    OwnTest.tearDownClass()
    OwnTest.doClassCleanups()
    after = Resource.objects.using("replica").count()
    return {"kept": kept, "here": here, "after": after, "refused": refused, "aliases": [*connections]}


def tasks() -> Any:
    """What Celery's applications say of their broker, and what a task gives."""
    from django.core.signals import request_started
    from shop import tasks as own  # type: ignore[import-not-found]

    request_started.send(sender=None)
    result = own.add.delay(1, 2).get(timeout=5)
    own.old_names.finalize()
    brokers = [app.conf.broker_url for app in (own.old_names, own.in_code)]
    eager = [app.conf.task_always_eager for app in (own.old_names, own.in_code)]
    return {"result": result, "brokers": brokers, "eager": eager}


def migrations() -> Any:
    """What is told of migrations that are behind the models."""
    from coursegate.harness.preflight.migrations import outdated

    return outdated()


def postgres() -> Any:
    """What is told of a database by the engine that a backend's own settings name."""
    from coursegate.harness.targets.database import hint_of_postgres

    engines = ("django.db.backends.postgresql", "django.contrib.gis.db.backends.postgis", "shop.mysql")
    return [hint_of_postgres({"default": {"ENGINE": engine}}) for engine in engines]


def main(part: str) -> None:
    """Start the target, make its tables and print."""
    import django

    django.setup()
    from coursegate.harness.targets.database import create_tables

    create_tables()
    parts = {
        "files": files,
        "databases": databases,
        "tasks": tasks,
        "migrations": migrations,
        "postgres": postgres,
    }
    print(json.dumps(parts[part]()))
    sys.stdout.flush()
