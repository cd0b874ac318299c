"""Links to stored files: each opens one file, for as long as a lesson takes to open, and nothing without its signature.

Whoever is shown a resource is given such a link (policy 4); the plain address of a file opens to nobody.
"""

import time

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from django.utils.encoding import filepath_to_uri
from django.utils.http import urlencode

# A link works for one to two hours: all that are given out in the same hour end together, so that the same
# resource is shown with the same link, and an answer does not change by itself.
LINK_SECONDS = 3600
_signer = Signer(salt="courses.file_links")


def link_to(name: str) -> str:
    """The path, with its end and a signature, at which the stored file of this name can be fetched from now on."""
    ends = (int(time.time()) // LINK_SECONDS + 2) * LINK_SECONDS
    query = urlencode({"ends": str(ends), "signature": _signature(name, str(ends))})
    return f"{settings.MEDIA_URL}{filepath_to_uri(name)}?{query}"


def is_link_to(name: str, ends: str, signature: str) -> bool:
    """Whether the signature was given for this file and this end, and the end is still to come."""
    if not constant_time_compare(signature, _signature(name, ends)):
        return False
    return time.time() < int(ends)


def _signature(name: str, ends: str) -> str:
    return _signer.signature(f"{ends}:{name}")
