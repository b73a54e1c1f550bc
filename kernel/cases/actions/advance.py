"""The hand-off from wave to wave: inside the transaction of the close, so that it takes no time and can't be lost."""

from kernel.cases.actions import appointments
from kernel.cases.desks import desk
from kernel.cases.locked_case import Case
from kernel.cases.models import Application, Event
from kernel.cases.numbers import readable_code
from kernel.core.certain import certain
from kernel.form import flow

_REACH = {  # state → the transition that leads to it
    flow.SEALING: Application.license,
    flow.SETTLING: Application.settle,
    flow.COMPLETED: Application.complete,
}


def open_wave(case: Case, wave: flow.Wave) -> None:
    """Open every stage of a wave at one moment and let each desk prepare."""
    for stage in case.stages_of(wave):
        stage.open(case.at)
        desk(stage.department).open(case, stage)
        case.record(Event.Kind.OPENED, stage)
        appointments.meet(case, stage)


def advance(case: Case) -> None:
    """The join: when no stage of the current wave is left, go on to the next wave, or complete the case."""
    application = case.application
    wave = certain(flow.wave_of(application.state))
    if any(stage.state != flow.DONE for stage in case.stages_of(wave)):
        return
    _REACH[wave.next_state](application, case.at)
    following = flow.wave_of(wave.next_state)
    if following:
        open_wave(case, following)
    else:
        application.review_code = readable_code(10)
        case.record(Event.Kind.COMPLETED)
