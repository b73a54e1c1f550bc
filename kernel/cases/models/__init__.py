"""The shared kernel's rows, split by concern."""

from kernel.cases.models.application import Application, GivenNumber
from kernel.cases.models.breach import BreachReason
from kernel.cases.models.certificates import CertificateEvent, RevocationList
from kernel.cases.models.characters import DrawnCharacter
from kernel.cases.models.counter import CounterFiling
from kernel.cases.models.deferral import Deferral
from kernel.cases.models.document import Document
from kernel.cases.models.event import Event
from kernel.cases.models.material import Material
from kernel.cases.models.names import NameKey, NameWord, NameWordVersion, RegisterEntry
from kernel.cases.models.people import Person
from kernel.cases.models.share import Share
from kernel.cases.models.signing import Objection, SigningRequest
from kernel.cases.models.stage import Awaits, Correction, Escalation, Stage
from kernel.cases.models.straight import StraightApproval
from kernel.cases.models.thread import ThreadDraft, ThreadFile, ThreadMessage
from kernel.cases.models.trail_root import TrailLeaf, TrailRoot

__all__ = [
    "Awaits",
    "Application",
    "BreachReason",
    "CertificateEvent",
    "Correction",
    "CounterFiling",
    "Deferral",
    "Document",
    "DrawnCharacter",
    "Escalation",
    "Event",
    "GivenNumber",
    "Material",
    "NameKey",
    "NameWord",
    "NameWordVersion",
    "Person",
    "Objection",
    "SigningRequest",
    "RegisterEntry",
    "RevocationList",
    "Share",
    "Stage",
    "StraightApproval",
    "ThreadDraft",
    "ThreadFile",
    "ThreadMessage",
    "TrailLeaf",
    "TrailRoot",
]
