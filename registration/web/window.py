"""The chief representative's window: one person, all standards, four keys. No window has a key to reject."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration import flow
from registration.web.desk import DeskPages
from registration.web.desk_page import CasePage


class WindowPages(DeskPages):
    department = flow.REGISTRATION
    namespace = "window"
    title = gettext_lazy("Chief representative's window")
    template = "window/case.html"
    close_key, close_label = "A", gettext_lazy("Approve")
    closed_sentence = gettext_lazy("%(name)s is approved: the licence is issued and the seals are ordered.")

    def more_acts(self, page: CasePage, idle: str) -> list[dict]:
        """Approving with materials that follow later stands here, out of use until a zone offers it."""
        return [{"label": _("Approve, rest follows"), "key": "D", "form": "close", "disabled": True}]

    def ready_note(self, page: CasePage) -> str:
        return _("Once every question is answered “met”, the case can be approved.") if page.questions else ""

    def key_notes(self, page: CasePage) -> list[str]:
        reason = (
            _("Materials that may follow can't be promised at this window yet.")
            if page.may_follow
            else _("This case has no materials that may follow.")
        )
        return [reason, _("A window can't reject: say how to put it right, or ask the supervisor.")]
