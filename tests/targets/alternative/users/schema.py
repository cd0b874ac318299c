"""What the API schema says of the authentication; loaded on start, where drf-spectacular is installed."""

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme

from .authentication import AccountAuthentication


class AccountAuthenticationScheme(SimpleJWTScheme):
    target_class = AccountAuthentication
