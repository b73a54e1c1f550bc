"""The shared kernel's rows, split by concern."""

from registration.models.application import Application, GivenNumber
from registration.models.breach import BreachReason
from registration.models.deferral import Deferral
from registration.models.document import Document
from registration.models.event import Event
from registration.models.material import Material
from registration.models.names import NameKey, NameWord, RegisterEntry
from registration.models.people import Person
from registration.models.share import Share
from registration.models.signing import SigningRequest
from registration.models.stage import Correction, Escalation, Stage
from registration.models.standard import StandardSet
from registration.models.straight import StraightApproval

__all__ = [
    "Application",
    "BreachReason",
    "Correction",
    "Deferral",
    "Document",
    "Escalation",
    "Event",
    "GivenNumber",
    "Material",
    "NameKey",
    "NameWord",
    "Person",
    "SigningRequest",
    "RegisterEntry",
    "Share",
    "Stage",
    "StandardSet",
    "StraightApproval",
]
