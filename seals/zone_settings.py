"""What a zone may set of seals."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts import authorities
from kernel.accounts.setting_kinds import several, structure, text, whole
from kernel.accounts.zone_settings import DAYS, MINUTES, Setting
from seals import impressions, rules
from seals.models import Seal

SEALS = _("Seals")
LONGEST_PLACE = 100
SETTINGS = (
    authorities.setting(authorities.SEAL_AUTHORITY, SEALS, _("Police authority")),
    authorities.setting(authorities.ENGRAVER, SEALS, _("Engraver")),
    Setting(
        "seal_set",
        several(lambda: Seal.Kind.choices, rules.is_set),
        [kind.value for kind in rules.SET_OF_FOUR],
        SEALS,
        _("Set that the zone pays"),
        _(
            "The company's own seal is always among them; the contract seal comes where it is asked for."
        ),
    ),
    Setting(
        "seal_set_price_fen",
        whole(1, 10**8),
        32000,
        SEALS,
        _("Price of a set, in fen"),
        _("What the zone pays for each set in the moment of its delivery."),
    ),
    Setting(
        "seal_code_prefix",
        text(rules.is_code_prefix, _("Enter at most 6 digits.")),
        lambda zone: zone.region_code if zone else "",
        SEALS,
        _("First digits of seal codes"),
        _("By default the region code of the zone."),
    ),
    Setting(
        "pickup_place",
        text(
            lambda value: 0 < len(value.strip()) <= LONGEST_PLACE,
            _("Enter a place of at most 100 characters."),
        ),
        lambda zone: zone.hall if zone else "",
        SEALS,
        _("Where sets are collected"),
        _("Window and address; by default the address of the hall."),
    ),
    Setting(
        "pickup_days",
        whole(1, DAYS),
        15,
        SEALS,
        _("Days to collect a set"),
        _("The applicant is reminded after half of them, and the desk is told when they are over."),
    ),
    Setting(
        "dispatch_minutes",
        whole(1, MINUTES),
        240,
        SEALS,
        _("Working minutes to hand a parcel to the courier"),
        _("From the moment that the set is ready. When they are over, the desk is told."),
    ),
    Setting(
        "parcel_days",
        whole(1, DAYS),
        5,
        SEALS,
        _("Days that a parcel may be on its way"),
        _("When they are over, the desk and the applicant are told: it may be lost."),
    ),
    Setting(
        "seal_shapes",
        structure(
            impressions.are_changes,
            _('Enter kinds of seals with what differs, such as {"company": {"width": 42}}.'),
        ),
        {},
        SEALS,
        _("Shapes"),
        _("What differs here from the usual size, rim and words of each seal, in millimetres."),
    ),
)
