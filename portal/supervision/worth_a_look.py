"""Cases that a person may want to look at: somebody files for many, somebody is named in many companies, one phone
stands for several people, one file was uploaded with several cases.

Each has its good reasons (an accountant, a family, a landlord): nothing is refused or held up by it. The thresholds are
settings of the zone, and what is compared are digests, never the numbers.
"""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kernel.cases.models import Application, Material, Person
from portal.supervision.scope import Scope

SIGNS = ("files_for_many", "named_in_many", "phone_of_many", "file_of_many")


def cases(scope: Scope, at: datetime) -> QuerySet[Application]:
    """The zone's cases of the last days (a setting) that show any of the signs, the latest first; each sign is an
    attribute of the case."""
    setting, since = scope.zone.setting, at - timedelta(days=scope.zone.setting("look_days"))
    filed = Application.objects.filter(zone=scope.zone, submitted_at__gt=since)
    people = Person.objects.filter(application__in=filed)
    many = {
        "files_for_many": _those(filed, "applicant", "pk", setting("look_filings")),
        "named_in_many": _those(
            people.exclude(number_index=""),
            "number_index",
            "application",
            setting("look_companies"),
        ),
        "phone_of_many": _those(
            people.exclude(phone_index=""), "phone_index", "number_index", setting("look_phone")
        ),
        "file_of_many": _those(
            Material.objects.filter(application__in=filed),
            "sha256",
            "application",
            setting("look_file"),
        ),
    }
    of_case = {"application": OuterRef("pk")}
    shows = {
        "files_for_many": Q(applicant__in=many["files_for_many"]),
        "named_in_many": Exists(
            Person.objects.filter(**of_case, number_index__in=many["named_in_many"])
        ),
        "phone_of_many": Exists(
            Person.objects.filter(**of_case, phone_index__in=many["phone_of_many"])
        ),
        "file_of_many": Exists(Material.objects.filter(**of_case, sha256__in=many["file_of_many"])),
    }
    any_sign = Q()
    for sign in SIGNS:
        any_sign |= Q(**{sign: True})
    rows = filed.annotate(**shows).filter(any_sign)
    return rows.select_related("applicant").defer("answers").order_by("-submitted_at", "-pk")


def reasons(case: Application, scope_zone) -> str:
    """Why it is on the list, in words with the zone's thresholds."""
    setting = scope_zone.setting
    reasons = {
        "files_for_many": _("Its applicant filed %(n)s cases or more.")
        % {"n": setting("look_filings")},
        "named_in_many": _("Somebody in it is named in %(n)s cases or more.")
        % {"n": setting("look_companies")},
        "phone_of_many": _("A phone in it stands for %(n)s people or more.")
        % {"n": setting("look_phone")},
        "file_of_many": _("A file of it was uploaded with %(n)s cases or more.")
        % {"n": setting("look_file")},
    }
    return " ".join(reasons[sign] for sign in SIGNS if getattr(case, sign))


def _those(rows: QuerySet, what: str, of: str, least: int) -> QuerySet:
    """The values of a column that go with `least` different values of another."""
    counted = rows.order_by().values(what).annotate(many=Count(of, distinct=True))
    return counted.filter(many__gte=least).values(what)
