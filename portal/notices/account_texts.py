"""What people read of their own accounts, by the kind of notice: title and text."""

from django.utils.translation import gettext_lazy as _

ASK = _(
    "You were logged out everywhere. Who did it and when stands on the page “Your account”; if it isn't right, tell "
    "your supervisor."
)
ACCOUNT_TEXTS = {
    "account_roles": (
        _("Your account: roles changed"),
        _("The administration changed your roles, your zone or your branch."),
        ASK,
    ),
    "account_password": (
        _("Your account: a new password"),
        _("The administration set a password for your account. Choose one of your own now."),
        ASK,
    ),
    "account_link": (
        _("Your account: a link to set it up"),
        _(
            "The administration gave you a link with which you set up your account. Who gave it and when stands on the "
            "page “Your account”; if you never got it, tell your supervisor."
        ),
        "",
    ),
    "account_by_link": (
        _("Your account: a password was chosen"),
        _("Somebody chose a password with the link that the administration gave."),
        ASK,
    ),
    "account_step": (
        _("Your account: the second step"),
        _(
            "Two persons of the administration had your account opened anew: neither your password nor the devices of "
            "before count. Ask for the link with which you choose new ones."
        ),
        ASK,
    ),
    "account_shut": (
        _("Your account: shut"),
        _("The administration shut your account. If it isn't right, tell your supervisor."),
        "",
    ),
    "webhook_off": (
        _("Your webhook: switched off"),
        _(
            "Your receiver took no message for days, or said that it is there no more, so nothing is posted to it now. "
            "Prove it again on the page “How you are told” once it runs; what it missed stands in the inbox."
        ),
        "",
    ),
    "account_opened": (
        _("Your account: open again"),
        _("The administration opened your account again."),
        "",
    ),
}
