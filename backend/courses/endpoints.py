"""What a route adds to its view: who may ask, how often, how long an answer is kept, how the schema calls it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.decorators import api_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .catalogue_cache import shared_answer
from .throttling import APIThrottle, SensitiveAPIThrottle
from .viewer import Viewer

try:
    from drf_spectacular.openapi import AutoSchema
except ImportError:
    from rest_framework.schemas.openapi import AutoSchema  # type: ignore[assignment]

VARIES_BY = ("Authorization", "Accept-Language")
# What a view has of its own comes first, and what the route adds stands beside it.
JOINED = ("throttle_classes", "permission_classes")


class EndpointSchema(AutoSchema):
    """Tells two operations of one view apart by a suffix to their ids."""

    operation_id_suffix: str | None = None

    def get_operation_id(self, *args: Any) -> str:
        name = str(super().get_operation_id(*args))
        return f"{name}_{self.operation_id_suffix}" if self.operation_id_suffix else name


class LegacyEndpointSchema(EndpointSchema):
    """An older path of an operation: works as ever, and is deprecated in the schema."""

    operation_id_suffix = "legacy"

    def is_deprecated(self) -> bool:
        return True


class _NotKept(Exception):
    """Carries an answer that the next caller must not get."""

    def __init__(self, answer: HttpResponseBase) -> None:
        self.answer = answer


class _SecuredView(APIView):
    """Keeps successful answers to GET for the caller they were made for, behind every check of the view."""

    cache_timeout: int | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Only here have authentication, permissions and throttles let the request in (URL-01).
        handler = getattr(self, "get", None)
        if self.cache_timeout and request.method == "GET" and handler is not None:
            self.__dict__["get"] = partial(self._kept, handler)

    def _kept(
        self, handler: Callable[..., HttpResponseBase], request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        def compute() -> Any:
            answer = handler(request, *args, **kwargs)
            if not isinstance(answer, Response) or answer.status_code != 200:
                raise _NotKept(answer)
            return answer.data

        caller = Viewer.of(request)
        view = type(self)
        operation = f"{view.__module__}.{view.__qualname__} for {request.user.pk}, {caller.is_staff}"
        try:
            return Response(shared_answer(request, operation, caller, compute, self.cache_timeout or 0))
        except _NotKept as other:
            return other.answer

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(final, VARIES_BY)
        return final


def secure_endpoint(
    cache_timeout: int | None = None,
    require_auth: bool = True,
    sensitive: bool = False,
    operation_id_suffix: str | None = None,
) -> Callable[[Any], Any]:
    """Decorates a view class, the result of `as_view()` or `@api_view`, or a plain function for GET (URL-01).

    The limits become class attributes, beside those the view has: scope `sensitive_api` or `api`. What is
    decorated stays as it is; the result is of the same kind, a class or a callable for `path()`.
    """

    def secured(view: Any) -> Any:
        if isinstance(view, type):
            return _secured_class(view, attributes)
        routed: Any = view if hasattr(view, "cls") else api_view(["GET"])(view)
        actions = [routed.actions] if getattr(routed, "actions", None) else []
        # What `as_view()` was told of limits and permissions counts as the view's own: it would undo those of the class.
        told = dict(getattr(routed, "initkwargs", {}))
        own = {name: told.pop(name) for name in JOINED if name in told}
        return _secured_class(routed.cls, attributes, own).as_view(*actions, **told)

    attributes: dict[str, Any] = {
        "cache_timeout": cache_timeout,
        "throttle_classes": (SensitiveAPIThrottle if sensitive else APIThrottle,),
        "permission_classes": (IsAuthenticated,) if require_auth else (),
    }
    if operation_id_suffix:
        schema = type("SuffixedSchema", (EndpointSchema,), {"operation_id_suffix": operation_id_suffix})
        attributes["schema"] = schema()
    return secured


def _secured_class(
    view: type[APIView], attributes: dict[str, Any], own: Mapping[str, Any] = MappingProxyType({})
) -> type[APIView]:
    """A subclass of the view under its name; its own limits and permissions, or those named, come first."""
    merged = {name: _joined(own.get(name, getattr(view, name)), attributes[name]) for name in JOINED}
    identity = {name: getattr(view, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(view.__name__, (_SecuredView, view), {**attributes, **merged, **identity})


def _joined(existing: Sequence[type], added: Sequence[type]) -> tuple[type, ...]:
    return (*existing, *(item for item in added if item not in existing))
