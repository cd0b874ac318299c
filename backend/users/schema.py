"""Tells the API schema that our token authentication is the bearer scheme it knows."""

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme


class AccountJWTScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]
    target_class = "users.authentication.AccountJWTAuthentication"
