"""ASGI entry point: HTTP as ever, and WebSockets below /ws/."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "educore.settings")

http = get_asgi_application()

# The routes import models, which exist only now that Django is set up.
from .websocket import application as websocket  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": websocket})
