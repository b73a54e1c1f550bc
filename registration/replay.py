"""A case as its events tell it: the state of the case and of every stage, folded from the trail alone."""

from collections.abc import Iterable

from registration import flow
from registration.models import Event

_STAGE_AFTER = {
    Event.Kind.OPENED: flow.OPEN,
    Event.Kind.RETURNED: flow.RETURNED,
    Event.Kind.RESUBMITTED: flow.OPEN,
    Event.Kind.CLOSED: flow.DONE,
}
_END_AFTER = {Event.Kind.WITHDRAWN: flow.WITHDRAWN, Event.Kind.DECLINED: flow.DECLINED}


def fold(events: Iterable[Event]) -> tuple[str, dict[str, str]]:
    """The state of the case and `{department: state}` after these events, in their order.

    A case without events is a draft without stages.
    """
    state, stages = flow.DRAFT, {}
    for event in events:
        if event.kind == Event.Kind.SUBMITTED:
            stages = dict.fromkeys(flow.DEPARTMENTS, flow.WAITING)
        elif event.kind in _STAGE_AFTER:
            stages[event.department] = _STAGE_AFTER[event.kind]
        elif event.kind in _END_AFTER:
            return _END_AFTER[event.kind], dict.fromkeys(stages, flow.ENDED)
        state = _state_of(stages) if stages else state
    return state, stages


def _state_of(stages: dict[str, str]) -> str:
    for wave in flow.WAVES:
        if any(stages[department] != flow.DONE for department in wave.departments):
            return wave.state
    return flow.COMPLETED
