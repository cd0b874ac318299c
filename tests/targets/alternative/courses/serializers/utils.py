"""Payloads without a model."""

from rest_framework import serializers

from .enrolment import UserProgressStatsSerializer


class HealthCheckSerializer(serializers.Serializer):
    status = serializers.CharField()
    version = serializers.CharField()
    api_version = serializers.CharField()
    timestamp = serializers.DateTimeField()
    checks = serializers.DictField(child=serializers.CharField())


class EmptySerializer(serializers.Serializer):
    pass


class StatusResponseSerializer(serializers.Serializer):
    detail = serializers.CharField()


class ProgressStatsSerializer(UserProgressStatsSerializer):
    """Statistics of the signed-in learner."""


class VersionInfoSerializer(serializers.Serializer):
    api_version = serializers.CharField()
    version = serializers.CharField()
    features = serializers.DictField()
    endpoints = serializers.DictField()
    documentation = serializers.DictField()
    deprecated = serializers.ListField(child=serializers.CharField())
