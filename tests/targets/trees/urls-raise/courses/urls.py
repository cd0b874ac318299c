from django.urls import path

from .views import courses, lessons

urlpatterns = [path("courses/", courses), path("lessons/", lessons)]
