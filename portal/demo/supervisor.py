"""What the supervisor does: answers questions, urges a desk that runs late, gives it more time, says why a clock went
over, and calls whoever left a bad review. Not everything is answered, as on any day (data/day.json)."""

from django.utils.timezone import localdate

from kernel.accounts.models import User
from kernel.cases import actions
from kernel.cases.models import Application, BreachReason, Escalation, Event
from kernel.core.moment import now
from kernel.form import flow
from kernel.sla.models import Clock
from portal.demo.draw import texts
from portal.demo.plan import Planned, Watch, draw_watch
from portal.supervision import lists
from portal.supervision.scope import Scope
from portal.supervision.tally import clocks_of
from reviews import actions as review_actions
from reviews import parts
from reviews.models import BAD_LEVELS, FollowUp, Repair

REPAIRED, ANSWERED = 45, 20  # working minutes after the call, and after what was asked


def answer(play, planned: Planned, escalation: Escalation):
    """A window's question."""
    yield play.working(planned.answered, since=escalation.asked_at)
    play.do(
        actions.answer_escalation,
        actor=play.hall.supervisor,
        escalation_id=escalation.pk,
        answer=planned.answer,
    )


def contact(play, planned: Planned, follow_up: FollowUp):
    """The writer of a bad review is called."""
    yield play.working(
        planned.review.contact if planned.review else 30, since=follow_up.review.created_at
    )
    outcome = planned.review.outcome if planned.review else texts()["outcomes"][0]
    play.do(
        review_actions.record_follow_up,
        actor=play.hall.supervisor,
        follow_up_id=follow_up.pk,
        outcome=outcome,
    )


def repair(play, bad: Repair):
    """Whoever may repairs what a bad review is about; its writer is asked and says that it is solved, and the
    supervisor closes it with its sentence. What was worst is left to be looked at."""
    review, said = bad.review, texts()["repairs"][bad.pk % len(texts()["repairs"])]
    yield play.working(REPAIRED, since=bad.follow_up.contacted_at)
    handlers = sorted(parts.handlers(bad))
    if review.level != BAD_LEVELS[0] or not handlers:
        return
    handler = User.objects.get(pk=handlers[0])
    content = {**said, "since": localdate(now()), "responsible": handler.real_name}
    play.do(review_actions.submit_repair, actor=handler, review_id=review.pk, **content)
    if review.reviewer:
        yield play.working(ANSWERED, since=now())
        answer = {"answer": Repair.Answer.SOLVED, "consent": True}
        play.do(review_actions.answer_repair, actor=review.reviewer, review_id=review.pk, **answer)
    yield play.working(ANSWERED, since=now())
    play.do(
        review_actions.close_repair,
        actor=play.hall.supervisor,
        review_id=review.pk,
        publish=Repair.objects.filter(pk=bad.pk, consent=True).exists(),
    )


def about_clocks(play):
    """(key, script) of all that is to be done about clocks: those of desks that run late, those of today that went
    over and whose reason nobody has given. A day may be played before later ones that are there already."""
    at, zone = now(), play.zone
    today = Scope(zone, localdate(at), localdate(at), localdate(at))
    late = (
        clocks_of(zone)
        .filter(
            lists.at_risk_clocks(at), name__in=set(flow.stage_clocks().values()), started_at__lte=at
        )
        .order_by("pk")
    )
    over = lists.breaches(today, at, lists.NO_REASON).order_by("pk")
    for clocks, scripts in ((list(late), (urge, extend)), (list(over), (explain,))):
        cases = Application.objects.filter(uid__in={clock.owner for clock in clocks}).defer(
            "answers"
        )
        by_uid = {case.uid: case for case in cases}
        for clock in clocks:
            case = by_uid[clock.owner]
            drawn = draw_watch(f"{play.planned(case).key}/{clock.name}")
            for script in scripts:
                if drawn.after[script.__name__] is not None:
                    yield (script.__name__, clock.pk), script(play, case, clock, drawn)


def urge(play, application: Application, clock: Clock, drawn: Watch):
    """Ask the desk to get on with it, once, unless it has done its part by then."""
    yield play.working(drawn.after["urge"], since=clock.second_warning_at)
    stage = application.stages.filter(
        department__in=flow.clocks()[clock.name].covers, state=flow.OPEN
    ).first()
    if (
        stage
        and not application.events.filter(
            kind=Event.Kind.URGED, department=stage.department
        ).exists()
    ):
        play.do(actions.urge, actor=play.hall.supervisor, stage_id=stage.pk)


def extend(play, application: Application, clock: Clock, drawn: Watch):
    """Give it more time, once, and only before it has gone over."""
    yield play.working(drawn.after["extend"], since=clock.second_warning_at)
    if Clock.objects.filter(lists.at_risk_clocks(now()), pk=clock.pk, extension_minutes=0).exists():
        play.do(
            actions.extend,
            actor=play.hall.supervisor,
            application_id=application.pk,
            clock=clock.name,
            minutes=drawn.minutes,
            ground=drawn.ground,
        )


def explain(play, application: Application, clock: Clock, drawn: Watch):
    """Say why it went over, unless somebody has done so."""
    yield play.working(drawn.after["explain"], since=clock.went_over_at)
    if not BreachReason.objects.filter(clock=clock).exists():
        play.do(
            actions.explain_breach,
            actor=play.hall.supervisor,
            application_id=application.pk,
            clock=clock.name,
            category=drawn.category,
            text=drawn.reason,
        )
