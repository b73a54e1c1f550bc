"""Who else works on a filing: offered by phone number, answered on the other's own page, handed over once."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kernel.accounts import proofs
from kernel.accounts.proofs import NotProved, Right
from kernel.applicants import page_views
from kernel.applicants.draft import own_application
from kernel.applicants.inputs import Mobile
from kernel.cases import actions
from kernel.cases.actions.share import FOUNDERS_ONLY
from kernel.cases.models import Share
from kernel.core.errors import NotAllowed, Refused
from kernel.core.ui import links
from kernel.form import flow


class OfferForm(forms.Form):
    """To whom, and what for."""

    phone = Mobile(
        label=gettext_lazy("Mobile number of the other person"),
        help_text=gettext_lazy("Who logs in with this number finds your offer under “My cases”."),
        error_messages={"required": gettext_lazy("Enter the other person's mobile number.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=[(kind.value, kind.label) for kind in Share.OFFERED_TO_PHONES],
        widget=forms.RadioSelect,
        initial=Share.Kind.WORK,
        help_text=gettext_lazy(
            "Who works on it fills in pages; you submit. Who takes it over becomes the applicant in your place."
        ),
        error_messages={"required": gettext_lazy("Choose what the other person may do.")},
    )


@login_required
@never_cache
@sensitive_post_parameters()
def sharing(request, ref):
    """Everybody whom the applicant let in or asked, and a form to ask another; for others who work on it, the list."""
    application = own_application(request.user, ref)
    is_owner = application.applicant_id == request.user.pk
    data = request.POST if request.method == "POST" and is_owner else None
    form = OfferForm(data, use_required_attribute=False)
    refused, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            actions.offer_share(
                actor=request.user,
                application_id=application.pk,
                phone=form.cleaned_data["phone"],
                kind=form.cleaned_data["kind"],
            )
            messages.success(request, _("Offered. It is answered by whoever has this number."))
            return redirect("filing:sharing", ref=application.number)
        except Refused as error:
            refused, status = error, 409
    elif form.is_bound:
        status = 422
    errors = page_views.summary(form, refused)
    context = {
        "application": application,
        "form": form,
        "is_owner": is_owner,
        "errors": errors,
        "has_errors": bool(errors),
        "shares": application.shares.filter(state__in=Share.LIVE).select_related("user"),
        "possible": is_owner and application.state not in flow.GIVEN_UP,
        "founders_only": FOUNDERS_ONLY if application.state != flow.DRAFT else "",
    }
    return render(request, "applicants/sharing.html", context, status=status)


def offers(user):
    """What was offered to this person and waits for an answer, and what they may work on.

    What was offered before the submit and not answered by then lapses with it, and everything with the case.
    """
    mine = Q(user=user, state=Share.State.ACCEPTED)
    if proofs.allows(user, Right.OFFERS):
        open_now = Q(application__state=flow.DRAFT) | Q(
            offered_at__gt=F("application__submitted_at")
        )
        open_now &= ~Q(application__state__in=flow.GIVEN_UP)
        mine |= open_now & Q(phone_index=user.phone_index, state=Share.State.OFFERED)
    return list(
        Share.objects.filter(mine)
        .select_related("application", "offered_by")
        .defer("application__answers")
    )


@login_required
@never_cache
@require_POST
def answer(request, uid, how):
    """Accept, refuse or end. Raises Http404 for whom it doesn't concern."""
    if how not in ANSWERS:
        raise Http404
    act, sentence = ANSWERS[how]
    try:
        done = act(actor=request.user, uid=str(uid))
    except NotProved as refused:
        messages.error(request, refused.sentence)
        return redirect(links.link("own_account"))
    except NotAllowed as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("my")
    if done and how == "accept":
        messages.success(request, sentence)
        return redirect("filing:tasks", ref=done.number)
    share = Share.objects.select_related("application").get(uid=uid)
    is_owner = share.application.applicant_id == request.user.pk
    messages.success(
        request, sentence if is_owner or how != "end" else _("You no longer work on this filing.")
    )
    return redirect("filing:sharing", ref=share.application.number) if is_owner else redirect("my")


ANSWERS = {
    "accept": (
        actions.accept_share,
        gettext_lazy("Accepted. You find the filing under “My cases” from now on."),
    ),
    "refuse": (actions.refuse_share, gettext_lazy("Refused. Nothing of it is kept on your pages.")),
    "end": (
        actions.end_share,
        gettext_lazy("Ended. From now on the filing is worked on without that person."),
    ),
}
