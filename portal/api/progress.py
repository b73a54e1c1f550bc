"""The public query: where a case stands, for whoever has its filing number and check code."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from portal.api.cases import DENIED, MALFORMED, clock_views
from portal.api.serializers import ProgressRequestSerializer, ProgressSerializer
from portal.pages.queries import case_by_number


class ProgressThrottle(AnonRateThrottle):
    """Slows down guessing a check code; everybody is counted by address, logged in or not."""

    rate = "20/min"
    scope = "progress"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class Progress(APIView):
    """The pair travels in the body: neither belongs into an address or a log."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = [ProgressThrottle]

    @extend_schema(
        summary="Where a case stands",
        operation_id="progress",
        request=ProgressRequestSerializer,
        auth=[],
        responses={200: ProgressSerializer, **DENIED, **MALFORMED},
    )
    def post(self, request):
        asked = ProgressRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        case = case_by_number(**asked.validated_data)
        if case is None:
            raise NotFound(
                _(
                    "No case has this filing number together with this check code. Both are on your receipt."
                )
            )
        stages = case.stages.order_by("pk")
        return Response(
            ProgressSerializer({"case": case, "stages": stages, "clocks": clock_views(case)}).data
        )
