"""At home: a visitor who had no phone takes the account over, by the code on the paper and a phone of their own."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from kernel.accounts import actions as accounts
from kernel.accounts import one_time_codes, real_names, tries
from kernel.accounts.addresses import address_of
from kernel.accounts.one_time_codes import OneTimeCode, Purpose
from kernel.accounts.proofs import Right, allows
from kernel.accounts.real_names import Answer
from kernel.applicants.identity_forms import CodeForm
from kernel.cases import actions
from kernel.cases.models import CounterFiling
from kernel.core.errors import Refused
from kernel.core.privacy import blind_index
from kernel.core.ui import links
from services.counter.forms import ClaimForm

SENT = "claim:sent"  # in the session
TRIES, WITHIN = 10, 900
NOT_SHOWN = gettext_lazy(
    "By this name, ID number and code no account can be taken over. Check all three against the paper, or come to the "
    "counter with your identity card."
)
TOO_MANY = gettext_lazy("That was tried too often from here. Wait a quarter of an hour.")


@sensitive_post_parameters("real_name", "id_number", "claim", "phone")
@never_cache
def claim(request):
    form = ClaimForm(request.POST or None)
    if form.is_valid() and _sent(request, form):
        return redirect("counter:claim-code")
    return render(request, "counter/claim.html", {"form": form}, status=422 if form.errors else 200)


def _sent(request, form) -> bool:
    data = form.cleaned_data
    (counted,) = tries.count((f"counter-claim:{address_of(request)}", WITHIN))
    if counted.count > TRIES:
        form.add_error(None, TOO_MANY)
        return False
    row = _claimed(data)
    if row is None or real_names.judge(data["real_name"], data["id_number"]) is not Answer.MATCH:
        form.add_error(None, NOT_SHOWN)
        return False
    try:
        code = one_time_codes.draw(
            Purpose.PHONE, data["phone"], bound=_bound(row), address=address_of(request)
        )
    except Refused as refused:
        form.add_error("phone", refused.sentence)
        return False
    request.session[SENT] = {"code": str(code.uid), "filing": row.pk}
    return True


def _claimed(data) -> CounterFiling | None:
    """The filing by which this person holds the code; of an account that has proved to be theirs."""
    row = actions.claimed_by(data["claim"])
    if row is None or not allows(row.visitor, Right.RECOVER):
        return None
    return row if row.visitor.id_index == blind_index(data["id_number"]) else None


def _bound(row: CounterFiling) -> str:
    return f"claim:{row.uid}"


@sensitive_post_parameters("code")
@never_cache
def claim_code(request):
    """The phone is the account's; a password is set as after a forgotten one."""
    sent = request.session.get(SENT, {})
    code = OneTimeCode.objects.filter(purpose=Purpose.PHONE, uid=sent.get("code")).first()
    row = CounterFiling.objects.select_related("visitor").filter(pk=sent.get("filing")).first()
    if code is None or row is None or not row.claim_code or row.visitor.phone_proved_at:
        return redirect("counter:claim")
    form = CodeForm(request.POST or None, row=code, bound=_bound(row))
    if form.is_valid():
        try:
            accounts.prove_phone(account=row.visitor, phone=code.phone)
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("counter:claim")
        actions.take_claim_code(filing_id=row.pk)
        request.session.pop(SENT)
        messages.success(
            request,
            _(
                "This phone is your account's now. Set a password, then log in: your filing is there."
            ),
        )
        return redirect(links.link("recover"))
    context = {"form": form, "phone": code.phone}
    return render(request, "counter/claim_code.html", context, status=422 if form.errors else 200)
