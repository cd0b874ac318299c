"""Steps of authoring that the public and the instructor routes share."""

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated

from instructor_portal.models import CourseInstructor
from users.authentication import AccountAuthentication

from ..serializers import CourseCloneSerializer
from .mixins import SensitiveAPIThrottle, refuse_plainly


class AuthoringMixin:
    """Token clients only: without session authentication there is no cookie that a foreign page could ride on."""

    authentication_classes = [AccountAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [SensitiveAPIThrottle]

    def permission_denied(self, request, message=None, code=None):
        refuse_plainly(message, code)


def create_owned_course(serializer, request):
    """Save a new course and make its author the lead instructor."""
    with transaction.atomic():
        course = serializer.save()
        CourseInstructor.objects.create(course=course, instructor=request.user, is_lead=True)
    request._course_reader = None
    return course


def perform_clone(request, source):
    payload = CourseCloneSerializer(data=request.data)
    payload.is_valid(raise_exception=True)
    data = payload.validated_data
    try:
        clone = source.clone(title=data.get("title"), creator=request.user, draft=data["draft"])
    except DjangoValidationError as error:
        raise ValidationError(getattr(error, "message_dict", error.messages)) from error
    request._course_reader = None
    return clone
