"""What the tax system posts to close a stage."""

from rest_framework import serializers

from kernel.desks.results import Bounded, Chosen
from tax import rules
from tax.fields import AccountingSystem, InvoiceKind, TaxpayerClass


class TaxResultSerializer(serializers.Serializer):
    """What the tax system decided; what is left out is as the rules decide."""

    taxpayer_class = Chosen(choices=TaxpayerClass.choices, required=False, allow_blank=True)
    accounting_system = Chosen(choices=AccountingSystem.choices, required=False, allow_blank=True)
    invoice_kind = Chosen(choices=InvoiceKind.choices, required=False, allow_blank=True)
    invoice_limit_fen = Bounded(min_value=0, max_value=rules.MOST_FEN, required=False)
    invoice_quota_fen = Bounded(min_value=0, max_value=rules.MOST_FEN, required=False)
    taxes = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=40, required=False
    )
