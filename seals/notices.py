"""What the applicant is told of how the set of seals comes."""

from django.utils.translation import gettext_lazy as _

from seals import handing_over

NOTICES = {
    handing_over.READY: (
        _("Licence and seals wait for you: %(number)s"),
        _(
            "The set of %(company)s can be collected: %(place)s. The code is on the page of the case."
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
    ),
    handing_over.DELIVERED: (
        _("Parcel delivered: %(number)s"),
        _("Licence and seals of %(company)s have arrived. If you don't have them, call the hall."),
    ),
    handing_over.BACK: (
        _("Your parcel came back: %(number)s"),
        _(
            "The courier brought licence and seals of %(company)s back. The window sends them again."
        ),
    ),
    handing_over.LOST: (
        _("Your parcel is lost: %(number)s"),
        _("The courier lost the parcel of %(company)s. The window sends licence and seals again."),
    ),
    handing_over.RENEWED: (
        _("New pick-up code: %(number)s"),
        _(
            "Somebody gave wrong codes for the set of %(company)s. The code is a new one, on the page of the case."
        ),
    ),
}
