"""The page on which somebody presses: pressed twice, it asks for one thing."""

from uuid import UUID

from django.http import HttpRequest

from kernel.core.privacy import blind_index

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the field's name); drawn anew for each page that is shown


def page_of(request: HttpRequest) -> UUID | None:
    """The same for every form of one page that was shown, and nobody else's; None without its token."""
    token = request.POST.get(TOKEN, "")
    return UUID(blind_index(f"page:{token}")[:32]) if token else None
