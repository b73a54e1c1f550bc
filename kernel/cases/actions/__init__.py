"""The only writers of cases: one verb a file. Each checks the right, makes the change, and records the event in one
transaction; arguments are keyword-only; what can't be done raises `kernel.core.errors.Refused` with a sentence."""

from kernel.cases.actions.appointments import (
    choose_appointment,
    make_up_for_late,
    why_not,
)
from kernel.cases.actions.awaiting import (
    begin_awaiting,
    end_awaiting,
    end_what_has_come,
    remind_waiting,
)
from kernel.cases.actions.characters import attach_character
from kernel.cases.actions.counter import (
    begin_counter_filing,
    claimed_by,
    draw_claim_code,
    draw_screen_code,
    end_counter_filing,
    end_idle_counter_filings,
    keep_open,
    take_claim_code,
)
from kernel.cases.actions.deferring import (
    accept_deferred,
    ask_again,
    ask_deferral,
    supply_deferred,
    take_back_deferral,
)
from kernel.cases.actions.drafts import begin_draft, save_section
from kernel.cases.actions.escalate import answer_escalation, escalate
from kernel.cases.actions.helping import end_help, let_helper_in
from kernel.cases.actions.line import give_back_idle, grounds, next_idle, prioritise, touch
from kernel.cases.actions.materials import (
    add_id_copy,
    add_material,
    place_id_copy,
    remove_material,
)
from kernel.cases.actions.meeting import record_arrival, record_no_show
from kernel.cases.actions.message_drafts import (
    add_message_file,
    keep_message_draft,
    remove_message_file,
)
from kernel.cases.actions.messages import (
    hand_on_question,
    mark_read,
    settle_question,
    write_to_applicant,
    write_to_desk,
)
from kernel.cases.actions.names import reserve_name
from kernel.cases.actions.objections import decide_objection, object_to, take_back_objection
from kernel.cases.actions.people import (
    make_shareholder,
    merge_people,
    remove_person,
    save_person,
)
from kernel.cases.actions.resubmit import Unchanged, resubmit
from kernel.cases.actions.reveal import reveal
from kernel.cases.actions.second_screen import (
    ask_on_screen,
    join_screen,
    link_on_screen,
    proof_of,
    resubmit_on_screen,
    screened,
    sign_on_screen,
    submit_on_screen,
)
from kernel.cases.actions.share import accept_share, end_share, offer_share, refuse_share
from kernel.cases.actions.signing import sign, sign_as
from kernel.cases.actions.signing_links import (
    ask_signatures,
    open_link,
    own_link,
    prove,
    send_again,
)
from kernel.cases.actions.stages import close_stage, record_step, return_stage, take, take_next
from kernel.cases.actions.straight import record_audit
from kernel.cases.actions.submit import submit
from kernel.cases.actions.supervise import (
    ask_to_decline,
    explain_breach,
    extend,
    put_back,
    reassign,
    urge,
)
from kernel.cases.actions.telling import record_told
from kernel.cases.actions.void_signatures import tell_void
from kernel.cases.actions.withdraw import withdraw

__all__ = [
    "Unchanged",
    "accept_deferred",
    "accept_share",
    "add_id_copy",
    "add_material",
    "add_message_file",
    "answer_escalation",
    "ask_again",
    "ask_deferral",
    "ask_on_screen",
    "ask_signatures",
    "ask_to_decline",
    "attach_character",
    "begin_awaiting",
    "begin_counter_filing",
    "begin_draft",
    "choose_appointment",
    "claimed_by",
    "close_stage",
    "decide_objection",
    "draw_claim_code",
    "draw_screen_code",
    "end_awaiting",
    "end_counter_filing",
    "end_idle_counter_filings",
    "end_share",
    "end_what_has_come",
    "escalate",
    "explain_breach",
    "extend",
    "give_back_idle",
    "grounds",
    "end_help",
    "hand_on_question",
    "let_helper_in",
    "join_screen",
    "keep_message_draft",
    "link_on_screen",
    "make_shareholder",
    "make_up_for_late",
    "mark_read",
    "merge_people",
    "next_idle",
    "object_to",
    "offer_share",
    "open_link",
    "own_link",
    "place_id_copy",
    "prioritise",
    "proof_of",
    "prove",
    "put_back",
    "reassign",
    "record_arrival",
    "record_audit",
    "record_no_show",
    "record_step",
    "record_told",
    "refuse_share",
    "remind_waiting",
    "remove_material",
    "remove_message_file",
    "remove_person",
    "reserve_name",
    "resubmit",
    "resubmit_on_screen",
    "return_stage",
    "reveal",
    "save_person",
    "save_section",
    "screened",
    "send_again",
    "settle_question",
    "sign",
    "sign_as",
    "sign_on_screen",
    "submit",
    "submit_on_screen",
    "supply_deferred",
    "take",
    "take_back_deferral",
    "take_back_objection",
    "take_claim_code",
    "take_next",
    "tell_void",
    "touch",
    "urge",
    "keep_open",
    "why_not",
    "withdraw",
    "write_to_applicant",
    "write_to_desk",
]
