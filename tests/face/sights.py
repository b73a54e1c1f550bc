"""Every page that exists, in every state that looks different, each with the person who sees it.

Each function makes the cases it needs on a working morning and gives its sights.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from uuid import uuid4

from django.db import connection

from banking.fields import LEFT_OUT
from kernel.accounts import proposing
from kernel.accounts.models import Role, User, Window
from kernel.accounts.proposals import Proposal
from kernel.accounts.second_step import enrolment_link
from kernel.bookings.models import Diary
from kernel.cases import actions, issuing, reading, trail_roots
from kernel.cases.models import Document, Objection
from kernel.core.moment import now
from kernel.form import flow
from kernel.form.fields import SECTIONS
from kernel.form.uploads import check
from kernel.sla.models import Calendar
from kernel.standards import publishing
from portal.figures import files
from portal.figures.models import FigureRow
from portal.figures.rows import Row
from portal.notices.models import Notice, Webhook
from portal.notices.webhooks import proving, receivers
from portal.supervision.models import Export
from reviews import parts
from reviews.actions import (
    answer_repair,
    close_repair,
    leave_review,
    record_follow_up,
    submit_repair,
)
from reviews.models import FollowUp
from tests import driving, factories, phones
from tests.applicant import lease
from tests.codes import BANKING, REGISTRATION, SEALS, TAX
from tests.face import services, wording
from tests.face.counter_sights import counter
from tests.face.hall_sights import hall
from tests.face.looking import SUBMIT, Sight, at, filled, press
from tests.face.proving import second_step
from tests.factories import MORNING
from tests.officers import namespace
from tests.seconds import revoke_licence

PLAIN = [
    "home",
    "guide",
    "standards",
    "progress",
    "verify",
    "privacy",
    "accessibility",
    "login",
    "register",
    "public-figures",
    "trail-roots",
    "line",
    "reviews:results",
    "reviews:leave",
    "components",
]

MAIL, HOOK = "somebody@example.org", "https://hooks.example.org/portal"
REVOKED = "Registered on forged papers; revoked under article 40 of the regulation."


def _figures(zone) -> None:
    """The daily files of two months, with some of each kind of row."""
    for days, minutes in ((40, (9, 11, 12, 13, 30)), (1, (8, 9, 10, 11, 12))):
        day = (MORNING - timedelta(days=days)).date()
        measured = [
            *({"kind": "stage", "name": name, "limit": 15} for name in flow.counted()),
            {"kind": "case", "name": "completed", "right": 1},
            {"kind": "owner", "name": REGISTRATION},
            {"kind": "filed", "name": "online"},
            {"kind": "wait", "name": "correction", "days": 2},
            {"kind": "review", "name": "whole", "level": 5, "bad": 0, "first": 1},
            {"kind": "theme", "name": "waiting"},
            {"kind": "repair", "name": "waiting", "done": 1},
            {"kind": "service", "name": "home", "done": 1, "missed": 0},
            {"kind": "ticket", "name": "A", "done": 1, "missed": 0},
        ]
        for place, (values, took) in enumerate(product(measured, minutes)):
            row = Row(
                day=day,
                company_type="1130",
                hours="09",
                minutes=took,
                late=int(took > 15),
                **values,
            )
            FigureRow.objects.create(zone=zone, source=f"{days}:{place}", row=row.stored())
        files.make(zone, day)


def public(travel) -> list[Sight]:
    travel(MORNING)
    case = factories.filed(zone=_zone())
    done = driving.completed(zone=case.zone)
    licence = Document.objects.get(application=done, kind="licence")
    revoked = Document.objects.get(application=driving.completed(zone=case.zone), kind="licence")
    revoke_licence(
        actor=factories.supervisor(case.zone), application_id=revoked.application_id, ground=REVOKED
    )
    leave_review(application_id=done.pk, level=5, actor=done.applicant)
    pdf = made(licence)
    for days in (2, 1):
        trail_roots.make(case.zone, (MORNING - timedelta(days=days)).date())
    _figures(case.zone)
    return [
        *(Sight(name.replace(":", ", ").replace("-", " "), at(name)) for name in PLAIN),
        Sight("public figures by week", at("public-figures") + "?by=week"),
        Sight("standards, a version", at("standards-version", "tax", 1)),
        Sight("standards, compared", at("standards-since", "common", 2, 1)),
        Sight(
            "open interface",
            at("api-docs"),
            then=lambda page: page.locator("#swagger-ui main").wait_for(),
        ),
        Sight("login, after the session ended", at("login") + "?ended=1"),
        Sight(
            "login, wrong", at("login"), then=filled({"username": "nobody", "password": "wrong"})
        ),
        Sight("register, wrong", at("register"), then=press(SUBMIT)),
        Sight("register, the code", at("register"), then=_register("13900000011")),
        Sight("register, the name", at("register"), then=_register("13900000012", code=True)),
        Sight("recover", at("recover")),
        Sight("recover, the name", at("recover"), then=_register("13900000013", code=True)),
        Sight("sandbox", at("sandbox")),
        Sight("service site", at("site")),
        Sight("service site, wrong", at("site"), then=_other_at_the_site),
        Sight("progress, wrong", at("progress"), then=filled({"number": "KB-1", "code": "XXXX"})),
        Sight("review, wrong", at("reviews:leave"), then=press(SUBMIT)),
        Sight("verify, wrong", at("verify") + "?code="),
        *(
            Sight(
                f"progress of a case {kind}",
                at("progress"),
                then=filled({"number": shown.filing_number, "code": shown.check_code}),
            )
            for kind, shown in (("running", case), ("completed", done))
        ),
        Sight(
            "verify, the file or the QR code, wrong",
            at("verify"),
            then=press("main form[method=post] button"),
        ),
        Sight("verify, a file and its signature", at("verify"), then=_with_file(pdf)),
        Sight("verify, a changed file", at("verify"), then=_with_file(pdf + b"% more")),
        Sight(
            "the licence after its issue",
            at("licence", done.number),
            factories.supervisor(case.zone),
        ),
        Sight("verified", at("verified", licence.verify_code)),
        Sight("verified, revoked", at("verified", revoked.verify_code)),
        Sight("verified, unknown", at("verified", "0" * 32), status=404),
        *(
            Sight(f"error {code}", f"/errors/{code}/", status=code)
            for code in (400, 403, 404, 409, 429, 500, 503)
        ),
        Sight("error of a form without its token", "/errors/csrf/", status=403),
    ]


def made(licence) -> bytes:
    """The licence's PDF, made as a worker does: in a thread of its own, since the browser's loop runs in this one."""

    def make() -> bytes:
        try:
            with issuing.make(Document.objects.get(pk=licence.pk)).file.open() as file:
                return file.read()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(make).result()


def _with_file(content: bytes):
    def then(page):
        file = {"name": "licence.pdf", "mimeType": "application/pdf", "buffer": content}
        page.locator("main form[method=post] input[type=file]").set_input_files(file)
        press("main form[method=post] button[type=submit]")(page)

    return then


def _register(phone: str, code: bool = False):
    """As far as the code's page, or with the code to the page of the name."""

    def then(page):
        filled({"phone": phone})(page)
        if code:
            filled({"code": phones.code(phone)})(page)

    return then


def _other_at_the_site(page):
    page.locator("main form [name=who][value=other]").check()
    return press(SUBMIT)(page)


def applicant(travel) -> list[Sight]:
    travel(MORNING)
    zone = _zone()
    person = factories.UserFactory(id_number="11010519491231002X", phone="13800000426")
    publishing.load_published()
    newcomer = factories.UserFactory()
    unproved = factories.UserFactory(phone="13800000428", name_proved_at=None)
    empty = actions.begin_draft(actor=newcomer, zone=zone, company_type="1152")
    whole = factories.draft(zone=zone)
    owner, ref = whole.applicant, whole.ref
    sights = [
        Sight("my, none", at("my"), factories.UserFactory()),
        Sight("my, a draft", at("my"), newcomer),
        Sight("new", at("filing:new"), newcomer),
        Sight("new, wrong", at("filing:new"), newcomer, then=press(SUBMIT)),
        Sight("tasks, empty", at("filing:tasks", empty.ref), newcomer),
        Sight("check, open points", at("filing:check", empty.ref), newcomer),
        Sight("tasks, done", at("filing:tasks", ref), owner),
        Sight("check", at("filing:check", ref), owner),
        Sight("papers", at("filing:papers", ref), owner),
        Sight("a paper", at("filing:paper", ref, "articles"), owner),
        *_signing(whole),
        Sight("who works on a draft", at("filing:sharing", ref), owner),
        Sight("withdraw a draft", at("filing:withdraw", ref), owner),
        Sight("person, new", at("filing:person-new", ref), owner),
        Sight("person, wrong", at("filing:person-new", ref), owner, then=press(SUBMIT)),
        Sight("person", at("filing:person", ref, whole.people.first().uid), owner),
        Sight("profile", at("profile"), person),
        Sight("profile, unproved", at("profile"), unproved),
        Sight("own phone", at("own-phone"), unproved),
        Sight("own name", at("own-name"), unproved),
        Sight("own password", at("own-password"), person),
        Sight("close account", at("close-account"), person),
        Sight("copy of data", at("own-data"), person),
        Sight("messages, none", at("messages:inbox"), person),
        Sight("how one is told", at("messages:choices"), person),
        Sight("own mail", at("messages:mail"), person),
        Sight("own mail, wrong", at("messages:mail"), person, then=press(SUBMIT)),
        Sight("own mail, the code", at("messages:mail"), person, then=filled({"address": MAIL})),
        Sight("webhook, none", at("messages:webhook"), person),
        Sight("webhook, wrong", at("messages:webhook"), person, then=press(SUBMIT)),
        Sight(
            "webhook, the secret", at("messages:webhook"), person, then=filled({"address": HOOK})
        ),
        Sight("webhook, unproved", at("messages:webhook"), unproved),
        *_webhooks(),
        Sight("how one is told, unproved", at("messages:choices"), unproved),
        Sight(
            "how one is told, wrong",
            at("messages:choices"),
            person,
            then=filled({"quiet_until": ""}),
        ),
    ]
    for section in SECTIONS:
        sights.append(Sight(f"page {section.key}", at("filing:page", ref, section.key), owner))
        send = press("main form .form-acts [name=go], main .form-acts [type=submit]")
        sights.append(
            Sight(
                f"page {section.key}, empty and sent",
                at("filing:page", empty.ref, section.key),
                newcomer,
                then=send,
            )
        )
    return sights + _cases(zone, travel)


def _compared(page) -> None:
    """The officer has numbers and identity cards shown."""
    page.locator("#people form button").click()
    page.locator(".card-beside img").first.wait_for()


def _signing(draft) -> list[Sight]:
    """What a signer sees, before the code and after it."""
    actions.ask_signatures(actor=draft.applicant, application_id=draft.pk)
    page = at("sign", draft.signing_requests.first().uid)
    own = press("#signatures [action$='/sign/own/'] [type=submit]")
    return [
        Sight("sign, the code", page),
        Sight("sign, wrong", page, then=press(SUBMIT)),
        Sight("sign", at("filing:check", draft.ref), draft.applicant, then=own),
        Sight("what a signer said", at("sign-receipt", _objected(factories.draft()).uid)),
    ]


def _webhooks() -> list[Sight]:
    """One that waits for its proof, and one that was switched off while another address waits."""
    waiting, off = (factories.UserFactory() for _account in range(2))
    for account in (waiting, off):
        receivers.learn(proving.ask(account, HOOK))
    proving.prove(off)
    Webhook.objects.filter(account=off).update(off_at=now(), away_since=now())
    return [
        Sight("webhook, to be proved", at("messages:webhook"), waiting),
        Sight("webhook, switched off", at("messages:webhook"), off),
        Sight("how one is told, webhook off", at("messages:choices"), off),
    ]


def _objected(case) -> Objection:
    """Its first person says that it isn't them."""
    person = str(case.people.order_by("pk").first().uid)
    return actions.object_to(
        application_id=case.pk, person=person, kind=Objection.Kind.NOT_ME, proof={"by": "test"}
    )


def _without_bank(zone, user):
    """A draft that leaves the bank out."""
    draft = factories.draft(zone=zone, applicant=user)
    answers = {**draft.answers["bank"], "meeting": LEFT_OUT.answer}
    given = {"actor": user, "application_id": draft.pk}
    actions.save_section(**given, section="bank", values=answers)
    return draft


def _not_reached(case):
    actions.record_told(
        application_id=case.pk, claim=lambda: True, what="licensed", by="notices", fault="refused"
    )
    return case


def _digest(user, case) -> Notice:
    """Of one case that is late, and one that was settled."""
    rows = ((case.pk, case.filing_number, True), (0, "KB-2026-0318-099", False))
    cases = [
        {"case": pk, "number": number, "late": late, "clocks": ["licence_and_seals"]}
        for pk, number, late in rows
    ]
    fields = {"kind": "digest", "params": {"cases": cases}, "created_at": now()}
    return Notice.objects.create(recipient=user, idempotency_key="digest", **fields)


def _cases(zone, travel) -> list[Sight]:
    """A case of one applicant in each state."""
    officers = driving.staff(zone)
    own = {"zone": zone, "applicant": factories.UserFactory()}
    user = own["applicant"]
    done = driving.carried(officers, flow.departments(), **own)
    driving.make_papers()
    cases = {
        "filed": factories.filed(**own),
        "in hand": driving.taken(officers, REGISTRATION, **own),
        "returned": driving.given_back(officers, REGISTRATION, **own),
        "sealing": driving.carried(officers, flow.departments()[:1], **own),
        "settling": driving.carried(officers, flow.departments()[:3], **own),
        "a branch returned": driving.given_back(officers, BANKING, **own),
        "completed": done,
        "without the bank": factories.submit(
            actor=user, application_id=_without_bank(zone, user).pk
        ),
        "withdrawn": actions.withdraw(actor=user, application_id=factories.filed(**own).pk),
        "revoked": revoke_licence(
            actor=factories.supervisor(zone),
            ground=REVOKED,
            application_id=driving.carried(officers, flow.departments()[:3], **own).pk,
        ),
    }
    cases["not reached"] = _not_reached(factories.filed(**own))
    in_hand = cases["in hand"]
    reading.upload(officers[REGISTRATION], in_hand, in_hand.materials.first())
    travel(MORNING + timedelta(minutes=125))
    late = {"late": cases["filed"]}
    sights = [
        Sight(f"case, {state}", at("filing:tasks", case.filing_number), user)
        for state, case in (cases | late).items()
    ]
    returned, similar = cases["returned"], factories.draft(**own)
    held = done.answers["name"]
    actions.save_section(
        actor=user,
        application_id=similar.pk,
        section="name",
        values={**held, "trade_name": held["trade_name"] + held["trade_name"][:1]},
    )
    return [
        *sights,
        Sight("a similar name", at("filing:page", similar.ref, "name"), user),
        Sight("confirmation", at("filing:submitted", cases["filed"].filing_number), user),
        Sight(
            "confirmation, without the bank",
            at("filing:submitted", cases["without the bank"].filing_number),
            user,
        ),
        Sight("check, without the bank", at("filing:check", _without_bank(zone, user).ref), user),
        Sight(
            "page bank, left out", at("filing:page", _without_bank(zone, user).ref, "bank"), user
        ),
        Sight("take back", at("filing:withdraw", cases["filed"].filing_number), user),
        Sight("correction", at("filing:page", returned.filing_number, "address"), user),
        Sight("correct a name", at("filing:page", returned.filing_number, "name"), user),
        Sight("review of one's own case", at("reviews:leave", done.filing_number), user),
        Sight("my", at("my"), user),
        Sight("messages", at("messages:inbox"), user),
    ]


def threads(travel) -> list[Sight]:
    """A thread of a case in the last wave: asked, answered, and with a question for which the work waits."""
    travel(MORNING)
    zone = _zone()
    officers = driving.staff(zone)
    case = driving.carried(officers, flow.departments()[:2], zone=zone)
    owner, number = case.applicant, case.number
    driving.take(TAX, officers[TAX], case)
    quiet = driving.taken(officers, REGISTRATION, zone=zone)
    boss = factories.supervisor(zone)
    given = {"actor": owner, "application_id": case.pk}
    given_tax = {"actor": officers[TAX], "stage_id": factories.stage(case, TAX).pk}
    words = "第一季度开票可能超过每月 10 万元，能否提高额度？附上已签合同。"
    typed = {"application_id": case.pk, "body": words, "key": uuid4()}
    kept = actions.keep_message_draft(actor=owner, **typed)
    actions.add_message_file(actor=owner, draft=kept, checked=check(lease()))
    actions.write_to_desk(**given, department=TAX, body=words, key=typed["key"])
    travel(MORNING + timedelta(minutes=4))
    answer = "可以。首次核定为 10 万元，开业后凭合同随时申请调整，当天办结。"
    actions.write_to_applicant(**given_tax, body=answer, key=uuid4())
    travel(MORNING + timedelta(minutes=6))
    thanks = "合同要盖公章吗？公章还没有领。"
    actions.write_to_desk(**given, department=SEALS, body=thanks, key=uuid4())
    asked = "请告知财务负责人是否已有电子税务局账号。没有的，请先注册，再告诉我们。"
    actions.write_to_applicant(**given_tax, body=asked, key=uuid4(), waits=True)
    travel(MORNING + timedelta(minutes=11))
    space = namespace(SEALS)
    return [
        Sight("thread", at("filing:thread", number), owner),
        Sight("thread, sent empty", at("filing:thread", number), owner, then=press("[name=send]")),
        Sight("thread, none", at("filing:thread", quiet.number), quiet.applicant),
        Sight("case, a question waits", at("filing:tasks", number), owner),
        Sight("desk thread", at(f"{space}:thread", number), officers[SEALS]),
        Sight(
            "desk thread, a usual answer",
            at(f"{space}:thread", number),
            officers[SEALS],
            then=press("[name=reply]"),
        ),
        Sight("desk thread, the work waits", at(f"{namespace(TAX)}:thread", number), officers[TAX]),
        Sight("desk: case, asked", at(f"{space}:case", number), officers[SEALS]),
        Sight("desk: queue, asked", at(f"{space}:queue"), officers[SEALS]),
        Sight("messages of the zone", at("supervision:messages"), boss),
        Sight("messages of the zone, none", at("supervision:messages") + "?q=nobody", boss),
        Sight("messages to answer", at("supervision:list", "messages"), boss),
        Sight("thread, the supervisor reads", at("supervision:thread", number), boss),
    ]


def desks(travel) -> list[Sight]:
    travel(MORNING)
    zone = _zone()
    officers = driving.staff(zone)
    sights = [
        Sight(f"{d}: queue, empty", at(f"{namespace(d)}:queue"), officers[d])
        for d in flow.departments()
    ]
    for place, department in enumerate(flow.departments()):
        space, user = namespace(department), officers[department]
        before = flow.departments()[:place]
        hand = driving.taken(officers, department, zone=zone)
        closed = driving.carried(officers, [*before, department], zone=zone)
        number = hand.filing_number
        sights += [
            Sight(f"{department}: queue", at(f"{space}:queue"), user),
            Sight(f"{department}: case", at(f"{space}:case", number), user),
            Sight(f"{department}: case, closed", at(f"{space}:case", closed.filing_number), user),
            Sight(f"{department}: return", at(f"{space}:return", number), user),
            Sight(f"{department}: escalate", at(f"{space}:escalate", number), user),
        ]
        if department == REGISTRATION:
            upload = hand.materials.get(kind="address_proof").uid
            sights += [
                Sight("an upload, drawn", at("files:pages", number, upload), user),
                Sight("registration: a paper", at("window:paper", number, "articles"), user),
                Sight(
                    "registration: case, compared",
                    at("window:case", number),
                    user,
                    then=_compared,
                ),
            ]
        if department in (
            REGISTRATION,
            BANKING,
        ):  # the other desks show these pages with the same templates
            returned = driving.given_back(officers, department, zone=zone)
            driving.carried(officers, before, zone=zone)
            close, send = press("[data-key=A], [data-key=C]"), press("[form=send]")
            sights += [
                Sight(
                    f"{department}: case, closed unfinished",
                    at(f"{space}:case", number),
                    user,
                    then=close,
                ),
                Sight(
                    f"{department}: case, returned",
                    at(f"{space}:case", returned.filing_number),
                    user,
                ),
                Sight(
                    f"{department}: return, empty", at(f"{space}:return", number), user, then=send
                ),
                Sight(
                    f"{department}: escalate, empty",
                    at(f"{space}:escalate", number),
                    user,
                    then=send,
                ),
                Sight(f"{department}: found", at(f"{space}:search") + f"?q={number}", user),
                Sight(f"{department}: not found", at(f"{space}:search") + "?q=nothing", user),
            ]
    sights += [
        *_following(officers, zone),
        Sight("ledger", at("seals:ledger"), officers[SEALS]),
        Sight("accounts at the window", at("account-window"), officers[REGISTRATION]),
        Sight("waiting", at("seals:waiting"), officers[SEALS]),
    ]
    return [*sights, *second_step(zone)]


def _following(officers, zone) -> list[Sight]:
    """Materials that follow later: undertaken, approved, supplied."""
    window = officers[REGISTRATION]
    draft = factories.draft(zone=zone)
    draft.materials.filter(kind="address_proof").delete()
    asked = driving.promised(zone=zone)
    driving.take(REGISTRATION, window, asked)
    open_one, supplied = driving.deferred(window, zone=zone), driving.deferred(window, zone=zone)
    one, other = open_one.deferrals.get(), supplied.deferrals.get()
    actions.supply_deferred(
        actor=supplied.applicant,
        application_id=supplied.pk,
        uid=str(other.uid),
        files=[check(lease())],
    )
    return [
        Sight("promise", at("filing:promise", draft.ref, "R-02"), draft.applicant),
        Sight(
            "promise, not ticked",
            at("filing:promise", draft.ref, "R-02"),
            draft.applicant,
            then=press(SUBMIT),
        ),
        Sight("registration: case with a promise", at("window:case", asked.filing_number), window),
        Sight(
            "case with a material to follow",
            at("filing:tasks", open_one.filing_number),
            open_one.applicant,
        ),
        Sight("follow", at("filing:follow", open_one.filing_number, one.uid), open_one.applicant),
        Sight("registration: following", at("window:following"), window),
        Sight("registration: audits", at("window:audits"), window),
        Sight("registration: look", at("window:look", supplied.filing_number, other.uid), window),
    ]


def supervision(travel) -> list[Sight]:
    travel(MORNING)
    zone = _zone()
    officers, user = driving.staff(zone), factories.supervisor(zone)
    case = factories.filed(zone=zone)
    done = driving.completed(zone=zone)
    leave_review(application_id=done.pk, level=1, comment=driving.SENTENCE, actor=done.applicant)
    driving.given_back(officers, REGISTRATION, zone=zone)
    asked = driving.taken(officers, REGISTRATION, zone=zone)
    stage = factories.stage(asked, REGISTRATION)
    actions.escalate(actor=officers[REGISTRATION], stage_id=stage.pk, question=driving.SENTENCE)
    _objected(factories.filed(zone=zone))
    reading.upload(officers[REGISTRATION], asked, asked.materials.first())
    Export.objects.create(by=user, zone=zone, title="Finished stages", at=MORNING)
    proposal, answered = _proposed(zone, user)
    travel(MORNING + timedelta(minutes=68))
    not_reached = _not_reached(driving.taken(officers, REGISTRATION, zone=zone))
    digest = _digest(user, case)
    names = [
        "live",
        "cases",
        "search",
        "breaches",
        "following",
        "audits",
        "escalations",
        "objections",
        "reviews",
        "figures",
        "budgets",
        "report",
    ]
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    operator = factories.UserFactory(role=Role.OPERATOR)
    return [
        *(Sight(f"supervision: {name}", at(f"supervision:{name}"), user) for name in names),
        *(
            Sight(f"supervision: list {name}", at("supervision:list", name), user)
            for name in ("finished", "looked", "exported")
        ),
        Sight("supervision: reason", at("supervision:reason", case.filing_number), user),
        Sight("supervision: found", at("supervision:search") + f"?q={case.filing_number}", user),
        Sight("supervision: case", at("supervision:case", case.filing_number), user),
        Sight("supervision: case, completed", at("supervision:case", done.filing_number), user),
        Sight(
            "supervision: follow-up", at("supervision:follow-up", FollowUp.objects.get().pk), user
        ),
        *_repairs(zone, user, done),
        Sight("supervision: arrangement", at("supervision:arrangement", 2027), administrator),
        Sight(
            "supervision: arrangement, the look",
            at("supervision:arrangement", 2027),
            administrator,
            then=filled({"source": "a notice", "last_0": "2027-01-03", "makeup_6": "2027-10-09"}),
        ),
        Sight("four eyes", at("proposals:list"), user),
        Sight("four eyes, to decide", at("proposals:show", proposal.uid), user),
        Sight("four eyes, one's own", at("proposals:show", proposal.uid), proposal.asked_by),
        Sight("four eyes, refused", at("proposals:show", answered.uid), user),
        Sight("messages of staff", at("messages:inbox"), user),
        Sight("digest", at("messages:digest", digest.pk), user),
        Sight("supervision: case, not reached", at("supervision:case", not_reached.number), user),
        Sight(
            "desk: case, not reached",
            at(f"{namespace(REGISTRATION)}:case", not_reached.number),
            officers[REGISTRATION],
        ),
        Sight("how staff are told", at("messages:choices"), user),
        Sight("profile of staff", at("profile"), user),
        Sight("administration", at("admin:index"), administrator),
        *_administered(zone, administrator),
        Sight(
            "administration: versions", at("admin:standards_standardsversion_changelist"), operator
        ),
        Sight("administration of the operator", at("admin:index"), operator),
    ]


def _repairs(zone, supervisor, done) -> list[Sight]:
    """One bad review as whoever repairs it, its writer and the supervisor see it."""
    second = factories.officer(REGISTRATION, zone)
    said = {"comment": driving.SENTENCE, "tags": ["waiting"], "actor": done.applicant}
    open_one, asked, closed = (
        leave_review(application_id=done.pk, service=service, level=2, **said)
        for service in (REGISTRATION, TAX, SEALS)
    )
    for review in (asked, closed):
        submit_repair(
            actor=User.objects.get(pk=min(parts.handlers(review.repair))),
            review_id=review.pk,
            cause="staffing",
            done=driving.SENTENCE,
            since=MORNING.date(),
            responsible="Qin",
            sentence="有企业反映领取印章等候较长，窗口已增加一人。",
        )
    answer_repair(actor=done.applicant, review_id=closed.pk, answer="solved", consent=True)
    record_follow_up(actor=supervisor, follow_up_id=closed.follow_up.pk, outcome="已电话联系。")
    close_repair(actor=supervisor, review_id=closed.pk, publish=True)
    place = Window.objects.create(zone=zone, number=91, department=REGISTRATION)
    window = at("reviews:window", zone.code, place.number)
    return [
        Sight("repairs of a desk", at("reviews:repairs"), second),
        Sight("repair of a desk", at("reviews:repair", open_one.uid), second),
        Sight("repair, more time", at("reviews:repair", open_one.uid) + "?do=extend", second),
        Sight("repair, above", at("reviews:repair", asked.uid), supervisor),
        Sight("review of mine, asked", at("reviews:mine", asked.uid), done.applicant),
        Sight("repair, published", at("reviews:repair", closed.uid), supervisor),
        Sight("review of mine, published", at("reviews:mine", closed.uid), done.applicant),
        Sight("reviews with a sentence", at("reviews:results")),
        Sight("review at a window", window),
        Sight("review at a kiosk", f"{window}?kiosk"),
        Sight("code of a window", at("reviews:window-code", zone.code, place.number), supervisor),
    ]


def _administered(zone, administrator) -> list[Sight]:
    """People and settings, as who keeps them sees them, and what comes of a link that they give."""
    newcomer = factories.officer(REGISTRATION, zone)
    newcomer.set_unusable_password()
    newcomer.save()
    link = enrolment_link(newcomer, administrator)
    hours = Calendar.objects.get(code=zone.calendar_code)
    diary = Diary.objects.filter(zone=zone).first()
    diary.closures.create(date=MORNING.date(), note="消防演练")
    return [
        Sight("choose a password", link),
        Sight("choose a password, wrong", link, then=press(SUBMIT)),
        Sight("choose a password, another is logged in", link, administrator, status=403),
        Sight("administration: a new person", at("admin:accounts_user_add"), administrator),
        Sight(
            "administration: a person",
            at("admin:accounts_user_change", newcomer.pk),
            administrator,
        ),
        Sight("administration: the zone", at("admin:accounts_zone_change", zone.pk), administrator),
        Sight("administration: hours", at("admin:sla_calendar_change", hours.pk), administrator),
        Sight(
            "administration: a diary", at("admin:bookings_diary_change", diary.pk), administrator
        ),
        Sight(
            "administration: set anew",
            at("admin:accounts_user_changelist"),
            administrator,
            then=_asked_to_reset(newcomer),
        ),
    ]


def _asked_to_reset(person):
    """Tick the person and choose the action."""

    def do(page):
        page.locator(f"input[name=_selected_action][value='{person.pk}']").first.check()
        page.locator("select[name=action]").first.select_option("ask_to_reset")
        return press("button[name=index]")(page)

    return do


def _proposed(zone, user) -> tuple[Proposal, Proposal]:
    """One that waits for the user, and one that they refused."""
    first = factories.supervisor(zone)
    ask = {"actor": first, "legal_basis": driving.SENTENCE}
    rows = [
        actions.ask_to_decline(application_id=factories.filed(zone=zone).pk, **ask)
        for _case in range(2)
    ]
    proposing.refuse(actor=user, uid=rows[1].uid, answer=driving.SENTENCE)
    return rows[0], rows[1]


def words(travel) -> list[Sight]:
    travel(MORNING)
    zone = _zone()
    return wording.sights(travel, zone, [factories.supervisor(zone) for _person in range(2)][0])


def booked(travel):
    """Services that are booked or asked for."""
    return services.sights(travel, _zone())


EVERYBODY = {
    "public": public,
    "applicant": applicant,
    "threads": threads,
    "desks": desks,
    "supervision": supervision,
    "words": words,
    "services": booked,
    "hall": hall,
    "counter": counter,
}


def _zone():
    """Every department is at work in it, so that each page of each is looked at."""
    everywhere = {code: True for code in flow.departments()}
    settings = {"departments": everywhere, LEFT_OUT.setting: True}
    return factories.ZoneFactory(phone="0533-0000-120", settings=settings)
