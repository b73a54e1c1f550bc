"""Cases and what belongs to one: stages, clocks, trail, documents."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.text import get_valid_filename
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.accounts.models import Role
from kernel.cases import actions, appointments, awaiting, deliveries, reading, rights
from kernel.cases.access import access_application
from kernel.cases.models import Application, Document, Stage
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.filing import read
from kernel.sla.clock_view import view
from kernel.sla.models import Clock
from portal.api.narrowing import chosen
from portal.api.refusals import RefusalsAnswered
from portal.api.serializers import (
    AppointmentSerializer,
    CaseSerializer,
    ChosenAppointmentSerializer,
    ClockSerializer,
    DeliverySerializer,
    DocumentSerializer,
    EventSerializer,
    RefusalSerializer,
    StageSerializer,
)

DENIED = {
    403: OpenApiResponse(RefusalSerializer, "Not logged in, or not for this role"),
    404: OpenApiResponse(RefusalSerializer, "Doesn't exist, or isn't theirs"),
    429: OpenApiResponse(RefusalSerializer, "Too many requests"),
}
MALFORMED = {
    400: OpenApiResponse(
        OpenApiTypes.OBJECT, "The request can't be read; says what is wrong by field"
    )
}
CONFLICT = {409: OpenApiResponse(RefusalSerializer, "Can't be had, or the case has moved on")}
READERS_OF_TRAILS = (Role.SUPERVISOR, Role.ADMINISTRATOR, Role.APPLICANT)


def clock_views(application: Application) -> list:
    """The clocks of a case in the order of the flow."""
    at = now()
    rows = Clock.objects.filter(owner=application.uid, name__in=flow.clocks())
    by_name = {clock.name: view(clock, at) for clock in rows}
    return [by_name[rule.name] for rule in flow.clocks().values() if rule.name in by_name]


@extend_schema_view(
    list=extend_schema(
        summary="Cases of the user",
        parameters=[
            OpenApiParameter(
                "state", str, enum=Application.State.values, description="Only in this state"
            )
        ],
        responses={200: CaseSerializer(many=True), **DENIED, **MALFORMED},
    ),
    retrieve=extend_schema(summary="One case", responses={200: CaseSerializer, **DENIED}),
)
class Cases(
    RefusalsAnswered, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """An applicant's own cases; an officer's zone as far as it has reached the desk; a supervisor's zone."""

    queryset = Application.objects.none()
    serializer_class = CaseSerializer
    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9-]{1,24}"

    def get_queryset(self):
        cases = Application.objects.for_user(self.request.user).defer("answers").order_by("-pk")
        state = chosen(self.request, "state", Application.State.values)
        return cases.filter(state=state) if state else cases

    def get_object(self) -> Application:
        return access_application(self.request.user, self.kwargs["number"])

    @extend_schema(
        summary="Stages of a case", responses={200: StageSerializer(many=True), **DENIED}
    )
    @action(detail=True, pagination_class=None)
    def stages(self, request, number):
        return Response(StageSerializer(self.get_object().stages.order_by("pk"), many=True).data)

    @extend_schema(
        summary="Clocks of a case", responses={200: ClockSerializer(many=True), **DENIED}
    )
    @action(detail=True, pagination_class=None)
    def clocks(self, request, number):
        return Response(ClockSerializer(clock_views(self.get_object()), many=True).data)

    @extend_schema(
        summary="Trail of a case",
        responses={200: EventSerializer(many=True), **DENIED},
        description="For the case's applicant and its zone's supervisor.",
    )
    @action(detail=True, pagination_class=None)
    def events(self, request, number):
        application = self.get_object()
        if not request.user.holds(*READERS_OF_TRAILS):
            raise PermissionDenied
        events = application.events.order_by("seq")
        return Response(EventSerializer(events, many=True).data)

    @extend_schema(
        summary="How what was made for a case comes to its company",
        responses={200: DeliverySerializer(many=True), **DENIED},
        description="Every pick-up and every parcel, the first one first. They hold no clock of the flow.",
    )
    @action(detail=True, pagination_class=None)
    def deliveries(self, request, number):
        return Response(DeliverySerializer(deliveries.of_case(self.get_object()), many=True).data)

    @extend_schema(
        methods=["GET"],
        summary="Appointment of a case, and what can be had instead",
        responses={200: AppointmentSerializer, **DENIED},
        description="404 where nobody is met, or nothing can be moved any more.",
    )
    @extend_schema(
        methods=["POST"],
        summary="Move or cancel the appointment of a case",
        request=ChosenAppointmentSerializer,
        responses={200: AppointmentSerializer, **DENIED, **MALFORMED, **CONFLICT},
        description="For the applicant, until they have come. What can't be had is refused with the next free times.",
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def appointment(self, request, number):
        application = self.get_object()
        if request.method == "POST":
            _require_appointment(application)
            body = ChosenAppointmentSerializer(data=request.data)
            body.is_valid(raise_exception=True)
            application = actions.choose_appointment(
                actor=request.user, application_id=application.pk, **body.validated_data
            )
        return Response(AppointmentSerializer(_appointment(application)).data)

    @extend_schema(
        summary="Documents of a case", responses={200: DocumentSerializer(many=True), **DENIED}
    )
    @action(detail=True, pagination_class=None)
    def documents(self, request, number):
        papers = rights.papers_for(request.user, self.get_object()).defer("facts").order_by("pk")
        return Response(DocumentSerializer(papers, many=True, context={"request": request}).data)


def _require_appointment(application: Application) -> Stage:
    """The stage of the meeting, while it can still be moved. Raises Http404."""
    stage = appointments.stage_to_meet(application)
    if stage is None:
        raise Http404
    return stage


def _appointment(application: Application) -> dict:
    stage, at = _require_appointment(application), now()
    filing = read(application, (), (), localdate(at))
    unit = stage.unit or filing.unit_of(stage.department)
    offered = appointments.offered(application, stage, unit, at)
    return {
        "department": stage.department,
        "unit": unit,
        "way": appointments.way(filing),
        "begins_at": awaiting.appointment(filing, application.zone),
        "places": [place for places in offered.values() for place in places if place.left],
    }


class DocumentFile(APIView):
    """The PDF of an issued document."""

    @extend_schema(
        summary="Download a document",
        operation_id="documents_file",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **DENIED},
    )
    def get(self, request, uid):
        document = get_object_or_404(
            Document.objects.select_related("application"), uid=uid, state=Document.State.READY
        )
        application = access_application(request.user, document.application.number)
        if (
            not rights.papers_for(request.user, application).filter(pk=document.pk).exists()
            or not document.file
        ):
            raise Http404
        reading.papers(request.user, application, [document])
        name = get_valid_filename(f"{application.number} {document.kind}") + ".pdf"
        return FileResponse(
            document.file.open("rb"),
            as_attachment=True,
            filename=name,
            content_type="application/pdf",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
