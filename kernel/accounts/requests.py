"""A request of somebody who is logged in, for the type checker: Django's own may be anybody's."""

from django.http import HttpRequest

from kernel.accounts.models import User


class PersonRequest(HttpRequest):
    """What a view is handed behind `login_required` or the door of a desk."""

    user: User
