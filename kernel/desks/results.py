"""What the serializers of the departments' results are made of (`Department.result`)."""

from rest_framework import serializers


class Bounded(serializers.IntegerField):
    """Its bounds stand in the schema; beyond them the desk refuses, with the sentence of its page."""

    def run_validators(self, value):
        """The desk's rules look at it."""


class Chosen(serializers.ChoiceField):
    """Its choices stand in the schema; of any other the desk refuses, with the sentence of its page."""

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return data
