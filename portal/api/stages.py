"""What the systems of the departments do: pull their tasks, post results. Thin over desks and actions."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from kernel.cases import actions, desks
from kernel.cases.models import Stage
from kernel.form import flow
from portal.api.cases import DENIED, MALFORMED
from portal.api.narrowing import chosen
from portal.api.refusals import OnlyDesks, RefusalsAnswered
from portal.api.serializers import (
    RESULT,
    CaseSerializer,
    CloseSerializer,
    DeskStageSerializer,
    RefusalSerializer,
    ReturnSerializer,
)

DECISION = {
    **DENIED,
    **MALFORMED,
    409: OpenApiResponse(RefusalSerializer, "Decided already, or the case has moved on"),
    422: OpenApiResponse(
        RefusalSerializer, "Something stands in the way; `problems` lists all of it"
    ),
}

AT = OpenApiParameter(
    "department", str, description="At this desk of the officer's; who works at several names one"
)


@extend_schema_view(
    list=extend_schema(
        summary="Stages of the officer's desk",
        parameters=[
            OpenApiParameter("state", str, enum=flow.AT_DESK, description="Only in this state"),
            AT,
        ],
        responses={200: DeskStageSerializer(many=True), **DENIED, **MALFORMED},
    ),
)
class Stages(RefusalsAnswered, mixins.ListModelMixin, viewsets.GenericViewSet):
    """The queue of a desk: open ones in the order in which they are handed out. Empty for who has no desk.

    Whoever works at several is asked at which: without `department` the list has all of them, and nothing is taken.
    """

    queryset = Stage.objects.none()
    serializer_class = DeskStageSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self):
        self._sit()
        mine = (
            Stage.objects.at_desks(self.request.user)
            .select_related("application")
            .defer("application__answers")
        )
        state = chosen(self.request, "state", flow.AT_DESK)
        return (mine.filter(state=state) if state else mine).in_order()

    def _sit(self) -> None:
        """At the desk that the address names."""
        user = self.request.user
        if department := chosen(self.request, "department", user.desks):
            user.sit_at(department)

    def _stage(self, pk) -> Stage:
        if RESULT.keys().isdisjoint(self.request.user.departments):
            raise OnlyDesks
        stage = get_object_or_404(Stage.objects.at_desks(self.request.user), pk=pk)
        if stage.department not in RESULT:
            raise OnlyDesks
        return stage

    def _body(self, serializer_class) -> dict:
        body = serializer_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        return body.validated_data

    @extend_schema(
        summary="Take the next stage in line",
        request=None,
        parameters=[AT],
        responses={
            200: DeskStageSerializer,
            204: OpenApiResponse(description="The line is empty"),
            **DENIED,
            **MALFORMED,
        },
    )
    @action(detail=False, methods=["post"])
    def next(self, request):
        if not request.user.departments:
            raise OnlyDesks
        self._sit()
        if len(request.user.departments) > 1:
            raise serializers.ValidationError(
                {"department": [f"one of {', '.join(request.user.desks)}"]}
            )
        stage = actions.take_next(actor=request.user)
        if stage is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(DeskStageSerializer(stage).data)

    @extend_schema(
        summary="Close a stage with its result",
        request=CloseSerializer,
        responses={200: CaseSerializer, **DECISION},
        description="For departments whose results come from a system of their own.",
    )
    @action(detail=True, methods=["post"])
    def close(self, request, pk):
        stage, body = self._stage(pk), self._body(CloseSerializer)
        application = desks.desk(stage.department).close(
            actor=request.user,
            stage_id=stage.pk,
            round=body["round"],
            confirmed=frozenset(body.get("confirmed", ())),
            **body.get(stage.department, {}),
        )
        return Response(CaseSerializer(application).data)

    @extend_schema(
        summary="Return a stage for correction",
        request=ReturnSerializer,
        responses={200: CaseSerializer, **DECISION},
        description="For departments whose results come from a system of their own. Everything that is wrong, at once.",
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request, pk):
        stage, body = self._stage(pk), self._body(ReturnSerializer)
        grounds = [dict(ground) for ground in body["grounds"]]
        application = actions.return_stage(
            actor=request.user, stage_id=stage.pk, round=body["round"], grounds=grounds
        )
        return Response(CaseSerializer(application).data)
