"""Links to stored files: each opens one file, for as long as a lesson takes to open, and nothing without its signature.

Whoever is shown a resource is given such a link (policy 4); the plain address of a file opens to nobody.
"""

from django.conf import settings
from django.core import signing
from django.utils.encoding import filepath_to_uri
from django.utils.http import urlencode

SALT = "courses.file_links"
LINK_SECONDS = 3600


def link_to(name: str) -> str:
    """The path, with a signature, at which the stored file of this name can be fetched from now on."""
    query = urlencode({"signature": signing.dumps(name, salt=SALT)})
    return f"{settings.MEDIA_URL}{filepath_to_uri(name)}?{query}"


def is_link_to(name: str, signature: str) -> bool:
    """Whether the signature was given for this file, not longer than LINK_SECONDS ago."""
    try:
        signed: object = signing.loads(signature, salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return False
    return signed == name
