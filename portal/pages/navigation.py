"""What stands in the bars: one table for the public, one for each role; officers have their department's. A page that
is not installed is left out."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.accounts import seats
from kernel.accounts.models import Role, role_label
from kernel.cases import threads
from kernel.cases.models import Objection
from kernel.core import departments
from kernel.form import flow
from portal.proposals.reading import takes_part
from reviews import queries as review_queries
from services.booked.models import ServiceRequest, State, gives
from services.hall.actions.kiosks import may_keep

PUBLIC = [
    ("home", _("Home")),
    ("guide", _("Guide")),
    ("standards", pgettext_lazy("nav", "Standards")),
    ("services", pgettext_lazy("nav", "Services")),
    ("progress", pgettext_lazy("nav", "Progress")),
    ("verify", pgettext_lazy("nav", "Verify")),
    ("public-figures", _("Public figures")),
    ("reviews:results", _("Reviews")),
]

# Of who opens a company: one's own cases first; the logo leads home, and the guide and every foot to the standards.
APPLICANT = [
    ("my", _("My cases")),
    *(link for link in PUBLIC if link[0] not in ("home", "standards")),
]

EVERY_DESK = [("reviews:repairs", pgettext_lazy("nav", "Repairs"))]  # last at each desk

OVERSEERS = {
    "helper": [
        ("counter:desk", pgettext_lazy("nav", "Counter")),
        ("services-day", _("Services of the day")),
    ],
    "supervisor": [
        ("supervision:live", _("Live")),
        ("supervision:figures", _("Figures")),
        ("supervision:search", _("Find a case")),
        ("supervision:breaches", _("Breaches")),
        ("supervision:following", _("Materials to follow")),
        ("supervision:escalations", _("Escalations")),
        ("supervision:objections", pgettext_lazy("nav", "Refusals")),
        ("supervision:reviews", pgettext_lazy("nav", "Follow-ups")),
        ("services-decisions", pgettext_lazy("nav", "Services")),
    ],
    "administrator": [
        ("admin:index", _("Administration")),
        ("words:own", pgettext_lazy("nav", "Words")),
        ("supervision:live", _("Live")),
        ("supervision:escalations", _("Escalations")),
    ],
    "auditor": [("admin:cases_event_changelist", _("Trail"))],
    "operator": [
        ("admin:index", _("Administration")),
        ("words:own", pgettext_lazy("nav", "Words")),
        ("supervision:live", _("Live")),
        ("supervision:figures", _("Figures")),
    ],
}


def _refusals(user) -> int:
    return Objection.objects.filter(application__zone=user.zone).undecided().count()


IN_HALL = [("hall:calls", pgettext_lazy("nav", "Calling"))]  # for officers and helpers


def _reviews(user) -> int:
    return review_queries.for_supervisor(user)


def _services(user) -> int:
    return ServiceRequest.objects.filter(zone=user.zone, state=State.ASKED).count()


WAITING = {
    "supervision:objections": _refusals,
    "supervision:reviews": _reviews,
    "services-decisions": _services,
}  # how many wait there for somebody's decision

PERSONAL = [
    ("work", _("To my work")),
    ("messages:inbox", _("Messages")),
    ("profile", _("Your account")),
]
FOR_TWO = [
    ("proposals:list", _("Four eyes"))
]  # for who asks for what only two persons do, or decides it
OF_ZONE = [("words:own", _("Words of the zone"))]  # for who works for a zone and has it in no bar
MACHINES = [("hall:kiosks", _("Ticket machines"))]  # for who keeps those of a zone
GIVING = [("services-day", _("Services of the day"))]  # for who gives services of a zone
AT_WINDOW = [  # for the registrar's officers
    ("counter:desk", pgettext_lazy("nav", "Counter")),
    ("account-window", _("Accounts at the window")),
]
OF_CARDS = [("counter:looks", _("Identity cards looked at"))]  # for the supervisor

# Pages, or all pages of a namespace, below another one that stands in a bar.
BELOW = {
    "filing": "my",
    "verified": "verify",
    "standards-version": "standards",
    "trail-roots": "public-figures",
    "standards-since": "standards",
    "service": "services",
    "service-request": "services",
    "service-requests": "services",
    "service-move": "services",
    "services-request": "services-decisions",
    "services-day": "services-decisions",
    "supervision:services": "services-decisions",
    "supervision:case": "supervision:search",
    "supervision:messages": "supervision:search",
    "supervision:thread": "supervision:search",
    "supervision:decline": "supervision:search",
    "supervision:urge": "supervision:search",
    "supervision:reassign": "supervision:search",
    "supervision:extend": "supervision:search",
    "supervision:prioritise": "supervision:search",
    "supervision:reason": "supervision:breaches",
    "supervision:budgets": "supervision:figures",
    "supervision:report": "supervision:figures",
    "supervision:answer": "supervision:escalations",
    "supervision:decide": "supervision:objections",
    "supervision:audits": "supervision:following",
    "supervision:follow-up": "supervision:reviews",
    "reviews:repairs": "supervision:reviews",
    "reviews:repair": "supervision:reviews",
    "reviews:window-code": "supervision:reviews",
}


def _links(request, table):
    links = [
        {"name": name, "url": url, "label": label, "current": ""}
        for name, label in table
        if (url := _url(name))
    ]
    if here := _place(request.resolver_match, [link["name"] for link in links]):
        link, how = here
        links[link]["current"] = how
    return links


def _url(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _place(match, names):
    """Which link the page belongs to, and whether it is the page itself ("page") or one below it ("true")."""
    view = match.view_name if match else ""
    if view in names:
        return names.index(view), "page"
    for place in (view, match.namespace if match else ""):
        if BELOW.get(place) in names:
            return names.index(BELOW[place]), "true"
    spaces = [name.partition(":")[0] if ":" in name else None for name in names]
    if match and match.namespace in spaces:
        return spaces.index(match.namespace), "true"
    return None


def public(request):
    if not _is_applicant(request.user):
        return _links(request, PUBLIC)
    links = _links(request, APPLICANT)
    links[0]["waiting"] = threads.for_applicant(request.user).count()
    return links


def staff(request):
    """An officer's links are those of the department at whose desk they sit; of several desks each has its own link
    before them (`desks`), so that the first page isn't offered twice."""
    if not request.user.is_authenticated:
        return []
    if desk := seats.seat(request):
        links = _links(request, [*departments.department(desk).links, *IN_HALL, *EVERY_DESK])
        links[-1]["waiting"] = review_queries.waiting_for(request.user)
        links[0]["waiting"] = threads.for_officer(request.user, [desk]).count()
        return links[1:] if len(request.user.desks) > 1 else links
    in_hall = IN_HALL if request.user.holds(Role.HELPER) else []
    links = _links(request, [*OVERSEERS.get(request.user.role, []), *in_hall])
    for link in links:
        if link["name"] in WAITING:
            link["waiting"] = WAITING[link["name"]](request.user)
    return links


def desks(request):
    """The desks between which somebody moves who works at several, each with its key: 1, 2 and so on."""
    held = request.user.desks if request.user.is_authenticated else ()
    if len(held) < 2:
        return []
    here = seats.seat(request)
    return [
        {
            "key": str(place),
            "label": department.label,
            "url": reverse(department.first_page),
            "current": _at(request, department) if department.code == here else "",
            "waiting": threads.for_officer(request.user, [department.code]).count(),
        }
        for place, department in enumerate(map(departments.department, held), start=1)
    ]


def _at(request, desk):
    """Whether the page is the desk's first one, or another of its pages."""
    match = request.resolver_match
    return "page" if match and match.view_name == desk.first_page else "true"


def role(request):
    """In which role the person acts on this page, as people call it."""
    if not request.user.is_authenticated:
        return ""
    return role_label(request.user.role_at(seats.seat(request)))


def personal(request):
    """Work leads officers to their desk; an applicant has no such word: their cases stand in the bar."""
    if not request.user.is_authenticated:
        return []
    if not request.user.is_staff_member:
        return _links(request, PERSONAL[1:])
    at_window = flow.registrar() in request.user.desks
    reads_words = request.user.zone_id and not request.user.holds(Role.ADMINISTRATOR)
    own = [
        *PERSONAL,
        *(FOR_TWO if takes_part(request.user) else ()),
        *(OF_ZONE if reads_words else ()),
        *(AT_WINDOW if at_window else ()),
        *(MACHINES if may_keep(request.user) else ()),
        *(GIVING if gives(request.user) and not request.user.holds(Role.HELPER) else ()),
        *(OF_CARDS if request.user.holds(Role.SUPERVISOR) else ()),
    ]
    return _links(request, own)


def _is_applicant(user):
    return user.is_authenticated and not user.is_staff_member
