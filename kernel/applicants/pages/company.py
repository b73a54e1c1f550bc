"""The pages on the company: name, scope, address, capital."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kernel import catalogue, names
from kernel.applicants.inputs import (
    LONGEST,
    Chosen,
    Day,
    Picked,
    PickedMany,
    Text,
    Yuan,
    as_typed,
)
from kernel.applicants.name_look import look_at
from kernel.applicants.pages.base import FormPage
from kernel.cases import register
from kernel.core.certain import certain
from kernel.form.amounts import read_yuan
from kernel.form.choices import DivisionPlace
from kernel.form.filing import LONGEST_NAME
from kernel.names import LONGEST_PART
from kernel.standards import display
from kernel.standards.rules.company import SMALL_FEN, last_day_to_pay

ITEMS = 20  # scope items shown at once
LONGEST_QUERY = 40  # characters
# Fields that are asked there, not in the rows.
AMONG_FINDINGS = ("word_reason", "group_members", "group_parent", "undertaking")


class NamePage(FormPage):
    key = "name"
    template = "applicants/name.html"
    note = _("Checked against the rules on names while you type")
    judged_later = frozenset({"address.division", "shareholders.people"})

    company_type = forms.ChoiceField(widget=forms.RadioSelect)
    division = Picked(
        help_text=_("Where the company has its address. A district or zone has its city in front.")
    )
    division_place = Chosen(
        "name.division_place",
        required=False,
        help_text=_("Mostly in front; a group or a joint venture may set it in brackets."),
    )
    trade_name = Text(
        LONGEST_PART,
        help_text=_("Two or more Chinese characters that tell your company from others."),
    )
    industry_term = Text(
        LONGEST_PART,
        help_text=_("What the company does, for example technology, trade or catering."),
    )
    organisation_form = Picked()
    # where the name holds a word of the list
    word_reason = Text(LONGEST, required=False)
    # these two where the name says "group"
    group_members = Text(LONGEST, required=False, widget=forms.Textarea)
    group_parent = Text(LONGEST_NAME, required=False)
    # a box, ticked with the mark of what it covers
    undertaking = forms.CharField(required=False)

    @staticmethod
    def summary(filing):
        return filing.name

    def rare(self):
        """Those asked among the findings have no place of their own for it."""
        return [row for row in super().rare() if row["field"].name not in AMONG_FINDINGS]

    def context(self, request):
        rows = [
            row
            for row in self.rows(self.draft.pins_of(self.key))
            if row["field"].name not in AMONG_FINDINGS
        ]
        look = look_at(self.draft, self.typed() if self.is_bound else dict(self.initial))
        return {"kinds": catalogue.types_to_file(), "rows": rows, "look": look}

    def typed(self):
        """As typed; a free name that was chosen stands for the trade name, and needs no undertaking."""
        values, chosen = super().typed(), self.data.get("choose")
        return (
            {**values, "trade_name": as_typed(chosen)[:LONGEST_PART], "undertaking": ""}
            if chosen
            else values
        )

    def proposal(self):
        return {
            "company_type": self.draft.application.company_type,
            "division": next((city for city, _label in division_choices(self.draft.zone)), ""),
            "division_place": DivisionPlace.FRONT,
            "organisation_form": certain(self.draft.kind).organisation_forms[0],
        }

    def prepare(self):
        types = catalogue.types_to_file()
        if not self.draft.is_draft:
            types = [certain(self.draft.kind)]
            self.fields["company_type"].help_text = _("The company type stays as it was filed.")
        self.fields["company_type"].choices = [(kind.code, kind.name) for kind in types]
        self.kind: catalogue.CompanyType = next(
            (kind for kind in types if kind.code == self.now("company_type")),
            certain(self.draft.kind),
        )
        self.fields["division"].offer(division_choices(self.draft.zone))
        self.fields["organisation_form"].offer(
            [(form, form) for form in self.kind.organisation_forms]
        )

    @property
    def conditional(self):
        return ["organisation_form"]

    arising = conditional

    @property
    def asking(self):
        return ",".join(self.kind.organisation_forms)

    def clean(self):
        super().clean()
        typed = self.typed()
        for finding in names.check(register.parts_of(typed), forms=self.kind.organisation_forms):
            if finding.asks and typed.get("word_reason"):
                continue  # a person decides
            field = "organisation_form" if finding.part == "form" else finding.part
            if finding.blocks and field not in self.errors:
                self.add_error(field, f"{finding.sentence} {finding.how_to_fix}")


def division_choices(zone) -> list[tuple[str, str]]:
    """How the division may be written in a name: the zone's city first short, then in full; its districts and zones
    with it; its counties alone, in full and short, which need no city in front; then the province."""
    city = catalogue.division(catalogue.home_city(zone.region_code))
    province = catalogue.division(city.parent)
    written = [city.name_zh[:-1], city.name_zh]
    inside = [entry.name_zh for entry in catalogue.divisions_in(city.code)]
    written += [city.name_zh + text for text in inside]
    counties = [text for text in inside if names.is_county(text)]
    written += [
        text
        for county in counties
        for text in (county, county[:-1])
        if text == county or names.is_written_short(text)
    ]
    of_province = _("{division} (compared with the province's register, too)")
    return [(text, text) for text in dict.fromkeys(written)] + [
        (text, of_province.format(division=text))
        for text in (province.name_zh[:-1], province.name_zh)
    ]


class ScopePage(FormPage):
    key = "scope"
    template = "applicants/scope.html"
    note = _("Search, then tick standard items")
    judged_later = frozenset({"name.industry_term"})

    industry = Picked(
        help_text=_("The one that brings in most. It decides which scope items are proposed below.")
    )
    items = PickedMany(help_text=_("The first item should fit the main industry."))
    approval = Text(
        LONGEST,
        help_text=_("As it stands on the approval; several with a semicolon between."),
    )

    @staticmethod
    def summary(filing):
        count = len(filing.scope_codes)
        items = ngettext("%(count)s scope item", "%(count)s scope items", count)
        return gettext("%(industry)s; %(items)s") % {
            "industry": display.display(filing, "scope.industry"),
            "items": items % {"count": count},
        }

    def context(self, request):
        return {"found": self.items_to_tick(request.POST.get("items_q", ""))}

    def prepare(self):
        self.fields["industry"].offer(industry_choices(self.now("industry")))
        self.fields["industry"].widget.attrs["size"] = 8

    @property
    def conditional(self):
        return ["approval"]

    @property
    def arising(self):
        return ["approval"] if any(item.approval for item in self.chosen()) else []

    def chosen(self) -> list:
        """The scope items chosen so far, in their order."""
        return catalogue.chosen_items(
            self.typed()["items"] if self.is_bound else self.initial.get("items", [])
        )

    def items_to_tick(self, query: str) -> dict:
        """`chosen` and `offered` scope items: what matches the query, or what fits the industry; nothing before either.
        `more` says that there are others."""
        query = query[:LONGEST_QUERY].strip()
        chosen, industry = self.chosen(), catalogue.industries.find(self.now("industry"))
        matching = []
        if query or industry:
            most = ITEMS + len(chosen) + 1
            matching = catalogue.search_scope(
                query, most, industry=industry.code if industry else None
            )
        offered = [item for item in matching if item not in chosen]
        return {
            "chosen": chosen,
            "offered": offered[:ITEMS],
            "query": query,
            "industry": industry,
            "more": len(offered) > ITEMS,
        }


def industry_choices(
    chosen: str, matching: list | None = None, more: bool = False
) -> list[tuple[str, list]]:
    """Classes of industries in groups: the chosen one on top, then the common ones by section, or what was found;
    with `more` the heading says that this is not all."""
    groups: dict[str, list] = {}
    found_heading = str(_("Found, and more: type another word") if more else _("Found"))
    for entry in catalogue.industries() if matching is None else matching:
        option = (entry.code, f"{entry.code} {entry.name}")
        if entry.code == chosen:
            groups = {str(_("Chosen industry")): [option], **groups}
        elif entry.level == "class" and (entry.common or matching is not None):
            heading = (
                catalogue.industry_path(entry.code)[0].name if matching is None else found_heading
            )
            groups.setdefault(heading, []).append(option)
    return list(groups.items())


class AddressPage(FormPage):
    key = "address"
    note = _("Where the company is registered, and your right to use it")

    division = Picked()
    detail = Text(
        100, help_text=_("Road, number, building and room, as in the lease or the title deed.")
    )
    proof = Chosen("address.proof")
    lease_until = Day()

    @staticmethod
    def summary(filing):
        """As it is written on an envelope: from the large to the small in Chinese, the other way round in English."""
        place, detail = (
            display.display(filing, f"address.{part}") for part in ("division", "detail")
        )
        return catalogue.in_language(f"{place}{detail}", ", ".join(filter(None, (detail, place))))

    def prepare(self):
        home = catalogue.home_city(self.draft.zone.region_code)
        places = catalogue.divisions_in(home)  # the authority registers those of its own city
        self.fields["division"].offer(
            [(entry.code, catalogue.place_name(entry.code)) for entry in places]
        )


class CapitalPage(FormPage):
    key = "capital"
    note = _("The amount, and the day by which it is paid in")
    note_by_type = True
    judged_later = frozenset({"shareholders.people"})

    amount = Yuan(
        help_text=_("For example 500000. Promise what you can pay: it has to be paid in.")
    )
    meant = forms.CharField(
        required=False, widget=forms.HiddenInput
    )  # a box below the amount, ticked with the amount
    paid_by = Day(help_text=_("Within five years of establishment (Company Law, article 47)."))
    property = Chosen(
        "capital.property",
        help_text=_("What answers for the debts: your own property, or that of your family."),
    )

    @staticmethod
    def summary(filing):
        if filing.paid_by is None:
            return display.listed(filing, "capital.amount", "capital.property")
        return gettext("%(amount)s, paid in by %(day)s") % {
            "amount": display.display(filing, "capital.amount"),
            "day": date_format(filing.paid_by, "DATE_FORMAT"),
        }

    def typed(self):
        """As typed; without the box where it isn't ticked."""
        return {name: value for name, value in super().typed().items() if name != "meant" or value}

    def confirmation(self, name):
        """Below an amount that may be meant in ten thousands: the mark that confirms it, and whether it is given."""
        fen = read_yuan(self.now("amount")) if name == "amount" else None
        if not fen or fen >= SMALL_FEN:
            return None
        return {"mark": str(fen), "given": self.now("meant") == str(fen)}

    def proposal(self):
        return {"paid_by": last_day_to_pay(self.draft.today).isoformat()}
