"""An invented company: its people, and the answers that its applicant types."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from stdnum.cn import ric

from kernel.form import flow
from kernel.form.codes import make_uscc
from portal.demo.desks import Filling, demo_desk
from portal.demo.draw import Stream, texts

SPARE_NAMES = 3  # trade names that the applicant has in mind
PAID_WITHIN, LEASED_FOR = timedelta(days=3 * 365), timedelta(days=700)
CARDS_SINCE = date(2019, 1, 1)  # the earliest that anybody's card was given
REGION = "370303"
PEOPLE = 3  # natural persons of a company, the first of them its applicant


@dataclass(frozen=True)
class Company:
    """`people` are natural persons as typed, shareholders first; `investor` is the shareholding company, if any;
    `typed` is what its applicant types on the page of each department."""

    company_type: str
    trade_names: tuple[str, ...]
    trade: dict
    address: str
    capital: int
    people: tuple[dict, ...]
    investor: dict | None
    typed: dict[str, dict]

    @property
    def names(self) -> tuple[str, ...]:
        """The full names that it may be filed under, the favourite first."""
        return tuple(
            "".join(self.name_section(place).values()) for place in range(len(self.trade_names))
        )

    def name_section(self, place: int = 0) -> dict:
        """The four parts of the name, in their order."""
        return {
            "division": texts()["division"],
            "trade_name": self.trade_names[place],
            "industry_term": self.trade["term"],
            "organisation_form": texts()["organisation_form"],
        }

    @property
    def shares(self) -> list[int]:
        """What each shareholder contributes, in yuan."""
        first = self.capital * 6 // 10 if self.company_type == "1130" else self.capital
        return [first, self.capital - first] if first < self.capital else [first]

    def first_sections(self, day: date) -> dict[str, dict]:
        """What is typed at the first sitting."""
        return {
            "name": {"company_type": self.company_type, **self.name_section()},
            "scope": {"industry": self.trade["industry"], "items": list(self.trade["items"])},
            "address": {
                "division": texts()["division_code"],
                "detail": self.address,
                "proof": "leased",
                "lease_until": (day + LEASED_FOR).isoformat(),
            },
            "capital": {"amount": str(self.capital), "paid_by": (day + PAID_WITHIN).isoformat()},
        }

    def last_sections(self, filling: Filling, uids: list[str]) -> dict[str, dict]:
        """What is typed once the people are entered, with the `uids` of the natural persons."""
        chief, supervisor, contact = uids[:PEOPLE]
        return {
            "shareholders": {},
            "officers": {
                "legal_representative": chief,
                "director": chief,
                "manager": chief,
                "supervisor": supervisor,
            },
            "contacts": {"finance": contact, "tax_agent": contact, "social_security": contact},
        } | {
            section: values
            for department, drawn in self.typed.items()
            for section, values in demo_desk(department).answers(drawn, filling).items()
        }

    def persons(self, day: date) -> list[tuple[str, bool, dict]]:
        """(kind, whether a shareholder, data as typed) of everybody, in the order in which they are entered."""
        shares = self.shares
        holders = 0 if self.investor else len(shares)
        rows = [
            (
                "natural",
                place < holders,
                {**person, **(_share(shares[place], day) if place < holders else {})},
            )
            for place, person in enumerate(self.people)
        ]
        return rows + (
            [("legal", True, {**self.investor, **_share(shares[0], day)})] if self.investor else []
        )

    def materials(self) -> list[str]:
        """The kinds of material that have to be uploaded besides the identity cards."""
        return ["address_proof", *(["shareholder_licence"] if self.investor else [])]


def draw_company(stream: Stream, company_type: str) -> Company:
    words = texts()
    people = tuple(_person(stream) for _place in range(PEOPLE))
    address = words["detail"].format(
        street=stream.of(words["streets"]),
        number=stream.whole(1, 299),
        building=stream.whole(1, 9),
        room=f"{stream.whole(1, 18)}{stream.whole(1, 20):02}",
    )
    company = Company(
        company_type=company_type,
        trade_names=tuple(_trade_name(stream) for _place in range(SPARE_NAMES)),
        trade=stream.of(words["industries"]),
        address=address,
        capital=stream.of([100_000, 500_000, 1_000_000, 2_000_000, 5_000_000]),
        people=people,
        investor=_investor(stream, people[0]) if company_type == "1152" else None,
        typed={},
    )
    typed = {code: demo_desk(code).typed(stream, company) for code in flow.departments()}
    return replace(company, typed=typed)


def phone(stream: Stream) -> str:
    return f"1380{stream.digits(7)}"


def _trade_name(stream: Stream) -> str:
    return "".join(stream.random.sample(texts()["trade_characters"], stream.of([3, 3, 4])))


def _person(stream: Stream) -> dict:
    name = stream.of(texts()["surnames"]) + stream.of(texts()["given"])
    born = date(1966, 1, 1) + timedelta(days=stream.whole(0, 13_000))
    body = f"{REGION}{born:%Y%m%d}{stream.whole(1, 999):03}"
    number = body + ric.calc_check_digit(f"{body}0")
    return {
        "name": name,
        "id_number": number,
        **_card(born),
        "phone": phone(stream),
        "address": f"{texts()['streets'][0]}1",
    }


def _card(born: date) -> dict:
    """The days of an identity card, as the law has them: ten years, twenty, or without an end from 46 on."""
    begins = CARDS_SINCE + timedelta(days=born.toordinal() % 2_000)
    if begins.year - born.year > 46:
        return {"id_from": begins.isoformat(), "id_until": "", "id_long_term": "yes"}
    years = 20 if begins.year - born.year > 26 else 10
    ends = begins.replace(year=begins.year + years, day=min(begins.day, 28))
    return {"id_from": begins.isoformat(), "id_until": ends.isoformat(), "id_long_term": ""}


def _investor(stream: Stream, chief: dict) -> dict:
    name = texts()["investor"].format(division=texts()["division"], trade=_trade_name(stream))
    return {
        "name": name,
        "uscc": make_uscc(REGION, stream.whole(1, 10**8)),
        "representative": chief["name"],
    }


def _share(amount: int, day: date) -> dict[str, str]:
    due = (day + PAID_WITHIN).isoformat()
    return {"contribution": str(amount), "contribution_form": "money", "contribution_due": due}
