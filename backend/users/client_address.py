"""Where a request came from, in a form that the database takes."""

from ipaddress import ip_address
from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

UNKNOWN_ADDRESS = "0.0.0.0"  # a column value: nothing listens there
MAX_USER_AGENT_LENGTH = 500


def client_address(request: HttpRequest | Request | None) -> str:
    """The client's IP address as throttling sees it (NUM_PROXIES); 0.0.0.0 when it is none."""
    if request is None:
        return UNKNOWN_ADDRESS
    try:
        return str(ip_address(BaseThrottle().get_ident(cast("Request", request))))
    except ValueError:
        return UNKNOWN_ADDRESS


def client_user_agent(request: HttpRequest | Request | None) -> str:
    """The User-Agent header, cut to the column's length, without NUL characters."""
    header = "" if request is None else request.META.get("HTTP_USER_AGENT", "")
    return header.replace("\x00", "")[:MAX_USER_AGENT_LENGTH]
