"""Behaviour shared by the serializers."""

import logging

from rest_framework import serializers

from ..permissions import validate_permissions_and_raise
from ..utils.sanitisation import sanitize_html_content
from ..visibility import reader_of

logger = logging.getLogger(__name__)


def _detached(value):
    """The same JSON value in containers of its own: a JSON field hands out the list of the instance itself."""
    if isinstance(value, dict):
        return {key: _detached(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_detached(item) for item in value]
    return value


class ContextPropagationMixin:
    """Knows the reader, and returns a representation that shares nothing with the instance."""

    @property
    def reader(self):
        context = self.context
        if context.get("request") is not None:
            return reader_of(context["request"])
        return context.setdefault("reader", reader_of(None))

    def to_representation(self, instance):
        data = {key: _detached(value) for key, value in super().to_representation(instance).items()}
        return dict(self._process_representation_safely(data, instance))

    def _process_representation_safely(self, data, instance):
        """Hook of the subclasses: takes the representation and returns the one to show."""
        return data


class OptimizedQueryMixin:
    """Serializers that say which rows they will touch."""

    @classmethod
    def setup_eager_loading(cls, queryset, reader=None):
        return queryset


class EnhancedValidationMixin:
    """Every HTML text that comes in is reduced to formatting before it is stored."""

    html_fields = ()

    def to_internal_value(self, data):
        values = super().to_internal_value(data)
        for name in self.html_fields:
            if isinstance(values.get(name), str):
                values[name] = sanitize_html_content(values[name])
        return values


class SecureSerializerMixin:
    """Leaves out what `sensitive_fields` names, except for staff."""

    sensitive_fields = ()

    def to_representation(self, instance):
        data = super().to_representation(instance)
        request = self.context.get("request")
        if getattr(getattr(request, "user", None), "is_staff", False):
            return data
        return {key: value for key, value in data.items() if key not in self.sensitive_fields}


class CacheOptimizedMixin:
    """Names the cache entry of a representation."""

    def cache_name_of(self, instance):
        return f"{type(self).__name__}:{instance.pk}:{getattr(instance, 'updated_date', '')}"


class PermissionAwareMixin:
    def require_permission(self, condition, message="Permission denied"):
        validate_permissions_and_raise(getattr(self.context.get("request"), "user", None), condition, message)


class AuditTrailMixin:
    def save(self, **kwargs):
        instance = super().save(**kwargs)
        logger.info("%s saved %s", type(self).__name__, instance.pk)
        return instance


class ValidationHelperMixin:
    def require_value(self, attrs, name):
        if attrs.get(name) in (None, ""):
            raise serializers.ValidationError({name: "This field is required."})
        return attrs[name]
