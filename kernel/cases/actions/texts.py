"""What an officer writes on a page without a form of its own."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from kernel.core.errors import Incomplete
from kernel.core.fields import longest
from kernel.core.written import LINE, fault


def kept_text(text: str, model: type[Model], column: str) -> str:
    """As the column keeps it: without blanks around it. Raises Incomplete where it is longer than the column takes, and
    where something in it hides or turns the words."""
    text, most = text.strip(), longest(model, column)
    if wrong := fault(text, LINE):
        raise Incomplete(wrong)
    if len(text) > most:
        raise Incomplete(
            _("Write at most %(most)s characters. These are %(n)s.")
            % {"most": most, "n": len(text)}
        )
    return text
