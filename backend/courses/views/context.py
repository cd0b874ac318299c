"""What the viewsets share: the viewer, serializers by action, shared lists, permissions by right."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from ..catalogue_cache import CATALOGUE_TIMEOUT, shared_answer
from ..models import UserActivity
from ..permissions import get_course_from_object, validate_permissions_and_raise
from ..viewer import Viewer

if TYPE_CHECKING:
    from rest_framework.generics import GenericAPIView
    from rest_framework.mixins import ListModelMixin
    from rest_framework.viewsets import ViewSetMixin

    class _View(ViewSetMixin, GenericAPIView[Any]): ...

    class _ListView(ListModelMixin, _View): ...
else:
    _View = _ListView = object


class StandardContextMixin(_View):
    """Knows the viewer, tells serializers and caches about it."""

    _viewer: Viewer | None = None

    @property
    def viewer(self) -> Viewer:
        """Whom this answer is made for."""
        return self._viewer or Viewer.of(self.request)

    def get_serializer_context(self) -> dict[str, Any]:
        return {
            **super().get_serializer_context(),
            "viewer": self.viewer,
            "user_access_level": self.viewer.level,
        }

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Marks every answer, errors too, as differing by caller and language."""
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, ["Authorization", "Accept-Language"])
        return final


class OptimizedSerializerMixin(StandardContextMixin):
    """Takes the serializer of the action, and loads what it needs with the rows (GUARD-01)."""

    serializer_classes: ClassVar[Mapping[str, type]] = {}

    def get_serializer_class(self) -> Any:
        return self.serializer_classes.get(self.action or "") or super().get_serializer_class()

    def optimize(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The queryset with everything its serializer reads, as far as the viewer may see it."""
        loaded: QuerySet[Any] = self.get_serializer_class().setup_eager_loading(queryset, self.viewer)
        return loaded


class SharedAnswerMixin(StandardContextMixin):
    """Answers from the shared cache to callers who see what everybody of their level sees.

    What is shared is made for nobody in particular; a caller's own standing is written in afterwards.
    """

    def shared(self, operation: str, compute: Callable[[], Any], timeout: int = CATALOGUE_TIMEOUT) -> Any:
        """What `compute` makes for this view's viewer; for insiders it is made for them alone."""
        caller = Viewer.of(self.request)
        if not caller.is_ordinary:
            return compute()
        self._viewer = caller.anybody_of_this_level()
        return shared_answer(self.request, operation, caller, compute, timeout)

    @property
    def personal_viewer(self) -> Viewer | None:
        """The caller, if what they get was made for nobody in particular and they have a standing."""
        caller = Viewer.of(self.request)
        return caller if caller.is_ordinary and caller.user is not None else None


class SharedListMixin(SharedAnswerMixin, _ListView):
    """Lists that are shared."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        operation = f"{type(self).__name__}.list"
        data = self.shared(
            operation, lambda: super(SharedListMixin, self).list(request, *args, **kwargs).data
        )
        if self.personal_viewer is not None:
            self.personalise(data["results"], self.personal_viewer)
        return Response(data)

    def personalise(self, rows: Any, viewer: Viewer) -> None:
        """Writes the viewer's own standing into the rows; nothing unless the serializer has any."""
        write = getattr(self.get_serializer_class(), "personalise", None)
        if write is not None:
            write(rows, viewer)


class ConsolidatedPermissionMixin(_View):
    """Asks for a right in the course an object belongs to."""

    def require_right(self, right: str, obj: Any) -> None:
        """PermissionDenied (403) unless the caller is staff or has `right`, a field of Teaching."""
        course = get_course_from_object(obj)
        viewer = Viewer.of(self.request)
        validate_permissions_and_raise(
            viewer.user, viewer.may(right, course.pk if course is not None else None)
        )


class SafeUserQuerysetMixin(_View):
    """Rows of the caller alone: `user_field` names the path from the row to its owner (policy 6)."""

    user_field: ClassVar[str] = "user"

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset()
        # The schema is generated without a caller.
        if not self.request or not self.request.user.is_authenticated:
            return rows.none()
        return rows.filter(**{self.user_field: self.request.user.pk})


class AnalyticsMixin(_View):
    """Keeps a record of what signed-in learners do."""

    def record_activity(self, activity_type: str, obj: Any, **data: Any) -> None:
        """Writes one UserActivity about the object and its course; nothing for guests."""
        user = self.request.user
        if not user.is_authenticated:
            return
        name = obj._meta.model_name
        target = {name: obj} if name in ("lesson", "resource", "assessment") else {}
        UserActivity.objects.create(
            user=user, activity_type=activity_type, course=get_course_from_object(obj), data=data, **target
        )
