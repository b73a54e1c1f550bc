"""The unread count beside the name, for those who are logged in; asked for only where a page prints it."""

from django.utils.functional import SimpleLazyObject

from portal.notices.models import Notice


def unread(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "unread_messages": SimpleLazyObject(
            lambda: Notice.objects.filter(recipient=user, read_at=None, settled_at=None).count()
        )
    }
