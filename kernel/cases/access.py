"""The one door to a case: every page, file and API answer comes through here."""

import logging

from django.http import Http404

from kernel.cases import helping
from kernel.cases.models import Application

log = logging.getLogger(__name__)


def access_application(user, number: str, lock: bool = False) -> Application:
    """The case with this filing number or draft reference, if `user` may see it, or works on it at the counter.

    With `lock` its row is locked until the transaction ends. Raises Http404 both for a case that doesn't exist and
    for one that isn't theirs, so that nobody can find out which numbers exist; denials are logged.
    """
    numbered = Application.objects.by_number(number.replace("\0", ""))  # PostgreSQL takes no NUL
    for rows in (numbered.for_user(user), numbered.filter(pk__in=helping.helped_by(user))):
        if lock:
            rows = rows.select_for_update(of=("self",))
        if application := rows.select_related("zone").first():
            return application
    log.warning("case denied", extra={"case": number, "user": user.pk})
    raise Http404
