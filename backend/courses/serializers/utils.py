"""Answers that are no object of the catalogue: health, version, plain confirmations."""

from typing import Any

from rest_framework import serializers

# The former name.
from .enrolment import UserProgressStatsSerializer as ProgressStatsSerializer


class EmptySerializer(serializers.Serializer[Any]):
    """A body without fields."""


class StatusResponseSerializer(serializers.Serializer[Any]):
    """What was done, or why it was not."""

    detail = serializers.CharField(read_only=True)


class HealthCheckSerializer(serializers.Serializer[Any]):
    """Whether the service and what it stands on answer; nothing about where they run."""

    status = serializers.ChoiceField(choices=["healthy", "degraded", "unhealthy"], read_only=True)
    version = serializers.CharField(read_only=True)
    timestamp = serializers.DateTimeField(read_only=True)
    database = serializers.CharField(read_only=True, help_text="`ok` or `unavailable`")
    cache = serializers.CharField(read_only=True, help_text="`ok` or `unavailable`")


class DocumentationSerializer(serializers.Serializer[Any]):
    """Where the API is described."""

    openapi_schema = serializers.CharField(read_only=True)
    swagger_ui = serializers.CharField(read_only=True)
    redoc = serializers.CharField(read_only=True)


class VersionInfoSerializer(serializers.Serializer[Any]):
    """The version of the API and the way into it (ARCH-05); `version` repeats `api_version`."""

    api_version = serializers.CharField(read_only=True)
    version = serializers.CharField(read_only=True)
    features = serializers.ListField(child=serializers.CharField(), read_only=True)
    endpoints = serializers.DictField(child=serializers.CharField(), read_only=True)
    documentation = DocumentationSerializer(read_only=True)


__all__ = [
    "EmptySerializer",
    "HealthCheckSerializer",
    "ProgressStatsSerializer",
    "StatusResponseSerializer",
    "VersionInfoSerializer",
]
