"""The client libraries of the clouds, played: without credentials they refuse to sign as the real ones do, with them they sign.

This text is run in front of a program in a fresh interpreter, so it needs nothing but the standard library. Credentials are
looked for where the libraries look: in what they are handed, and in the environment of that moment.
"""

from __future__ import annotations

import json
import os
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import MagicMock

ADDRESS = "https://a-bucket.example.test/"
AWS_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
GOOGLE_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
SERVICE_ACCOUNT = {
    "type": "service_account",
    "client_email": "an-account@example.test",
    "private_key": "a-key",
}


class BotoCoreError(Exception):
    """What botocore raises by itself."""


class NoCredentialsError(BotoCoreError):
    """There is nothing to sign with."""


class NothingToSignWith(NoCredentialsError, AttributeError):
    """A form is signed without a look at the credentials first, so that botocore ends in an AttributeError of None there."""


class PartialCredentialsError(BotoCoreError):
    """One of the two keys is missing."""


class ClientError(Exception):
    """What the service answers."""


class GoogleAuthError(Exception):
    """What google-auth raises."""


class DefaultCredentialsError(GoogleAuthError):
    """There is no service account."""


class Played(types.ModuleType):
    """A module of which only some names matter; a name of an error is a class of its own."""

    def __init__(self, name: str, **members: Any) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None, is_package=True)
        self.__path__: list[str] = []
        vars(self).update(members)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Exception,), {}) if name.endswith(("Error", "Exception")) else MagicMock(name=name)
        setattr(self, name, made)
        return made


class Service:
    """A client of S3; the credentials are those of the moment at which it was made, as with boto3."""

    def __init__(self, keys: tuple[str, str] | None) -> None:
        self._keys = keys
        self.meta = MagicMock(client=self)
        self.exceptions = Played("exceptions", ClientError=ClientError)

    def generate_presigned_post(self, *_arguments: Any, **_options: Any) -> dict[str, Any]:
        if self._keys is None:
            raise NothingToSignWith("Unable to locate credentials")
        return {"url": ADDRESS, "fields": {"key": "a-key"}}

    def generate_presigned_url(self, *_arguments: Any, **_options: Any) -> str:
        self._signed()
        return ADDRESS

    def _signed(self) -> None:
        if self._keys is None:
            raise NoCredentialsError("Unable to locate credentials")

    def __getattr__(self, name: str) -> Any:
        def asked(*_arguments: Any, **_options: Any) -> Any:
            self._signed()
            return MagicMock(name=name)

        return asked


class Session:
    """A session of boto3, or of botocore."""

    region_name = "eu-central-1"

    def __init__(self, *given: Any, **options: Any) -> None:
        names = ("aws_access_key_id", "aws_secret_access_key")
        first, second = (
            options.get(name) or (given[number : number + 1] or (None,))[0]
            for number, name in enumerate(names)
        )
        if bool(first) != bool(second):
            raise PartialCredentialsError("Partial credentials found")
        self._given = (str(first), str(second)) if first else None

    def get_credentials(self) -> Any:
        found = self._found()
        if found is None:
            return None
        frozen = types.SimpleNamespace(
            access_key=found[0], secret_key=found[1], token=None, method="explicit"
        )
        return types.SimpleNamespace(**vars(frozen), get_frozen_credentials=lambda: frozen)

    def _found(self) -> tuple[str, str] | None:
        if self._given:
            return self._given
        first, second = (os.environ.get(name) for name in AWS_KEYS)
        return (first, second) if first and second else None

    def client(self, *_service: Any, **options: Any) -> Service:
        first, second = (options.get(name.lower()) for name in AWS_KEYS)
        if (first is None) != (second is None):
            raise PartialCredentialsError("Partial credentials found")
        return Service(self._found() if first is None else (str(first), str(second)))

    create_client = client

    def resource(self, *service: Any, **options: Any) -> Any:
        return MagicMock(name="resource", meta=MagicMock(client=self.client(*service, **options)))


def default(*_arguments: Any, **_options: Any) -> tuple[Any, str]:
    """What google-auth finds in the environment."""
    file = os.environ.get(GOOGLE_FILE, "")
    if not Path(file).is_file():
        raise DefaultCredentialsError("Your default credentials were not found.")
    return from_file(file), "a-project"


def from_file(file: Any, *_arguments: Any, **_options: Any) -> Any:
    return from_info(json.loads(Path(file).read_text("utf-8")))


def from_info(info: Any, *_arguments: Any, **_options: Any) -> Any:
    if not info or not info.get("private_key"):
        raise ValueError("Service account info was not in the expected format.")
    return MagicMock(name="credentials")


class GoogleClient:
    """A client of Google Cloud Storage."""

    def __init__(self, project: Any = None, credentials: Any = None, **_options: Any) -> None:
        self.project = project
        self._credentials = credentials if credentials is not None else default()[0]

    @classmethod
    def from_service_account_json(cls, file: Any, *_arguments: Any, **_options: Any) -> GoogleClient:
        return cls(credentials=from_file(file))

    @classmethod
    def from_service_account_info(cls, info: Any, *_arguments: Any, **_options: Any) -> GoogleClient:
        return cls(credentials=from_info(info))

    @classmethod
    def create_anonymous_client(cls) -> NoReturn:
        raise AttributeError("you need a private key to sign credentials")

    def bucket(self, name: str, *_arguments: Any, **_options: Any) -> Any:
        blob = MagicMock(name="blob")
        blob.generate_signed_url.return_value = blob.create_resumable_upload_session.return_value = ADDRESS
        bucket = MagicMock(client=self)
        bucket.name = name
        bucket.blob.return_value = bucket.get_blob.return_value = blob
        bucket.generate_signed_url.return_value = ADDRESS
        return bucket

    get_bucket = bucket

    def generate_signed_post_policy_v4(self, *_arguments: Any, **_options: Any) -> dict[str, Any]:
        return {"url": ADDRESS, "fields": {"key": "a-key"}}

    def __getattr__(self, name: str) -> Any:
        return MagicMock(name=name)


def play() -> None:
    """Put them where the backend imports them from."""
    session = Session()
    errors = {
        kind.__name__: kind
        for kind in (BotoCoreError, NoCredentialsError, PartialCredentialsError, ClientError)
    }
    boto3 = Played(
        "boto3", Session=Session, DEFAULT_SESSION=None, client=session.client, resource=session.resource
    )
    account = Played(
        "account",
        Credentials=types.SimpleNamespace(
            from_service_account_file=from_file, from_service_account_info=from_info
        ),
    )
    google_errors = {kind.__name__: kind for kind in (GoogleAuthError, DefaultCredentialsError)}
    _put("boto3", boto3)
    _put("boto3.session", Played("boto3.session", Session=Session))
    for name in ("botocore", "botocore.config", "botocore.client", "boto3.s3", "boto3.s3.transfer"):
        _put(name, Played(name))
    _put("botocore.exceptions", Played("botocore.exceptions", **errors))
    _put("botocore.session", Played("botocore.session", Session=Session, get_session=Session))
    for name in ("google", "google.cloud", "google.oauth2", "google.api_core", "google.api_core.exceptions"):
        _put(name, sys.modules.get(name) or Played(name))
    _put("google.auth", Played("google.auth", default=default))
    _put("google.auth.exceptions", Played("google.auth.exceptions", **google_errors))
    _put("google.oauth2.service_account", account)
    _put("google.cloud.storage", Played("google.cloud.storage", Client=GoogleClient))


def _put(name: str, module: types.ModuleType) -> None:
    sys.modules[name] = module
    parent, _, own = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], own, module)
