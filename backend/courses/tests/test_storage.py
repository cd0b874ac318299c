"""Uploads: the type of a file, the local provider, and clouds whose credentials come later."""

import logging
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from courses import storage

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "AWS_PROFILE")


@pytest.fixture
def cloud(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Names a provider with a bucket and no credentials."""

    def choose(name: str) -> None:
        settings.CLOUD_STORAGE_PROVIDER, settings.CLOUD_STORAGE_BUCKET = name, "bucket"

    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    return choose


@pytest.mark.parametrize(
    ("extension", "content_type"),
    [
        (".pdf", "application/pdf"),
        (".PDF", "application/pdf"),
        ("pdf", "application/pdf"),
        (".mp4", "video/mp4"),
        (".html", "application/octet-stream"),
        ("", "application/octet-stream"),
        (None, "application/octet-stream"),
        (17, "application/octet-stream"),
    ],
)
def test_the_type_follows_the_extension(extension: Any, content_type: str) -> None:
    assert storage._infer_content_type_from_extension(extension) == content_type
    assert content_type in storage.UPLOAD_CONTENT_TYPES


def test_a_local_upload_needs_no_type() -> None:
    post = storage.generate_presigned_post("a.pdf")

    assert post["fields"]["Content-Type"] == "application/pdf"
    assert (
        post["fields"]["key"]
        == post["storage_key"]
        != storage.generate_presigned_post("a.pdf")["storage_key"]
    )


@pytest.mark.parametrize(
    ("name", "content_type", "size"),
    [
        ("a.exe", "application/pdf", 1),
        ("a.pdf", "text/html", 1),
        ("a.pdf", "application/pdf", 0),
        ("../a.pdf", "", 1),
    ],
)
def test_uploads_are_refused(name: str, content_type: str, size: int) -> None:
    with pytest.raises(ValidationError):
        storage.validate_file_upload(name, content_type, size)


def test_local_files_can_be_looked_at_and_deleted(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    key = default_storage.save("resources/a.pdf", ContentFile(b"four"))

    metadata = storage.get_file_metadata(key)
    assert metadata is not None
    assert (metadata["size"], metadata["content_type"]) == (4, "application/pdf")
    assert storage.get_storage_stats() == {"objects": 1, "bytes": 4}
    assert storage.check_storage_health()["healthy"] is True
    assert storage.get_public_url(key) == "/media/resources/a.pdf"

    assert storage.bulk_delete_objects([key]) == {"deleted": [key], "failed": []}
    assert storage.get_file_metadata(key) is None


@pytest.mark.parametrize("provider", ["s3", "gcs", "no such provider"])
def test_missing_credentials_warn_early_and_refuse_on_use(
    provider: str, cloud: Any, caplog: pytest.LogCaptureFixture
) -> None:
    cloud(provider)

    with caplog.at_level(logging.WARNING, logger="courses.storage"):
        assert storage._validate_storage_config() is False

    assert caplog.records
    assert storage.check_storage_health()["healthy"] is False
    with pytest.raises(ImproperlyConfigured):
        storage.generate_presigned_post("a.pdf")
    if provider != "no such provider":
        with pytest.raises(ImproperlyConfigured, match="credentials are missing"):
            storage.delete_object("resources/a.pdf")


@pytest.mark.parametrize("provider", ["s3", "gcs", "no such provider"])
def test_importing_without_credentials_only_warns(provider: str, settings: Any) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in KEYS}
    environment |= {"CLOUD_STORAGE_PROVIDER": provider, "DJANGO_SETTINGS_MODULE": "educore.settings"}

    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); import courses.storage"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Storage is not ready" in done.stderr


def test_development_makes_do_without_a_cloud(cloud: Any, settings: Any) -> None:
    cloud("s3")
    settings.DEBUG = True

    assert storage.generate_presigned_post("a.pdf")["url"] == settings.MEDIA_URL


class FakeS3(SimpleNamespace):
    """As much of an S3 client as one upload and one bulk deletion need."""

    def generate_presigned_post(self, **request: Any) -> dict[str, Any]:
        return {"url": f"https://{request['Bucket']}.example.org", "fields": request["Fields"]}

    def delete_objects(self, **request: Any) -> dict[str, Any]:
        return {
            "Errors": [{"Key": item["Key"]} for item in request["Delete"]["Objects"] if item["Key"] == "bad"]
        }


def test_the_next_call_succeeds_once_credentials_are_there(
    cloud: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, Any]] = []
    boto3 = ModuleType("boto3")

    def client(service: str, **keys: Any) -> FakeS3:
        seen.append(keys)
        return FakeS3()

    boto3.client = client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    cloud("s3")
    with pytest.raises(ImproperlyConfigured):
        storage.generate_presigned_post("a.pdf")

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    assert storage.generate_presigned_post("a.pdf")["url"] == "https://bucket.example.org"
    assert storage.bulk_delete_objects(["good", "bad"]) == {"deleted": ["good"], "failed": ["bad"]}
    assert seen[0] == {"aws_access_key_id": "id", "aws_secret_access_key": "secret"}
