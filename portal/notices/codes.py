"""One-time codes for people without an account: in a demonstration they arrive in the applicant's own messages.

A real installation connects a receiver of its own to `kernel.cases.signals.code_drawn` that sends a text message to
`person.phone` and answers True.
"""

import secrets

from django.conf import settings

from kernel.cases import signals
from kernel.cases.models import SigningRequest
from kernel.core.privacy import mask_name, mask_phone
from portal.notices.models import Notice

KIND = "signing_code"


def carry(sender, request: SigningRequest, person, code: str, **_kwargs) -> bool:
    """Put the code into the applicant's messages, which stay on this machine. False where this is no demonstration."""
    if not settings.DEMO:
        return False
    Notice.objects.create(
        recipient_id=request.application.applicant_id,
        application=request.application,
        kind=KIND,
        params={
            "person": mask_name(person.name),
            "phone": mask_phone(person.phone),
            "code": code,
            "link": str(request.uid),
        },
        created_at=request.asked_at,
        idempotency_key=f"{KIND}:{request.uid}:{secrets.token_hex(8)}",
    )
    return True


def connect() -> None:
    signals.code_drawn.connect(carry, dispatch_uid="portal.notices.codes")
