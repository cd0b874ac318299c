"""Amazon S3 and what speaks its language, through boto3."""

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from .base import CloudProvider, configured

# Any of these tells boto3 where a role's credentials come from.
_ROLE_VARIABLES = ("AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
_DELETE_LIMIT = 1000
_NOT_FOUND = {"404", "NoSuchKey", "NotFound"}


class S3Provider(CloudProvider):
    name = "s3"
    library = "boto3"

    def has_credentials(self) -> bool:
        return all(map(configured, _KEY_VARIABLES)) or any(map(os.environ.get, _ROLE_VARIABLES))

    def client(self) -> Any:
        """A client made with the credentials of this moment."""
        keys = {name.lower(): configured(name) or None for name in _KEY_VARIABLES}
        return self.module().client("s3", **keys)

    def presigned_post(
        self, storage_key: str, content_type: str, max_size: int, expiration: int
    ) -> dict[str, Any]:
        fields = {"Content-Type": content_type}
        conditions = [fields, ["content-length-range", 1, max_size]]
        post = self.client().generate_presigned_post(
            Bucket=self.bucket, Key=storage_key, Fields=fields, Conditions=conditions, ExpiresIn=expiration
        )
        return {**post, "storage_key": storage_key}

    def delete(self, storage_key: str) -> bool:
        self.client().delete_object(Bucket=self.bucket, Key=storage_key)
        return True

    def bulk_delete(self, storage_keys: Iterable[str]) -> dict[str, list[str]]:
        keys = list(storage_keys)
        client = self.client()
        failed: list[str] = []
        for start in range(0, len(keys), _DELETE_LIMIT):
            objects = [{"Key": key} for key in keys[start : start + _DELETE_LIMIT]]
            answer = client.delete_objects(Bucket=self.bucket, Delete={"Objects": objects, "Quiet": True})
            failed += [error["Key"] for error in answer.get("Errors", [])]
        return {"deleted": [key for key in keys if key not in failed], "failed": failed}

    def public_url(self, storage_key: str) -> str:
        return f"https://{self.bucket}.s3.amazonaws.com/{quote(storage_key)}"

    def metadata(self, storage_key: str) -> dict[str, Any] | None:
        client = self.client()
        try:
            head = client.head_object(Bucket=self.bucket, Key=storage_key)
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _NOT_FOUND:
                return None
            raise
        return {
            "size": head["ContentLength"],
            "content_type": head.get("ContentType"),
            "last_modified": head["LastModified"],
        }

    def stats(self) -> dict[str, int]:
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        sizes = [item["Size"] for page in pages for item in page.get("Contents", [])]
        return {"objects": len(sizes), "bytes": sum(sizes)}

    def ping(self) -> None:
        self.client().head_bucket(Bucket=self.bucket)
