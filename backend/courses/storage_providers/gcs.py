"""Google Cloud Storage, through google-cloud-storage."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .base import CloudProvider, configured

_CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS"


class GCSProvider(CloudProvider):
    name = "gcs"
    library = "google.cloud.storage"

    def has_credentials(self) -> bool:
        path = configured(_CREDENTIALS)
        return bool(path) and Path(path).is_file()

    def storage_bucket(self) -> Any:
        """The bucket, reached with the credentials of this moment."""
        client = self.module().Client.from_service_account_json(configured(_CREDENTIALS))
        return client.bucket(self.bucket)

    def presigned_post(
        self, storage_key: str, content_type: str, max_size: int, expiration: int
    ) -> dict[str, Any]:
        bucket = self.storage_bucket()
        post = bucket.client.generate_signed_post_policy_v4(
            bucket.name,
            storage_key,
            expiration=timedelta(seconds=expiration),
            conditions=[["content-length-range", 1, max_size]],
            fields={"Content-Type": content_type},
        )
        return {**post, "storage_key": storage_key}

    def delete(self, storage_key: str) -> bool:
        blob = self.storage_bucket().get_blob(storage_key)
        if blob is not None:
            blob.delete()
        return True

    def public_url(self, storage_key: str) -> str:
        return f"https://storage.googleapis.com/{self.bucket}/{quote(storage_key)}"

    def metadata(self, storage_key: str) -> dict[str, Any] | None:
        blob = self.storage_bucket().get_blob(storage_key)
        if blob is None:
            return None
        return {"size": blob.size, "content_type": blob.content_type, "last_modified": blob.updated}

    def stats(self) -> dict[str, int]:
        sizes = [blob.size for blob in self.storage_bucket().list_blobs()]
        return {"objects": len(sizes), "bytes": sum(sizes)}

    def ping(self) -> None:
        self.storage_bucket().reload()
