"""Who may look over a zone: its supervisor and its administrator, the operator over each zone. Only the supervisor acts
(the actions hold that)."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django_htmx.http import HttpResponseClientRefresh

from kernel.accounts.models import Role

OVERSEERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


def oversees(user) -> bool:
    return user.is_authenticated and (
        user.is_operator or (user.holds(*OVERSEERS) and user.zone_id is not None)
    )


def overseers_only(view):
    """Others get 403; somebody whose session ended while the live page stood open is led to the log-in, not into it."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return (
                HttpResponseClientRefresh()
                if request.htmx
                else redirect_to_login(request.get_full_path())
            )
        if not oversees(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
