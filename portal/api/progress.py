"""The public query: where a case stands, for whoever has its filing number and check code."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.accounts.addresses import address_of
from portal.api.cases import DENIED, MALFORMED, clock_views
from portal.api.rates import Rate
from portal.api.serializers import ProgressRequestSerializer, ProgressSerializer
from portal.pages.check_codes import TooManyGuesses, case_asked_for


class ProgressRate(Rate):
    """Everybody is counted by address, logged in or not."""

    def limit(self, request):
        return f"progress:{address_of(request)}", 60


class Progress(APIView):
    """The pair travels in the body: neither belongs into an address or a log."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = [ProgressRate]

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
        try:
            case = case_asked_for(request, **asked.validated_data)
        except TooManyGuesses as refused:
            raise Throttled(detail=refused.sentence) from refused
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
