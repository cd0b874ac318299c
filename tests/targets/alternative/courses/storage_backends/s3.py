"""Amazon S3 and what speaks its language."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def _setting(name):
    return getattr(settings, name, None) or os.environ.get(name)


def missing_credentials():
    absent = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not _setting(name)]
    return f"{', '.join(absent)} not set" if absent else None


def _client():
    try:
        import boto3
    except ImportError as error:
        raise ImproperlyConfigured("Object storage: boto3 is not installed") from error
    return boto3.client(
        "s3",
        aws_access_key_id=_setting("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=_setting("AWS_SECRET_ACCESS_KEY"),
        region_name=_setting("AWS_DEFAULT_REGION"),
    )


def presigned_post(bucket, storage_key, content_type, max_size, expiration):
    post = _client().generate_presigned_post(
        bucket,
        storage_key,
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", 0, max_size]],
        ExpiresIn=expiration,
    )
    return {**post, "storage_key": storage_key, "content_type": content_type}


def delete(bucket, storage_keys):
    objects = [{"Key": key} for key in storage_keys]
    answer = _client().delete_objects(Bucket=bucket, Delete={"Objects": objects})
    return len(answer.get("Deleted", []))


def public_url(bucket, storage_key):
    return f"https://{bucket}.s3.amazonaws.com/{storage_key}"


def metadata(bucket, storage_key):
    head = _client().head_object(Bucket=bucket, Key=storage_key)
    return {"size": head["ContentLength"], "content_type": head.get("ContentType"), "storage_key": storage_key}
