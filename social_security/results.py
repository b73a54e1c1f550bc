"""What the social security system posts to close a stage."""

from rest_framework import serializers

from kernel.desks.results import Bounded
from social_security import rules


class SocialSecurityResultSerializer(serializers.Serializer):
    """What the social security system registered; what is left out is as the rules decide."""

    number = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text=f"Registration number of the unit, at most {rules.LONGEST_NUMBER} characters",
    )
    employees = Bounded(min_value=0, max_value=rules.MOST_EMPLOYEES, required=False)
    first_day = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="First day of work of the first employee; null for none",
    )
