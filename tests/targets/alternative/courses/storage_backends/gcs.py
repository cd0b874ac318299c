"""Google Cloud Storage."""

import os
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def missing_credentials():
    name = "GOOGLE_APPLICATION_CREDENTIALS"
    return None if getattr(settings, name, None) or os.environ.get(name) else f"{name} not set"


def _bucket(name):
    try:
        from google.cloud import storage
    except ImportError as error:
        raise ImproperlyConfigured("Object storage: google-cloud-storage is not installed") from error
    return storage.Client().bucket(name)


def presigned_post(bucket, storage_key, content_type, max_size, expiration):
    blob = _bucket(bucket).blob(storage_key)
    url = blob.generate_signed_url(
        version="v4", method="PUT", expiration=timedelta(seconds=expiration), content_type=content_type
    )
    fields = {"Content-Type": content_type, "x-goog-content-length-range": f"0,{max_size}"}
    return {"url": url, "fields": fields, "storage_key": storage_key, "content_type": content_type}


def delete(bucket, storage_keys):
    target = _bucket(bucket)
    for key in storage_keys:
        target.blob(key).delete()
    return len(storage_keys)


def public_url(bucket, storage_key):
    return f"https://storage.googleapis.com/{bucket}/{storage_key}"


def metadata(bucket, storage_key):
    blob = _bucket(bucket).get_blob(storage_key)
    return {"size": blob.size, "content_type": blob.content_type, "storage_key": storage_key} if blob else None
