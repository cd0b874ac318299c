"""What the server imports: the checkout's WSGI application, with the work in its database counted for each answer."""

from __future__ import annotations

from django.core.wsgi import get_wsgi_application

from coursegate.load.serving.counting import counted

application = counted(get_wsgi_application())
