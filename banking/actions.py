"""What the bank officer does: verify the intent to open, and give the account and its number."""

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from kernel.cases.actions import close_stage
from kernel.cases.models import Application
from kernel.core.errors import Refused


def open_account(*, actor, stage_id: int, round: int, **granted) -> Application:
    """Close the stage. `granted`: see the desk's conditions. Raises as `close_stage` does, Refused for a number that
    another account has."""
    try:
        return close_stage(actor=actor, stage_id=stage_id, round=round, **granted)
    except IntegrityError:
        raise Refused(_("Another account already has this number. Check the numbers.")) from None
