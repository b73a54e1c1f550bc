"""The only writers of cases: one verb a file. Each checks the right, makes the change, and records the event in one
transaction; arguments are keyword-only; what can't be done raises `registration.errors.Refused` with a sentence."""

from registration.actions.deferring import (
    accept_deferred,
    ask_again,
    ask_deferral,
    supply_deferred,
    take_back_deferral,
)
from registration.actions.drafts import (
    add_material,
    begin_draft,
    make_shareholder,
    merge_people,
    remove_material,
    remove_person,
    save_person,
    save_section,
)
from registration.actions.escalate import answer_escalation, escalate
from registration.actions.licences import reissue_licence, revoke_licence
from registration.actions.line import give_back_idle, grounds, next_idle, prioritise, touch
from registration.actions.names import reserve_name
from registration.actions.resubmit import resubmit
from registration.actions.reveal import reveal
from registration.actions.share import accept_share, end_share, offer_share, refuse_share
from registration.actions.signing import ask_signatures, open_link, send_again, sign
from registration.actions.stages import close_stage, record_step, return_stage, take, take_next
from registration.actions.straight import record_audit
from registration.actions.submit import submit
from registration.actions.supervise import decline, explain_breach, extend, put_back, reassign, urge
from registration.actions.versions import (
    begin_version,
    discard_version,
    drop_standard,
    keep_standard,
    publish_version,
)
from registration.actions.withdraw import withdraw

__all__ = [
    "accept_deferred",
    "accept_share",
    "add_material",
    "answer_escalation",
    "ask_again",
    "ask_deferral",
    "ask_signatures",
    "begin_draft",
    "begin_version",
    "close_stage",
    "decline",
    "discard_version",
    "drop_standard",
    "end_share",
    "escalate",
    "explain_breach",
    "extend",
    "give_back_idle",
    "grounds",
    "keep_standard",
    "make_shareholder",
    "merge_people",
    "next_idle",
    "offer_share",
    "open_link",
    "prioritise",
    "publish_version",
    "put_back",
    "reassign",
    "record_audit",
    "record_step",
    "refuse_share",
    "reissue_licence",
    "remove_material",
    "remove_person",
    "reserve_name",
    "resubmit",
    "return_stage",
    "reveal",
    "revoke_licence",
    "save_person",
    "save_section",
    "send_again",
    "sign",
    "submit",
    "supply_deferred",
    "take",
    "take_back_deferral",
    "take_next",
    "touch",
    "urge",
    "withdraw",
]
