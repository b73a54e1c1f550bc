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
    "account_step": (
        _("Your account: the second step"),
        _(
            "The administration had your second step set up anew: the devices of before don't count."
        ),
        ASK,
    ),
    "account_shut": (
        _("Your account: shut"),
        _("The administration shut your account. If it isn't right, tell your supervisor."),
        "",
    ),
    "account_opened": (
        _("Your account: open again"),
        _("The administration opened your account again."),
        "",
    ),
}
