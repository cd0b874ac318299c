"""What serializers share: the viewer, clean input, fields for some viewers, rows chosen for the viewer."""

import logging
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Field, Model, QuerySet
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from ..permissions import get_course_from_object, validate_permissions_and_raise
from ..utils import clean_html_content, validate_content_security
from ..viewer import Viewer

if TYPE_CHECKING:
    _Serializer = serializers.ModelSerializer[Any]
else:
    _Serializer = object

logger = logging.getLogger(__name__)
ANYBODY = Viewer()


def _unshared(value: Any) -> Any:
    """The same JSON value in containers of its own."""
    if isinstance(value, dict):
        return {key: _unshared(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unshared(item) for item in value]
    return value


class ContextPropagationMixin(_Serializer):
    """Knows the viewer, and returns representations that share nothing with the instance (SER-03, SER-09)."""

    @property
    def viewer(self) -> Viewer:
        """Whom the representation is for: the context's viewer, else its request's user, else a guest."""
        viewer: Viewer | None = self.context.get("viewer")
        return viewer if viewer is not None else Viewer.of(self.context.get("request"))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data = dict(super().to_representation(instance))
        for name, field in self.fields.items():
            # DRF hands out the very list or dict that the instance holds.
            if isinstance(field, serializers.JSONField) and name in data:
                data[name] = _unshared(data[name])
        return self._process_representation_safely(data, instance)

    def _process_representation_safely(
        self,
        data: dict[str, Any],
        instance: Any,  # for subclasses
    ) -> dict[str, Any]:
        """Hook for subclasses, called once per object: takes the representation, returns the one to send."""
        return data


class OptimizedQueryMixin:
    """Says what to load with the rows, so that the number of queries does not grow with them (GUARD-01)."""

    @classmethod
    def setup_eager_loading(
        cls,
        queryset: QuerySet[Any],
        viewer: Viewer = ANYBODY,  # for subclasses
    ) -> QuerySet[Any]:
        """The queryset with everything the serializer reads, as far as the viewer may see it."""
        return queryset


class EnhancedValidationMixin(_Serializer):
    """Cleans HTML before it is validated, and refuses plain text that carries running markup (SEC-01)."""

    html_fields: ClassVar[Iterable[str]] = ()
    text_fields: ClassVar[Iterable[str]] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in self.text_fields:
            fields[name].validators = [*fields[name].validators, refuse_running_markup]
        return fields

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            # A form's data is read-only, and a copy by dict() would keep lists of values.
            data = data.copy() if hasattr(data, "copy") else dict(data)
            self._clean_html(data)
        return super().to_internal_value(data)

    def _clean_html(self, data: MutableMapping[str, Any]) -> None:
        for name in self.html_fields:
            if isinstance(data.get(name), str):
                data[name] = clean_html_content(data[name])


def refuse_running_markup(value: Any) -> None:
    """ValidationError for a text, or a list of texts, that carries script or cannot be stored."""
    if isinstance(value, list):
        for item in value:
            refuse_running_markup(item)
    elif isinstance(value, str):
        ProhibitSurrogateCharactersValidator()(value)
        if "\x00" in value:
            raise serializers.ValidationError("Null characters are not allowed.")
        try:
            validate_content_security(value)
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class SecureSerializerMixin(ContextPropagationMixin):
    """Leaves `staff_only_fields` out of what other people get."""

    staff_only_fields: ClassVar[Iterable[str]] = ()

    def _process_representation_safely(self, data: dict[str, Any], instance: Any) -> dict[str, Any]:
        data = super()._process_representation_safely(data, instance)
        return data if self.viewer.is_staff else _without(data, self.staff_only_fields)


class PermissionAwareMixin(ContextPropagationMixin):
    """Keeps `instructor_only_fields` for those who teach the object's course, and staff (policy 5)."""

    instructor_only_fields: ClassVar[Iterable[str]] = ()

    def _process_representation_safely(self, data: dict[str, Any], instance: Any) -> dict[str, Any]:
        data = super()._process_representation_safely(data, instance)
        return data if self._teaches(instance) else _without(data, self.instructor_only_fields)

    def _teaches(self, instance: Any) -> bool:
        if self.viewer.is_ordinary:
            # Spares learners the way up to the course.
            return False
        course = get_course_from_object(instance)
        return course is not None and self.viewer.teaches(course.pk)


class CacheOptimizedMixin:
    """For serializers whose answers are shared by everybody of a level."""

    @staticmethod
    def personalise(rows: Iterable[dict[str, Any]], viewer: Viewer) -> None:
        """Writes the viewer's own standing into rows that were made for anybody."""
        raise NotImplementedError


class AuditTrailMixin(_Serializer):
    """Logs who wrote what: names of fields, never values."""

    def save(self, **kwargs: Any) -> Any:
        instance = super().save(**kwargs)
        user = getattr(self.context.get("request"), "user", None)
        logger.info(
            "%s %s written by user %s: %s",
            type(instance).__name__,
            instance.pk,
            getattr(user, "pk", None),
            ", ".join(sorted(self.validated_data)),
        )
        return instance


class ValidationHelperMixin(_Serializer):
    """Helps validation that compares fields."""

    def after_write(self, attrs: Mapping[str, Any], name: str) -> Any:
        """The value a field will have: the written one, else the instance's, else the model's default."""
        if name in attrs:
            return attrs[name]
        if self.instance is not None:
            return getattr(self.instance, name)
        model: type[Model] = self.Meta.model
        return cast("Field[Any, Any]", model._meta.get_field(name)).get_default()


class SetOnceMixin(_Serializer):
    """Takes `set_once_fields` when an object is made and ignores them later: what it belongs to stays."""

    set_once_fields: ClassVar[Iterable[str]] = ()

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return _without(fields, self.set_once_fields) if self.instance is not None else fields


class Chosen:
    """Mixed into a nested serializer: takes what `choose(instance, viewer)` picks for the viewer.

    The mixed class names its `choose` as a static method; a plain `source` would take every row.
    """

    choose: Callable[[Any, Viewer], Any]

    def get_attribute(self, instance: Any) -> Any:
        context: Mapping[str, Any] = self.context  # type: ignore[attr-defined]
        viewer = context.get("viewer") or Viewer.of(context.get("request"))
        return self.choose(instance, viewer)


class ChosenRows(Chosen, serializers.ListSerializer[Any]):
    """A nested list of the rows that `choose(instance, viewer)` picks."""

    def __init__(self, *, choose: Callable[[Any, Viewer], Any], **kwargs: Any) -> None:
        self.choose = choose
        super().__init__(read_only=True, **kwargs)


def _without(data: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


__all__ = [
    "AuditTrailMixin",
    "CacheOptimizedMixin",
    "ChosenRows",
    "ContextPropagationMixin",
    "EnhancedValidationMixin",
    "OptimizedQueryMixin",
    "PermissionAwareMixin",
    "SecureSerializerMixin",
    "SetOnceMixin",
    "ValidationHelperMixin",
    "validate_permissions_and_raise",
]
