"""The page of the name while somebody types, and the reservation of a name."""

from django.contrib import messages
from django.core.cache import cache
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from kernel.applicants.draft import Draft, filled_draft
from kernel.applicants.name_look import Look, look_at
from kernel.applicants.pages.company import NamePage
from kernel.applicants.signed_in import signed_in
from kernel.cases import actions
from kernel.core.certain import certain
from kernel.core.errors import Incomplete, Refused
from kernel.core.moment import now
from kernel.form.filing import full_name

LOOKS, WINDOW = 90, 60  # looks of one person within so many seconds


@signed_in()
@never_cache
@require_POST
def look(request, ref):
    """The name as it would be, and what is to be said of it. Who asks too often in a while waits a few seconds."""
    draft = filled_draft(request.user, ref)
    typed = NamePage(draft, request.POST).typed()
    seen = (
        Look(full_name(typed), is_busy=True)
        if _too_often(request.user.pk)
        else look_at(draft, typed)
    )
    context = {"look": seen, "application": draft.application, "oob": True}
    return render(request, "applicants/_name.html", context)


def reserve(request, draft: Draft):
    """Reserve the stored name and say so, or say why not. Returns to the page of the name."""
    try:
        application = actions.reserve_name(actor=request.user, application_id=draft.application.pk)
    except Incomplete as incomplete:
        for sentence, _fields in incomplete.problems:
            messages.error(request, sentence)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        day = date_format(certain(application.name_reserved_until), "DATE_FORMAT")
        messages.success(request, _("The name is reserved for you until %(day)s.") % {"day": day})
    return redirect("filing:page", ref=draft.application.number, section="name")


def _too_often(user_id: int) -> bool:
    """Count a look of this person; whether there were more than LOOKS in this while."""
    key = f"name-looks:{user_id}:{int(now().timestamp()) // WINDOW}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, WINDOW)
    return count > LOOKS
