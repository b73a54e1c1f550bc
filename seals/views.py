"""The engraver's pages: one order, its identity capture, its seals, and the ledger of what the zone paid."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from kernel.accounts.models import Role
from kernel.cases.access import access_application
from kernel.core.departments import DESKS_BESIDE
from kernel.core.errors import Incomplete, Refused
from kernel.desks.case_page import CasePage
from kernel.desks.pages import DeskPages, said, status_of
from kernel.form.filing import OFFICES
from kernel.papers.outlines import MissingGlyph
from seals import CODE, actions, proofs, queries, rules
from seals.fields import Delivery
from seals.handing_pages import HandingOverPages
from seals.models import Seal

log = logging.getLogger(__name__)


class SealsPages(HandingOverPages, DeskPages):
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
            path("<str:number>/record/<str:kind>/", self.guard(self.record, "POST"), name="record"),
            path("<str:number>/impressions/<str:kind>.svg", impression, name="impression"),
            path("<str:number>/impressions/<str:kind>.png", picture, name="picture"),
            *self.handing_urls(),
            *super().urls(),
        ]

    def on_request(self) -> frozenset[str]:
        return frozenset(
            {"seals.recipient", "seals.phone", "seals.address"}
        )  # for the courier's label

    def context(self, page: CasePage) -> dict:
        order, seals = self._order(page)
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
            "people": _capturable(page.filing),
            "checks": actions.CHECKS.items(),
            "ticked": (),
            "by_courier": (order.delivery or page.filing.answer("seals.delivery"))
            == Delivery.COURIER,
            "place": rules.pick_up_place(page.application.zone),
            **self.handing(page, order),
        }

    def _order(self, page: CasePage):
        """The page's order, read once."""
        if not hasattr(page, "order"):
            page.order = queries.order_of(page.application)
        return page.order

    @staticmethod
    def _next_kind(order, seals) -> str:
        """The seal being engraved: the first without a code, once the identity is captured."""
        open_ones = [seal.seal.kind for seal in seals if not seal.is_recorded]
        return open_ones[0] if open_ones and order.captured_at else ""

    def steps(self, page: CasePage) -> dict[str, bool]:
        """The identity capture answers what the standards ask about the legal representative."""
        order, _seals = self._order(page)
        asked = [
            f.standard
            for f in page.questions
            if "officers.legal_representative" in f.standard.fields
        ]
        return {standard.id: bool(order.captured_at) for standard in asked}

    def hindrance(self, page: CasePage) -> str:
        order, seals = self._order(page)
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

    def ready_note(self, page: CasePage) -> str:
        return _(
            "Every seal is recorded. On closing, %(desks)s begin at once, and the set waits to be handed over."
        ) % {"desks": DESKS_BESIDE}

    # Steps -----------------------------------------------------------------------------------------------------------

    def identity(self, request: HttpRequest, number: str) -> HttpResponse:
        page, ticked = self.page(request, number), frozenset(request.POST.getlist("checks"))
        try:
            actions.capture_identity(
                actor=request.user,
                stage_id=page.stage.pk,
                person=request.POST.get("person", ""),
                checks=ticked,
            )
        except Refused as refused:
            errors = said(refused)
            if isinstance(refused, Incomplete):
                errors = [
                    {
                        "target": f"check-{keys[0]}",
                        "text": _("Not ticked: %(check)s.") % {"check": text},
                    }
                    for text, keys in refused.problems
                ]
            page = self.page(request, number)
            return self.show(request, page, errors=errors, status=status_of(refused), ticked=ticked)
        messages.success(request, _("The identity is captured."))
        return redirect(self.url("case", number))

    def record(self, request: HttpRequest, number: str, kind: str) -> HttpResponse:
        if kind not in Seal.Kind.values:
            raise Http404
        page = self.page(request, number)
        try:
            code = request.POST.get(f"code-{kind}", "")
            actions.record_seal(actor=request.user, stage_id=page.stage.pk, kind=kind, code=code)
        except Refused as refused:
            errors = [{"target": f"code-{kind}", "text": str(refused)}]
            page = self.page(request, number)
            typed = [
                seal.typed(request.POST.get(f"code-{seal.seal.kind}"))
                for seal in self._order(page)[1]
            ]
            return self.show(
                request, page, errors=errors, status=status_of(refused), seals=typed, wrong=kind
            )
        return redirect(f"{self.url('case', number)}#seals")

    def ledger(self, request: HttpRequest) -> HttpResponse:
        shown = {**self.beside(request), "ledger": queries.ledger(request.user.zone)}
        return render(request, "seals/ledger.html", shown)


@require_GET
@login_required
@cache_control(private=True, no_store=True)
def impression(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A seal as a clean drawing, for the engraver alone; `?file` sends it for keeping."""
    application, seal = _seal(request, number, kind, CODE in request.user.departments)
    drawn = _drawn(lambda: proofs.impression(seal, application, application.legal_representative))
    response = HttpResponse(drawn, content_type="image/svg+xml")
    if "file" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{application.number}-{kind}.svg"'
    return response


@require_GET
@login_required
@cache_control(private=True, no_store=True)
def picture(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """An engraved seal as a marked picture, for the company and its supervisor. Administrators see none, and no other
    desk does."""
    may_see = (
        request.user.holds(Role.APPLICANT, Role.SUPERVISOR) or CODE in request.user.departments
    )
    application, seal = _seal(request, number, kind, may_see)
    if not seal.code:
        raise Http404
    return HttpResponse(_drawn(lambda: proofs.marked(seal, application)), content_type="image/png")


def _seal(request: HttpRequest, number: str, kind: str, may_see: bool):
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
