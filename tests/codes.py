"""The codes of the departments that tests work at by name."""

from banking import CODE as BANKING
from registration import CODE as REGISTRATION
from seals import CODE as SEALS
from social_security import CODE as SOCIAL_SECURITY
from tax import CODE as TAX

__all__ = ["BANKING", "REGISTRATION", "SEALS", "SOCIAL_SECURITY", "TAX"]
