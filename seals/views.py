"""The engraver's pages: one order, its identity capture, its seals, and the ledger of what the zone paid."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kernel.accounts.models import Role
from kernel.accounts.requests import PersonRequest
from kernel.cases.access import access_application
from kernel.core import departments
from kernel.core.errors import Incomplete, Refused
from kernel.core.ui.form_errors import form_errors
from kernel.desks.refusals import UNREADABLE, refusal_entries, status_of
from kernel.form import uploads
from kernel.form.filing import OFFICES
from kernel.form.uploads import takes_files
from kernel.papers.outlines import MissingGlyph
from seals import CODE, actions, artwork, proofs, queries, rules
from seals.fields import Delivery
from seals.forms import IdentityForm
from seals.handing_pages import HandingOverPages, SealsCase
from seals.models import Seal

log = logging.getLogger(__name__)
FIELD_OF = {"person": "person_picture"}  # of a picture


class SealsPages(HandingOverPages):
    department = CODE
    namespace = "seals"
    title = gettext_lazy("Seals desk")
    template = "seals/case.html"
    close_label = gettext_lazy("Engraved and ready, close")
    closed_sentence = gettext_lazy(
        "%(name)s: the set is filed and ready to be handed over. The other departments have begun."
    )

    def urls(self) -> list:
        return [
            path("ledger/", self.guard(self.ledger), name="ledger"),
            path("<str:number>/identity/", self.guard(self.identity, "POST"), name="identity"),
            path(
                "<str:number>/identity/<str:kind>/",
                self.guard(self.identity_picture, "POST"),
                name="identity_picture",
            ),
            path("<str:number>/record/<str:kind>/", self.guard(self.record, "POST"), name="record"),
            path(
                "<str:number>/artwork/<str:kind>.<str:form>",
                self.guard(self.artwork, "POST"),
                name="artwork",
            ),
            path("<str:number>/impressions/<str:kind>.png", picture, name="picture"),
            *self.handing_urls(),
            *super().urls(),
        ]

    def on_request(self) -> frozenset[str]:
        return frozenset(
            {"seals.recipient", "seals.phone", "seals.address"}
        )  # for the courier's label

    def context(self, page: SealsCase) -> dict:
        order, seals = page.order
        person = (
            page.filing.by_uid.get(str(order.captured_person)) if order.captured_person else None
        )
        return {
            "order": order,
            "seals": seals,
            "recorded": sum(seal.is_recorded for seal in seals),
            "now_kind": self._next_kind(order, seals),
            "captured": person,
            "order_number": rules.order_number(page.application.zone, order.serial),
            "price_fen": page.application.zone.setting("seal_set_price_fen"),
            "artwork": artwork.TYPES,
            "pictures": list(order.pictures.all()) if order.captured_at else [],
            "identity": None if order.captured_at else self._identity_form(page),
            "by_courier": (order.delivery or page.filing.answer("seals.delivery"))
            == Delivery.COURIER,
            "place": rules.pick_up_place(page.application.zone),
            **self.handing(page, order),
        }

    @staticmethod
    def _next_kind(order, seals) -> str:
        """The seal being engraved: the first without a code, once the identity is captured."""
        open_ones = [seal.seal.kind for seal in seals if not seal.is_recorded]
        return open_ones[0] if open_ones and order.captured_at else ""

    def steps(self, page: SealsCase) -> dict[str, bool]:
        """The identity capture answers what the standards ask about the legal representative."""
        order, _seals = page.order
        asked = [
            f.standard
            for f in page.questions
            if "officers.legal_representative" in f.standard.fields
        ]
        return {standard.id: bool(order.captured_at) for standard in asked}

    def hindrance(self, page: SealsCase) -> str:
        order, seals = page.order
        if not order.captured_at:
            return _("Capture the identity first.")
        left = [seal.label for seal in seals if not seal.is_recorded]
        if left:
            text = ngettext(
                "%(n)s seal still to be filed: %(seals)s.",
                "%(n)s seals still to be filed: %(seals)s.",
                len(left),
            )
            return text % {"n": len(left), "seals": _("; ").join(left)}
        return super().hindrance(page)

    def ready_note(self, page: SealsCase) -> str:
        return _(
            "Every seal is recorded. On closing, %(desks)s begin at once, and the set waits to be handed over."
        ) % {"desks": departments.listed(departments.beside(page.filing.departments))}

    # Steps -----------------------------------------------------------------------------------------------------------

    @takes_files(4 * uploads.MOST_BYTES)
    def identity(self, request: PersonRequest, number: str) -> HttpResponse:
        page = self.page(request, number)
        form, status = self._identity_form(page, request.POST, request.FILES), UNREADABLE
        errors = form_errors(form)
        if not errors:
            try:
                self._capture(request, page, form)
            except Incomplete as refused:
                errors = [
                    {"target": f"id_{FIELD_OF.get(keys[0], keys[0])}", "text": text}
                    for text, keys in refused.problems
                ]
            except Refused as refused:
                errors, status = refusal_entries(refused), status_of(refused)
        if errors:
            page = self.page(request, number)
            typed = self._identity_form(page, request.POST)
            return self.show(request, page, errors=errors, status=status, identity=typed)
        messages.success(request, _("The identity is captured."))
        return redirect(self.url("case", number))

    def _identity_form(self, page: SealsCase, data=None, files=None) -> IdentityForm:
        return IdentityForm(
            data,
            files,
            people=_capturable(page.filing),
            ways=rules.presences(page.filing.answer("seals.delivery")),
            authorised=actions.is_authorised(page),
        )

    @staticmethod
    def _capture(request: PersonRequest, page: SealsCase, form: IdentityForm) -> None:
        actions.capture_identity(
            actor=request.user,
            stage_id=page.stage.pk,
            person=form.cleaned_data["person"],
            how=form.cleaned_data["how"],
            pictures={kind: uploads.check(upload) for kind, upload in form.uploads.items()},
        )

    def identity_picture(self, request: PersonRequest, number: str, kind: str) -> HttpResponse:
        """A picture of the identity, once its opening is on the trail."""
        page = self.page(request, number)
        try:
            picture = actions.open_picture(actor=request.user, stage_id=page.stage.pk, kind=kind)
        except Refused as refused:
            return self.refuse(request, number, refused)
        return HttpResponse(
            picture.read(),
            content_type=picture.content_type,
            headers={"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"},
        )

    def record(self, request: PersonRequest, number: str, kind: str) -> HttpResponse:
        if kind not in Seal.Kind.values:
            raise Http404
        page = self.page(request, number)
        try:
            code = request.POST.get(f"code-{kind}", "")
            actions.record_seal(actor=request.user, stage_id=page.stage.pk, kind=kind, code=code)
        except Refused as refused:
            return self._seal_refused(request, number, kind, refused)
        return redirect(f"{self.url('case', number)}#seals")

    def _seal_refused(self, request: PersonRequest, number: str, kind: str, refused: Refused):
        """The case with the codes as typed."""
        errors = [{"target": f"code-{kind}", "text": str(refused)}]
        page = self.page(request, number)
        typed = [seal.typed(request.POST.get(f"code-{seal.seal.kind}")) for seal in page.order[1]]
        return self.show(
            request, page, errors=errors, status=status_of(refused), seals=typed, wrong=kind
        )

    def artwork(self, request: PersonRequest, number: str, kind: str, form: str) -> HttpResponse:
        """The clean drawing of a seal with the code as typed, for keeping; the trail says who had it."""
        if kind not in Seal.Kind.values or form not in artwork.TYPES:
            raise Http404
        page = self.page(request, number)
        code = request.POST.get(f"code-{kind}", "")
        try:
            seal, code = actions.open_artwork(
                actor=request.user, stage_id=page.stage.pk, kind=kind, code=code, form=form
            )
        except Refused as refused:
            return self._seal_refused(request, number, kind, refused)
        drawn = _drawn(lambda: artwork.drawn(seal, page.application, code, form))
        filename = f"{number}-{kind}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return HttpResponse(drawn, content_type=artwork.TYPES[form], headers=headers)

    def ledger(self, request: PersonRequest) -> HttpResponse:
        shown = {**self.beside(request), "ledger": queries.ledger(request.user.zone)}
        return render(request, "seals/ledger.html", shown)


@require_GET
@login_required
@cache_control(private=True, no_store=True)
def picture(request: PersonRequest, number: str, kind: str) -> HttpResponse:
    """A seal as a marked picture, for its engraver and, once it is engraved, for the company and its supervisor.
    Administrators see none, and no other desk does."""
    may_see = (
        request.user.holds(Role.APPLICANT, Role.SUPERVISOR) or CODE in request.user.departments
    )
    application, seal = _seal(request, number, kind, may_see)
    if not seal.code and CODE not in request.user.departments:
        raise Http404
    return HttpResponse(_drawn(lambda: proofs.marked(seal, application)), content_type="image/png")


def _seal(request: PersonRequest, number: str, kind: str, may_see: bool):
    """The case and its seal. Raises Http404 where the user may not see the one or the other; denials are logged."""
    application = access_application(request.user, number)
    seal = Seal.objects.filter(order=application.pk, kind=kind).first()
    if seal is None or not may_see:
        log.warning("seal denied", extra={"case": number, "user": request.user.pk})
        raise Http404
    return application, seal


def _drawn(draw):
    """Raises Http404 where a character can't be drawn; pages say so instead of asking (`SealView.undrawn`)."""
    try:
        return draw()
    except MissingGlyph:
        raise Http404 from None


def _capturable(filing) -> list:
    """Who may be captured: the holders of offices, the legal representative first, each once."""
    holders = [filing.holder_of(office) for office in OFFICES]
    return list({person.uid: person for person in holders if person}.values())
