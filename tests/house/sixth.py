"""A department that isn't in the product: what one more needs to say of itself, and nothing anywhere else."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kernel.cases.actions import close_stage
from kernel.core.departments import Department, Limit, Standards
from kernel.desks.pages import DeskPages
from kernel.form import flow
from kernel.standards.rules.registry import Finding

CODE = "customs"


class CustomsDesk:
    department = CODE

    def open(self, case, stage) -> None:
        """Nothing to prepare."""

    def conditions(self, case, stage, **granted) -> list[str]:
        return []

    def closed(self, case, stage, **granted) -> None:
        """Nothing is granted."""

    def close(self, **decision):
        return close_stage(self, **decision)


class CustomsPages(DeskPages):
    department = CODE
    namespace = CODE


def goods_are_named(filing) -> Finding | None:
    return None if filing.scope_codes else Finding("No goods are named.")


CUSTOMS = Department(
    code=CODE,
    label=_("Customs"),
    named=_("customs"),
    letter="C",
    short=_("Customs"),
    owner=_("Customs"),
    title=_("Customs"),
    note=_("Registered with the licence"),
    role="customs_officer",
    role_label=_("Customs officer"),
    state=flow.SETTLING,
    clock=Limit("customs", 20, _("Customs")),
    desk=CustomsDesk(),
    standards=Standards(
        prefix="C",
        folder=Path(__file__).parent / "sixth_standards",
        rules=(goods_are_named,),
    ),
    namespace=CODE,
    links=(("customs:queue", _("Customs")),),
    urls="tests.house.sixth",
    path="customs/",
)

app_name = CODE
urlpatterns = CustomsPages().urls()
