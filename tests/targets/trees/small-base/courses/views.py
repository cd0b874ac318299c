from django.http import JsonResponse

from .models import Course


def courses(request):
    return JsonResponse({"results": list(Course.objects.values("id", "title"))})
