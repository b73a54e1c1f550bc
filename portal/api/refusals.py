"""How the interface says no: the sentence that the pages show, and what stands in the way."""

from rest_framework import exceptions, status
from rest_framework.response import Response

from kernel.core.errors import AlreadyDecided, Incomplete, NotAllowed, Refused, Stale

STATUS = (
    (NotAllowed, status.HTTP_403_FORBIDDEN),
    (Incomplete, status.HTTP_422_UNPROCESSABLE_ENTITY),
    ((AlreadyDecided, Stale, Refused), status.HTTP_409_CONFLICT),
)


class RefusalsAnswered:
    """Turns a refused action into 403, 409 or 422 with `detail` and `problems`; a malformed body is 400."""

    def handle_exception(self, exc):
        if isinstance(exc, Refused):
            code = next(code for kinds, code in STATUS if isinstance(exc, kinds))
            return Response({"detail": str(exc), "problems": _problems(exc)}, status=code)
        return super().handle_exception(exc)


def _problems(refusal: Refused) -> list[dict]:
    problems = getattr(refusal, "problems", ())
    return [{"sentence": str(sentence), "fields": list(fields)} for sentence, fields in problems]


class OnlyDesks(exceptions.PermissionDenied):
    default_detail = NotAllowed.sentence
