"""Files below MEDIA_ROOT."""

from django.core.files.storage import default_storage


def missing_credentials():
    return None


def presigned_post(bucket, storage_key, content_type, max_size, expiration):
    return {
        "url": default_storage.url(storage_key),
        "fields": {"key": storage_key, "Content-Type": content_type},
        "storage_key": storage_key,
        "content_type": content_type,
    }


def delete(bucket, storage_keys):
    for key in storage_keys:
        default_storage.delete(key)
    return len(storage_keys)


def public_url(bucket, storage_key):
    return default_storage.url(storage_key)


def metadata(bucket, storage_key):
    if not default_storage.exists(storage_key):
        return None
    return {"size": default_storage.size(storage_key), "storage_key": storage_key}
