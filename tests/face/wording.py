"""The pages of a zone's own words: the lists, and a place in each state."""

from datetime import timedelta

from kernel.accounts.models import Role, User, Zone
from kernel.zone_words import actions
from kernel.zone_words.models import ZoneWords
from tests import factories
from tests.codes import TAX
from tests.face.looking import SUBMIT, Sight, at, press
from tests.factories import MORNING
from tests.seconds import agreed

REASON = "企业常来电询问下一步做什么，写清楚可以少打电话。"
LICENSED = {
    "title_zh": "执照已发放：{number}",
    "body_zh": "{company}的营业执照已发放，印章今天刻好，刻好后另行通知，无需来电。",
    "title_en": "Licence issued: {number}",
    "body_en": "{company} has its licence. The seals are made today; you are told when they are done.",
}
TEXT = {
    "body_zh": "您公司的营业执照已发放，印章今天刻好：{link}",
    "body_en": "Your company has its licence; the seals are made today: {link}",
}
ANSWER = {
    "title_zh": "发票额度",
    "body_zh": "首次核定的额度开业后可凭合同申请调整，当天办结。有疑问请致电 {phone}。",
    "title_en": "Limit of invoices",
    "body_en": "The first limit may be raised with a contract once you are open. Call {phone}.",
}


def sights(travel, zone: Zone, second: User) -> list[Sight]:
    administrator = factories.UserFactory(role=Role.ADMINISTRATOR, zone=zone)
    operator = factories.UserFactory(role=Role.OPERATOR)
    given = {"actor": administrator, "zone": zone}
    for place, words in (("inbox.licensed", LICENSED), (f"reply.{TAX}.own-1", ANSWER)):
        _used(place, words, given)
    travel(MORNING + timedelta(minutes=70))
    actions.keep_draft(
        **given,
        place="inbox.licensed",
        says="own",
        words={**LICENSED, "title_zh": "营业执照已发放：{number}"},
    )
    actions.keep_draft(**given, place="phones.licensed", says="own", words=TEXT)
    actions.keep_draft(**given, place="phones.completed", says="own", words=TEXT)
    asked = actions.ask_to_use(**given, place="phones.completed", reason=REASON)
    ZoneWords.objects.create(
        zone=zone,
        place="inbox.returned",
        number=1,
        words={**LICENSED, "body_zh": "{gone}"},
        in_force_from=MORNING,
    )
    page = lambda place: at("words:place", zone.code, place)  # noqa: E731
    return [
        Sight("words of the zone", at("words:list", zone.code), administrator),
        Sight("words of the zone, usual answers", at("words:answers", zone.code), administrator),
        Sight("words of the zone, an officer reads", page("inbox.licensed"), second),
        Sight("words: a draft", page("inbox.licensed"), administrator),
        Sight("words: a text to phones", page("phones.licensed"), administrator),
        Sight("words: wrong", page("phones.returned"), administrator, then=_emptied),
        Sight("words: waits", page("phones.completed"), administrator),
        Sight("words: can't be used", page("inbox.returned"), administrator),
        Sight("words: a usual answer", page(f"reply.{TAX}.own-1"), administrator),
        Sight("words: a new usual answer", page(f"reply.{TAX}.own-2"), administrator),
        Sight("words: four eyes", at("proposals:show", asked.uid), second),
        Sight("words of the zones", at("words:own"), operator),
    ]


def _used(place: str, words: dict[str, str], given: dict) -> None:
    actions.keep_draft(**given, place=place, says="own", words=words)
    agreed(actions.ask_to_use(**given, place=place, reason=REASON))


def _emptied(page):
    """Company and address in a text, and nothing in English."""
    page.locator("main form [name=body_zh]").fill("{company} 请看 www.example.cn")
    page.locator("main form [name=body_en]").fill("")
    return press(SUBMIT)(page)
