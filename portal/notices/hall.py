"""Who left a phone with a ticket of the hall is told, once, that the one before them was called."""

from datetime import timedelta

from django.conf import settings

from kernel.core.moment import real_now
from kernel.core.text_messages.sending import send
from kernel.core.text_messages.wording import Kind
from services.hall.models import Ticket
from services.hall.signals import turn_is_near

SENT_WITHIN = timedelta(minutes=15)  # later they have been called


def tell(sender, ticket: Ticket, **_kwargs) -> None:
    link = f"{settings.SITE_ADDRESS}/hall/t/{ticket.code}/"
    send(Kind.NEAR, ticket.phone, {"ticket": ticket.label, "link": link}, real_now() + SENT_WITHIN)


def connect() -> None:
    turn_is_near.connect(tell, dispatch_uid="portal.notices.hall")
