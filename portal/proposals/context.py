"""What waits for a second person, for the first pages of those who ask and decide; read only where a page prints it."""

from django.utils.functional import SimpleLazyObject

from portal.proposals import reading


def waiting(request):
    """`proposals_waiting`: how many the person may decide, and how many they asked for."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not reading.takes_part(user):
        return {}
    return {"proposals_waiting": SimpleLazyObject(lambda: reading.counts(user))}
