"""Text that comes in holds no NUL. Nobody can type one and PostgreSQL keeps none, so no view has to know of it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\0"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class WithoutNul:
    """Leaves NUL out of an address's query and out of a form; an address with one leads nowhere.

    JSON of the open interface is judged by its serializers, which refuse it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        request.GET = without_nul(request.GET)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """Only now: the protection of forms has read the form, or refused it."""
        if request.method == "POST" and request.content_type in FORMS:
            request.POST = without_nul(request.POST)


def without_nul(given: QueryDict) -> QueryDict:
    """The same object where there is none, as nearly always."""
    if not any(NUL in text for name, values in given.lists() for text in (name, *values)):
        return given
    cleaned = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        cleaned.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    cleaned._mutable = False
    return cleaned
