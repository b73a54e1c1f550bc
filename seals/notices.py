"""What the applicant is told of how the set of seals comes: title, text, and what their phone is told; and what the
engraver is told of a set that a carrier didn't bring."""

from django.utils.translation import gettext_lazy as _

from seals import handing_over

NOTICES = {
    handing_over.READY: (
        _("Licence and seals wait for you: %(number)s"),
        _(
            "The set of %(company)s can be collected: %(place)s. The code is on the page of the case."
        ),
        _(
            "The set of seals and the licence of your company can be collected; place and code: %(link)s"
        ),
    ),
    handing_over.HANDED: (
        _("Licence and seals collected: %(number)s"),
        _("The set of %(company)s was handed over at the window to somebody who showed the code."),
    ),
    handing_over.SENT: (
        _("Parcel on its way: %(number)s"),
        _(
            "The courier has licence and seals of %(company)s. The number is on the page of the case."
        ),
        _("The parcel with your licence and seals is on its way; its number: %(link)s"),
    ),
    handing_over.DELIVERED: (
        _("Parcel delivered: %(number)s"),
        _("Licence and seals of %(company)s have arrived. If you don't have them, call the hall."),
        _(
            "The courier says that your parcel has arrived. If you don't have it, call the hall: %(link)s"
        ),
    ),
    handing_over.BACK: (
        _("Your parcel came back: %(number)s"),
        _(
            "The courier brought licence and seals of %(company)s back. The window sends them again."
        ),
        _("Your parcel came back to the window; how it goes on: %(link)s"),
    ),
    handing_over.LOST: (
        _("Your parcel is lost: %(number)s"),
        _("The courier lost the parcel of %(company)s. The window sends licence and seals again."),
        _("The courier lost your parcel; the window sends the set again: %(link)s"),
    ),
    handing_over.RENEWED: (
        _("New pick-up code: %(number)s"),
        _(
            "Somebody gave wrong codes for the set of %(company)s. The code is a new one, on the page of the case."
        ),
    ),
}
SETBACKS = {
    handing_over.BACK: (
        _("A parcel came back: %(number)s"),
        _(
            "The courier brings the set of %(company)s back. Send it again, or keep it at the window."
        ),
    ),
    handing_over.LOST: (
        _("A parcel is lost: %(number)s"),
        _("The courier says that the parcel of %(company)s is lost. Send the set again."),
    ),
}
