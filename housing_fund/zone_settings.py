"""What a zone may set of the housing fund."""

from django.utils.translation import gettext_lazy as _

from housing_fund.desk import AUTHORITY
from kernel.accounts import authorities

SETTINGS = (authorities.setting(AUTHORITY, _("Housing fund"), _("Housing fund centre")),)
