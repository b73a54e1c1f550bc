"""The seals, as the rest of the house knows them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.core.departments import Department, Reply
from kernel.form import flow
from seals import CODE
from seals.desk import AUTHORITY, ENGRAVER, SealsDesk
from seals.fields import FIELDS, SECTION, SEES
from seals.notices import NOTICES, SETBACKS
from seals.pages import SealsPage
from seals.papers import PAPERS
from seals.standards import STANDARDS

SEALS = Department(
    code=CODE,
    label=_("Seals (police filing)"),
    named=pgettext_lazy("department", "police"),
    letter=pgettext_lazy("reuse cell", "P"),
    short=pgettext_lazy("row of a clock", "Seals"),
    owner=pgettext_lazy("owner of a minute", "Engraver"),
    title=_("Seals"),
    note=_("A set of four, paid by the zone"),
    role="engraver",
    role_label=_("Seal engraver"),
    state=flow.SEALING,
    clock="licence_and_seals",
    desk=SealsDesk(),
    standards=STANDARDS,
    namespace="seals",
    links=(
        ("seals:queue", _("Seals")),
        ("seals:waiting", _("To hand over")),
        ("seals:search", _("Find a case")),
        ("seals:ledger", _("Subsidy ledger")),
    ),
    urls="seals.urls",
    path="seals/",
    authorities=(
        (
            AUTHORITY,
            pgettext_lazy("whom the zone names", "police authority for seals"),
        ),
        (ENGRAVER, pgettext_lazy("whom the zone names", "engraving firm")),
    ),
    done=_("Seals engraved and filed"),
    notices=NOTICES,
    setbacks=SETBACKS,
    section=SECTION,
    page=SealsPage,
    fields=FIELDS,
    sees=SEES,
    materials=("opening_form", "power_of_attorney", "appointments", "seal_identity"),
    papers=PAPERS,
    replies=(
        Reply(
            "collect",
            pgettext_lazy("reply", "Collecting the seals"),
            _(
                "The seals can be collected once the page of the case says so, by who is named "
                "there, with the code shown there and an ID document."
            ),
        ),
        Reply(
            "not-yet",
            pgettext_lazy("reply", "Not engraved yet"),
            _(
                "The seals of %(company)s are being engraved. You are told as soon as they are ready."
            ),
        ),
    ),
)
