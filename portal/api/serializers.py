"""What the interface says and takes. No personal data leaves through it: no answers, no names of people."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from kernel.bookings.models import Way
from kernel.cases.models import Application, Awaits, Document, Event, Stage
from kernel.core.departments import Table
from kernel.form import flow

CLOCK_STATES = ("running", "half", "at_risk", "breached", "paused", "stopped")


class CaseSerializer(serializers.ModelSerializer):
    number = serializers.CharField(
        read_only=True, help_text="Filing number; the draft's reference before"
    )
    standards_versions = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="What it was filed under: the version of the common standards and of each department's",
    )

    class Meta:
        model = Application
        fields = [
            "number",
            "name",
            "company_type",
            "state",
            "channel",
            "uscc",
            "standards_versions",
            "submitted_at",
            "licensed_at",
            "completed_at",
        ]
        read_only_fields = fields


class ClockSerializer(serializers.Serializer):
    """A clock in working minutes; `left` is negative when it is over."""

    name = serializers.ChoiceField(
        choices=[rule.name for rule in flow.clocks().values()], read_only=True
    )
    state = serializers.ChoiceField(choices=CLOCK_STATES, read_only=True)
    limit = serializers.IntegerField(read_only=True)
    used = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True)
    left_seconds = serializers.IntegerField(read_only=True, help_text="Working seconds")
    over = serializers.BooleanField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    stopped_at = serializers.DateTimeField(read_only=True, allow_null=True)


class StageSerializer(serializers.ModelSerializer):
    held = serializers.SerializerMethodField(help_text="Whether an officer has it in hand")
    awaits = serializers.ChoiceField(choices=Awaits.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Stage
        fields = [
            "id",
            "department",
            "state",
            "round",
            "held",
            "unit",
            "awaits",
            "awaits_until",
            "opened_at",
            "taken_at",
            "closed_at",
        ]
        read_only_fields = fields

    def get_held(self, stage) -> bool:
        return stage.holder_id is not None


class DeskStageSerializer(StageSerializer):
    """A stage in its desk's queue, with its case."""

    case = CaseSerializer(source="application", read_only=True)

    class Meta(StageSerializer.Meta):
        fields = [*StageSerializer.Meta.fields, "case"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer):
    """A link of the chain. `hash` covers `previous` and everything that the event says."""

    department = serializers.CharField(
        read_only=True, help_text="Empty where the event is of the whole case"
    )
    actor_role = serializers.CharField(
        source="role", read_only=True, help_text="In which role it was done; empty for the clocks"
    )
    data = serializers.DictField(read_only=True)

    class Meta:
        model = Event
        fields = [
            "seq",
            "kind",
            "department",
            "round",
            "actor_role",
            "at",
            "data",
            "previous",
            "hash",
        ]
        read_only_fields = fields


class DeliverySerializer(serializers.Serializer):
    """A pick-up or a parcel. The pick-up code is on the applicant's page alone."""

    department = serializers.CharField(read_only=True)
    way = serializers.CharField(read_only=True, help_text="`window` or `courier`")
    state = serializers.CharField(
        read_only=True,
        help_text="`waits`, `collected`; of a parcel `ready`, `sent`, `delivered`, `back`, `lost`",
    )
    since = serializers.DateTimeField(read_only=True)
    ended = serializers.BooleanField(read_only=True, help_text="Whether nothing more follows")
    carrier = serializers.CharField(read_only=True, allow_blank=True)
    number = serializers.CharField(read_only=True, allow_blank=True)
    link = serializers.CharField(read_only=True, allow_blank=True)


class PlaceSerializer(serializers.Serializer):
    """A time that can be booked: how many places are left, and by when the department is done with whoever takes it."""

    begins_at = serializers.DateTimeField(read_only=True)
    left = serializers.IntegerField(read_only=True)
    done_by = serializers.DateTimeField(read_only=True)


class AppointmentSerializer(serializers.Serializer):
    """When and how the company meets a department; `begins_at` is null where no appointment is needed."""

    department = serializers.CharField(read_only=True)
    unit = serializers.CharField(read_only=True, help_text="Where: a branch")
    way = serializers.ChoiceField(choices=Way.choices, allow_blank=True, read_only=True)
    begins_at = serializers.DateTimeField(read_only=True, allow_null=True)
    places = PlaceSerializer(many=True, read_only=True, help_text="What can be had instead")


class ChosenAppointmentSerializer(serializers.Serializer):
    """Another time, or null for none: as soon as it is the department's turn, by a way that needs no appointment."""

    begins_at = serializers.DateTimeField(allow_null=True)
    way = serializers.ChoiceField(
        choices=Way.choices, required=False, help_text="As it is now, where it is left out"
    )


class DocumentSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField(
        help_text="Where the PDF is; null while it is being made"
    )

    class Meta:
        model = Document
        fields = ["uid", "kind", "department", "state", "issued_at", "pages", "sha256", "url"]
        read_only_fields = fields

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, document):
        if document.state != Document.State.READY:
            return None
        return reverse(
            "api-document-file", args=[document.uid], request=self.context.get("request")
        )


class ProgressRequestSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=60, help_text="Filing number")
    code = serializers.CharField(max_length=40, help_text="Check code")


class ProgressSerializer(serializers.Serializer):
    """Where a case stands, for whoever has its filing number and check code."""

    case = CaseSerializer(read_only=True)
    stages = StageSerializer(many=True, read_only=True)
    clocks = ClockSerializer(many=True, read_only=True)


class GroundSerializer(serializers.Serializer):
    standard = serializers.CharField(
        max_length=20, help_text="Number of a published standard, such as T-01"
    )
    fields = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=60,
        help_text="The key of one field: each field is a ground of its own, with its own remark",
    )
    how_to_fix = serializers.CharField(max_length=500)


class ReturnSerializer(serializers.Serializer):
    """Everything that is wrong, at once; each ground cites a standard."""

    round = serializers.IntegerField(
        min_value=1, max_value=32767, help_text="The round that is decided"
    )
    grounds = GroundSerializer(many=True, allow_empty=False)


# The departments whose results come from a system of their own, with what it posts.
RESULT = Table(
    lambda departments: {
        department.code: department.result for department in departments if department.result
    }
)


class CloseSerializer(serializers.Serializer):
    """A result. Give the part of your own department; the others are not looked at."""

    round = serializers.IntegerField(
        min_value=1, max_value=32767, help_text="The round that is decided"
    )
    confirmed = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=60,
        required=False,
        help_text="Standards that ask for a judgement and are met",
    )

    def get_fields(self):
        results = {department: result(required=False) for department, result in RESULT.items()}
        return {**super().get_fields(), **results}


class ProblemSerializer(serializers.Serializer):
    sentence = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())


class RefusalSerializer(serializers.Serializer):
    """Why an action was refused, in the language that was asked for."""

    detail = serializers.CharField()
    problems = ProblemSerializer(many=True, required=False)
