"""How mail systems know an e-mail of ours."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings


def message_id(key: str) -> str:
    """The Message-ID of the letter of this key: a repeat has the same one."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.SITE_ADDRESS).hostname}>"
