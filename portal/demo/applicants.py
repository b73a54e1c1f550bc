"""What applicants and citizens do, each a script: it acts, and yields the moment at which it goes on."""

from functools import lru_cache
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from PIL import Image, ImageDraw

from kernel.accounts.actions import register_applicant
from kernel.accounts.log_in_names import account_named
from kernel.accounts.models import User
from kernel.cases import actions, founders_papers
from kernel.cases.models import Application, Correction, Stage
from kernel.cases.signers import unsigned_of
from kernel.core.errors import Incomplete
from kernel.core.moment import now
from kernel.form import id_copies, uploads
from portal.demo.desks import Filling, demo_desk
from portal.demo.draw import texts
from portal.demo.people import PASSWORD
from portal.demo.plan import Planned
from reviews import actions as review_actions
from reviews.models import WHOLE

MOST_TRIES = 5  # submits of one case; each incomplete one is corrected as the page says


def file(play, planned: Planned, application: Application | None = None):
    """Fill in the form in two sittings and submit it; a draft that was left behind is filled in to its end."""
    if application is None:
        application = play.do(begin, play, planned)
        play.adopt(application, planned)
        yield play.after(planned.filling)
    applicant, name = application.applicant, 0
    for turn in range(MOST_TRIES):
        play.do(complete, play, planned, application, forgets=planned.forgets and turn == 0)
        play.do(everybody_signs, application)
        try:
            play.do(actions.submit, actor=applicant, application_id=application.pk)
        except Incomplete as incomplete:
            yield play.after(planned.correction)
            if any("name.trade_name" in fields for _sentence, fields in incomplete.problems):
                name += 1
                play.do(rename, planned, application, name)
        else:
            break
    if planned.withdraws is not None:
        yield play.after(planned.withdraws)
        play.do(actions.withdraw, actor=applicant, application_id=application.pk)


def correct(play, planned: Planned, correction: Correction):
    """Put right what a desk returned, and send it back."""
    department, application = correction.stage.department, correction.stage.application
    yield play.after(planned.correction, since=correction.asked_at)
    wanted = planned.returned_by(department)
    if wanted and wanted.material:
        play.do(upload_again, application, wanted.material)
    elif wanted:
        play.do(change, planned, application, wanted)
    play.do(everybody_signs, application)
    play.do(
        actions.resubmit,
        actor=application.applicant,
        application_id=application.pk,
        department=department,
    )


def come(play, planned: Planned, stage: Stage):
    """Do what an officer waited for in vain."""
    yield play.after(planned.correction, since=stage.awaits_since)
    play.do(demo_desk(stage.department).comes, stage.application, now())


def review(play, planned: Planned, application: Application):
    """Leave a review, as the applicant or, unnamed, with the review code."""
    review = planned.review
    yield play.after(review.after, since=application.completed_at)
    had_a_part = review.service in application.standards_versions
    by_code = {"code": application.review_code, "consent": True}
    who = by_code if review.by_code else {"actor": application.applicant}
    play.do(
        review_actions.leave_review,
        application_id=application.pk,
        level=review.level,
        service=review.service if had_a_part else WHOLE,
        comment=review.words,
        confidential=review.confidential,
        **who,
    )


def begin(play, planned: Planned) -> Application:
    """The account, the draft, and the first pages of the form."""
    applicant = account(planned)
    application = actions.begin_draft(
        actor=applicant,
        zone=play.zone,
        company_type=planned.company.company_type,
        channel=planned.channel,
    )
    for section, values in planned.company.first_sections(localdate(now())).items():
        actions.save_section(
            actor=applicant, application_id=application.pk, section=section, values=values
        )
    return Application.objects.select_related("applicant").get(pk=application.pk)


def account(planned: Planned) -> User:
    """The applicant's account, opened at the first visit."""
    person = planned.company.people[0]
    known = account_named(person["phone"]) or account_named(person["id_number"])
    return known or register_applicant(
        real_name=person["name"],
        phone=person["phone"],
        id_number=person["id_number"],
        password=PASSWORD,
    )


def complete(play, planned: Planned, application: Application, forgets: bool) -> None:
    """Everything that isn't there yet: people, roles, the departments' pages, uploads (the last one forgotten)."""
    applicant, company, filling = application.applicant, planned.company, Filling(play.zone, now())
    given = {"actor": applicant, "application_id": application.pk}
    known = [str(uid) for uid in application.people.order_by("pk").values_list("uid", flat=True)]
    for kind, is_shareholder, data in company.persons(filling.day)[len(known) :]:
        section = "shareholders" if is_shareholder else "officers"
        person = actions.save_person(**given, uid=None, kind=kind, data=data, section=section)
        known.append(str(person.uid))
    for section, values in company.last_sections(filling, known).items():
        actions.save_section(**given, section=section, values=values)
    missing = set(company.materials()) - set(application.materials.values_list("kind", flat=True))
    for kind in sorted(missing)[int(forgets) :]:
        actions.add_material(**given, kind=kind, checked=paper(kind))
    give_cards(application, applicant)


def everybody_signs(application: Application) -> None:
    """Whoever signs a paper of the filing reads and signs its present words, on a phone that nobody has."""
    application = Application.objects.select_related("zone").get(pk=application.pk)
    for signer in unsigned_of(founders_papers.standing(application)):
        actions.sign_as(
            application_id=application.pk,
            person=signer.person.uid,
            seen={kind: signer.papers[kind] for kind in signer.void},
            proof={"by": "simulation"},
        )


def rename(planned: Planned, application: Application, place: int) -> None:
    """The next name that the applicant has in mind, when somebody has the first."""
    company = planned.company
    values = {
        "company_type": company.company_type,
        **company.name_section(place % len(company.trade_names)),
    }
    actions.save_section(
        actor=application.applicant, application_id=application.pk, section="name", values=values
    )


def upload_again(application: Application, kind: str) -> None:
    given = {"actor": application.applicant, "application_id": application.pk}
    if kind in id_copies.KINDS:
        return give_cards(application, application.applicant, again=True)
    for uid in list(application.materials.filter(kind=kind).values_list("uid", flat=True)):
        actions.remove_material(**given, uid=uid)
    actions.add_material(**given, kind=kind, checked=paper(kind))


def change(planned: Planned, application: Application, wanted) -> None:
    """Another phone, another person, or what the department has to offer, in the field that was pinned."""
    section, name = wanted.field.split(".")
    values = {
        "phone": lambda: planned.new_phone,
        "another": lambda: str(application.people.filter(kind="natural").order_by("pk")[0].uid),
    }
    application.refresh_from_db()
    given = values.get(wanted.value, lambda: demo_desk(wanted.department).put_right(application))
    answers = {**application.answers[section], name: given()}
    actions.save_section(
        actor=application.applicant, application_id=application.pk, section=section, values=answers
    )


def give_cards(application: Application, applicant: User, again: bool = False) -> None:
    """A picture of each side of everybody's identity card that isn't there yet; another one of each, `again`."""
    application = Application.objects.select_related("zone").get(pk=application.pk)
    filing = founders_papers.standing(application).filing
    for turn, place in enumerate(id_copies.places(filing)):
        if place.file is None or again:
            actions.add_id_copy(
                actor=applicant,
                application_id=application.pk,
                place=place.name,
                checked=card(turn, place.side, again),
            )


@lru_cache
def card(turn: int, side: str, again: bool) -> uploads.CheckedFile:
    """An invented photo of one side of a card, of the shape of a real one; `turn` tells people apart."""
    page = Image.new("RGB", (856, 540), "#f2f5f7")
    pen = ImageDraw.Draw(page)
    pen.rectangle((8, 8, 847, 531), outline="#8a97a3", width=4)
    words = f"INVENTED\n{turn // 2 + 1} / {side}{' / again' if again else ''}"
    pen.text((60, 60), words, fill="#39444e", font_size=44)
    if side == id_copies.Side.FRONT:
        pen.rectangle((580, 90, 800, 380), outline="#8a97a3", width=3)
        pen.ellipse((640, 130, 740, 240), outline="#8a97a3", width=3)
    content = BytesIO()
    page.save(content, "JPEG")
    named = SimpleUploadedFile(texts()["files"]["id_copies"], content.getvalue())
    return uploads.check(named)


@lru_cache
def paper(kind: str) -> uploads.CheckedFile:
    """An invented upload of one page, checked as any upload is."""
    page = Image.new("L", (620, 877), 255)
    ImageDraw.Draw(page).text((60, 60), f"INVENTED FOR A SIMULATED DAY\n\n{kind}", fill=0)
    content = BytesIO()
    page.save(content, "PDF", resolution=75)
    return uploads.check(SimpleUploadedFile(texts()["files"][kind], content.getvalue()))
