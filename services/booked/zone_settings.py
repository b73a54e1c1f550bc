"""What a zone may set of its services; places and hours are their diaries'."""

import re

from django.utils.translation import gettext_lazy as _

from kernel.accounts.setting_kinds import several, text, whole
from kernel.accounts.zone_settings import DAYS, MINUTES, Setting
from services.booked import kinds

SERVICES = _("Services")
MOST = 1000

SETTINGS = (
    Setting(
        "services_offered",
        several(kinds.choices),
        list(kinds.KINDS),
        SERVICES,
        _("Services that are offered here"),
        _("The others aren't on the page of services; what was booked of them stays."),
    ),
    Setting(
        "service_prefix",
        text(
            lambda value: bool(re.fullmatch("[A-Z0-9]{1,8}", value)),
            _("Enter at most 8 capital letters and digits."),
        ),
        "FW",
        SERVICES,
        _("Beginning of the numbers of services"),
        _(
            "Services that are asked for from now on begin with it; those that are there keep theirs."
        ),
    ),
    Setting(
        "service_decision_minutes",
        whole(1, MINUTES),
        15,
        SERVICES,
        _("Minutes for deciding on a service"),
        _(
            "Working minutes within which the supervisor agrees to a visit, assigns a helper, or opens an evening."
        ),
    ),
    Setting(
        "green_channel_minutes",
        whole(1, MINUTES),
        60,
        SERVICES,
        _("Minutes for deciding on the green channel"),
        _("Working minutes within which the supervisor agrees or says why not."),
    ),
    Setting(
        "green_channel_a_day",
        whole(1, MOST),
        8,
        SERVICES,
        _("Requests for the green channel a day"),
        _("How many can be asked for on one day; the next ones can be from the next day on."),
    ),
    Setting(
        "extended_enough",
        whole(1, MOST),
        5,
        SERVICES,
        _("Wishes that open an evening"),
        _("So many wishes put a session of extended hours before the supervisor, who opens it."),
    ),
    Setting(
        "home_visit_grounds",
        several(lambda: list(kinds.HOME_GROUNDS.items())),
        list(kinds.HOME_GROUNDS),
        SERVICES,
        _("Grounds of a home visit"),
        _("The published grounds on which two members of staff come to people's place."),
    ),
    Setting(
        "helper_most",
        whole(1, MOST),
        5,
        SERVICES,
        _("Drafts that a helper works on at a time"),
        _("A helper who has so many is given no further one."),
    ),
    Setting(
        "follow_up_days",
        whole(0, DAYS),
        30,
        SERVICES,
        _("Days until the follow-up call"),
        _("So many days after the completion a helper calls; 0 for no call."),
    ),
)
