"""What the housing fund's system posts to close a stage."""

from rest_framework import serializers

from housing_fund import rules
from housing_fund.fields import LEAST_RATE, MOST_RATE
from kernel.desks.results import Bounded
from kernel.form.filing import MOST_EMPLOYEES


class DepositResultSerializer(serializers.Serializer):
    """What the housing fund's system registered; what is left out is as the company answered."""

    number = serializers.CharField(
        required=False,
        allow_blank=True,
        help_text=f"Registration number of the depositor, at most {rules.LONGEST_NUMBER} characters",
    )
    people = Bounded(min_value=0, max_value=MOST_EMPLOYEES, required=False)
    base_fen = Bounded(
        min_value=0, max_value=rules.MOST_FEN, required=False, help_text="Of a month, in fen"
    )
    rate = Bounded(min_value=LEAST_RATE, max_value=MOST_RATE, required=False, help_text="Percent")
