"""What the checks of the storage play and look for: the libraries of the clouds, and the Celery application."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursegate.suites.regression import played_clouds
from coursegate.suites.regression.storage_later import applications_of


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*played_clouds.AWS_KEYS, played_clouds.GOOGLE_FILE):
        monkeypatch.delenv(name, raising=False)


def test_without_credentials_nothing_is_signed() -> None:
    """Without credentials a session has none, and neither form nor address is signed; a client stays what it was made with."""
    session = played_clouds.Session()
    client = session.client("s3")

    assert session.get_credentials() is None
    for sign in (client.generate_presigned_post, client.generate_presigned_url, client.head_bucket):
        with pytest.raises(played_clouds.NoCredentialsError):
            sign()
    with pytest.raises(played_clouds.DefaultCredentialsError):
        played_clouds.GoogleClient()


def test_credentials_that_come_later_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next client of the same session finds what the environment holds by then; keys that are handed in do as well."""
    session = played_clouds.Session()
    assert session.get_credentials() is None

    for name in played_clouds.AWS_KEYS:
        monkeypatch.setenv(name, "a-key")

    assert session.client("s3").generate_presigned_post()["url"] == played_clouds.ADDRESS
    given = played_clouds.Session(aws_access_key_id="an-id", aws_secret_access_key="a-secret")
    assert given.get_credentials().access_key == "an-id"


def test_half_of_the_keys_is_an_error() -> None:
    """One key without the other is refused, as by the library."""
    with pytest.raises(played_clouds.PartialCredentialsError):
        played_clouds.Session(aws_access_key_id="an-id")


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        (
            "shop/workers.py",
            "from celery import Celery\njobs = Celery('shop')\njobs.autodiscover_tasks()\n",
            ["shop.workers"],
        ),
        ("shop/__init__.py", "import celery\nqueue: object = celery.Celery('shop')\n", ["shop"]),
        ("shop/workers.py", "from celery import Celery\n\ndef made():\n    return Celery('shop')\n", []),
        ("shop/workers.py", "TEXT = 'Celery(1)'\n", []),
    ],
)
def test_celery_applications_are_found_by_what_makes_them(
    tmp_path: Path, file: str, text: str, found: list[str]
) -> None:
    """A module that makes an application when it is loaded is found wherever it stands, and nothing else."""
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)

    assert applications_of([tmp_path]) == found


def test_a_folder_below_is_named_as_it_is_imported(tmp_path: Path) -> None:
    """In a layout with `src` the application is named from there."""
    file = tmp_path / "src" / "shop" / "workers.py"
    file.parent.mkdir(parents=True)
    file.write_text("from celery import Celery\njobs = Celery('shop')\n")

    assert applications_of([tmp_path, tmp_path / "src"]) == ["shop.workers"]
