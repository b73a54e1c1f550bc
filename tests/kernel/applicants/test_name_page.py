"""The page of the name: what it says while typing, with and without scripts; a free name, a reservation."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from kernel import catalogue, names
from kernel.applicants import name_look, name_views
from kernel.cases import name_words
from kernel.cases.models import Application, NameWord, RegisterEntry
from tests.applicant import begun, page, stored, text
from tests.kernel.cases.test_register import register_name
from tests.kernel.names.test_names import CASES, TAKEN

REFUSED = next(name for name, rule, _severity in CASES["rules"] if rule == "forbidden_army")
LOOKED_AT = next(name for name, rule, _severity in CASES["rules"] if rule == "look_mark")
GROUP = next(name for name, rule, _severity in CASES["rules"] if rule == "says_group")
HOMOPHONE, CONTAINED = CASES["conflicts"][5][0], CASES["conflicts"][7][0]


def typed(name: str, **more) -> dict:
    parts = names.parse(name)
    return {
        "company_type": "1130",
        "division": parts.division,
        "trade_name": parts.trade_name,
        "industry_term": parts.industry_term,
        "organisation_form": parts.form,
        **more,
    }


def look(web, ref, name, **more) -> str:
    return text(
        web.post(
            reverse("filing:name-look", args=[ref]),
            typed(name, **more),
            headers={"HX-Request": "true"},
        )
    )


def mark_in(shown: str) -> str:
    return re.search(r'id="id_undertaking"\s+value="([^"]*)"', shown)[1]


def test_a_taken_name_is_shown_with_its_rule_and_free_ones(web):
    register_name()
    ref = begun(web)
    shown = look(web, ref, TAKEN.name)
    assert shown.count(TAKEN.name) >= 2 and 'role="alert"' in shown
    assert shown.count('name="choose"') == 4 and 'name="reserve"' not in shown
    assert 'id="case-name" hx-swap-oob="true"' in shown, "the heading follows what is typed"
    assert not RegisterEntry.objects.exclude(name=TAKEN.name).exists(), "looking stores nothing"


def test_a_name_typed_half_is_compared_with_nothing(web):
    """Without an industry it would be everybody's name: “taken” would be said of what nobody wants."""
    register_name()
    shown = look(web, begun(web), TAKEN.name, industry_term="")
    assert TAKEN.name not in shown and 'id="case-name"' in shown


def test_a_forbidden_word_is_shown_with_free_names_without_it(web):
    shown = look(
        web,
        begun(web),
        next(name for name, rule, _severity in CASES["rules"] if rule == "forbidden_army"),
    )
    assert 'role="alert"' in shown and shown.count('name="choose"') == 4


def test_a_similar_name_is_kept_with_the_undertaking(web):
    register_name()
    ref = begun(web)
    shown = look(web, ref, HOMOPHONE)
    mark = mark_in(shown)
    assert 'name="reserve"' not in shown
    assert "checked" in look(web, ref, HOMOPHONE, undertaking=mark)
    answer = web.post(page(ref, "name"), typed(HOMOPHONE))
    assert answer.status_code == 422 and TAKEN.name in text(answer)
    answer = web.post(page(ref, "name"), typed(HOMOPHONE, undertaking=mark))
    assert answer.status_code == 302
    assert stored(ref).answers["name"]["undertaking"] == mark


@pytest.mark.parametrize("kind", catalogue.company_types(), ids=lambda kind: kind.code)
def test_every_form_of_a_company_type_can_be_had(web, kind):
    ref, known = begun(web, company_type=kind.code), names.parse(TAKEN.name)
    for form in kind.organisation_forms:
        name = replace(known, form=form)
        assert names.parse(name.full) == name, "a register's name is taken apart alike"
        of_group = {"company_type": kind.code, "group_parent": "Lutai"}
        answer = web.post(page(ref, "name"), typed(name.full, **of_group))
        assert answer.status_code == 302, text(answer)


def test_the_forms_offered_follow_the_company_type_while_it_is_chosen(web):
    ref = begun(web)
    asking = ",".join(catalogue.company_type("1130").organisation_forms)
    url = reverse("filing:autosave", args=[ref, "name"])
    assert 'id="if_organisation_form"' not in text(web.post(url, typed(TAKEN.name, asking=asking)))
    shown = text(web.post(url, typed(TAKEN.name, company_type="9500", asking=asking)))
    offered = [form for form in names.known_forms() if f'<option value="{form}"' in shown]
    assert sorted(offered) == sorted(catalogue.company_type("9500").organisation_forms)
    assert 'id="id_asking"' in shown and " selected" not in shown, "the old form isn't one of them"


def test_without_scripts_the_forms_follow_with_the_check(web):
    ref = begun(web)
    shown = text(web.post(page(ref, "name"), typed(TAKEN.name, company_type="9500", look="name")))
    for form in catalogue.company_type("9500").organisation_forms:
        assert f'<option value="{form}"' in shown


def test_a_sign_that_no_database_keeps_is_left_out(web):
    ref = begun(web)
    web.post(page(ref, "name"), {**typed(TAKEN.name), "trade_name": f"\0{TAKEN.trade_name}\0"})
    assert stored(ref).name == TAKEN.name
    web.post(page(ref, "name"), typed(TAKEN.name, choose=f"\0{TAKEN.trade_name}\0"))
    assert stored(ref).name == TAKEN.name


def test_near_names_are_counted_and_need_nothing(web):
    register_name()
    shown = look(
        web, begun(web), next(name for name, rule in CASES["conflicts"] if rule == "one_off")
    )
    assert "<details" in shown and TAKEN.name in shown
    assert 'name="reserve"' in shown and 'id="id_undertaking"' not in shown


def test_many_names_of_one_kind_are_counted(web):
    for place in range(8):
        register_name(TAKEN.name, uscc=f"{place}")
    shown = look(web, begun(web), TAKEN.name)
    assert shown.count("<li>") == name_look.SHOWN + 1 + 4


def test_a_free_name_is_taken_with_one_click(web):
    register_name()
    ref = begun(web)
    chosen = look(web, ref, TAKEN.name).split('name="choose" value="')[1].split('"')[0]
    answer = web.post(page(ref, "name"), typed(TAKEN.name, choose=chosen))
    assert answer.status_code == 302 and answer.url == page(ref, "name")
    assert stored(ref).answers["name"]["trade_name"] == chosen
    shown = text(web.get(page(ref, "name")))
    assert 'name="reserve"' in shown and stored(ref).name in shown


def test_a_name_is_reserved_from_the_page(web):
    ref = begun(web)
    answer = web.post(page(ref, "name"), typed(TAKEN.name, reserve="1"), follow=True)
    assert "is-success" in text(answer) and stored(ref).name_reserved_until
    assert 'name="reserve"' not in text(answer)
    other = begun(web, company_type="1151")
    answer = web.post(
        page(other, "name"), typed(TAKEN.name, company_type="1151", reserve="1"), follow=True
    )
    assert "is-error" in text(answer) and TAKEN.name in text(answer)
    assert Application.objects.exclude(name_claim=None).count() == 1


def test_without_scripts_the_page_checks_by_a_button(web):
    register_name()
    ref = begun(web)
    answer = web.post(page(ref, "name"), typed(TAKEN.name, look="name"))
    assert answer.status_code == 200 and 'role="alert"' in text(answer)


def test_an_empty_name_says_nothing(web):
    assert "name-card" not in look(web, begun(web), "")


def test_who_asks_too_often_waits(web, monkeypatch):
    register_name()
    monkeypatch.setattr(name_views, "LOOKS", 1)
    ref = begun(web)
    look(web, ref, TAKEN.name)
    shown = look(web, ref, TAKEN.name)
    assert "load delay" in shown and 'role="alert"' not in shown


def test_an_administered_word_is_shown_with_its_ground(web):
    name_words.load()
    assert name_words.load() == 0
    word = {"text": TAKEN.trade_name, "ground_zh": "zh", "ground_en": "names a hill"}
    first = name_words.change([NameWord(**word)], "test")
    assert first.number == names.words().version == 2
    shown = look(web, begun(web), TAKEN.name)
    assert 'role="alert"' in shown and "zh" in shown
    name_words.change([NameWord(**word, is_active=False)], "test")
    assert 'role="alert"' not in look(web, begun(web), TAKEN.name)
    assert NameWord.objects.filter(text=TAKEN.trade_name, until=None).count() == 1
    assert list(first.ended.all()) == [] and first.begun.get().until.number == 3


def test_a_refused_word_goes_to_a_person_with_the_reason(web):
    ref = begun(web)
    shown = look(web, ref, REFUSED)
    assert 'role="alert"' in shown and 'name="word_reason"' in shown
    assert web.post(page(ref, "name"), typed(REFUSED)).status_code == 422
    shown = look(web, ref, REFUSED, word_reason="a family name")
    assert 'role="alert"' not in shown and "a family name" in shown
    answer = web.post(page(ref, "name"), typed(REFUSED, word_reason="a family name"))
    assert answer.status_code == 302
    assert stored(ref).answers["name"]["word_reason"] == "a family name"


def test_a_word_that_is_looked_at_says_so_and_needs_nothing(web):
    ref = begun(web)
    shown = look(web, ref, LOOKED_AT)
    assert 'role="alert"' not in shown and 'name="word_reason"' not in shown
    assert "window" in shown or "窗口" in shown
    assert web.post(page(ref, "name"), typed(LOOKED_AT)).status_code == 302


def test_a_group_is_asked_on_the_page_for_its_companies(web):
    ref = begun(web)
    shown = look(web, ref, GROUP)
    assert 'name="group_members"' in shown and 'name="group_parent"' in shown
    assert 'role="alert"' in shown, "nothing is said of the group yet"
    answer = web.post(page(ref, "name"), typed(GROUP, group_members="ABC"))
    assert answer.status_code == 422 and "ABC" in text(answer)
    shown = look(web, ref, GROUP, group_parent="Lutai")
    assert 'role="alert"' not in shown and 'value="Lutai"' in shown
    answer = web.post(page(ref, "name"), typed(GROUP, group_parent="Lutai"))
    assert answer.status_code == 302
    assert stored(ref).answers["name"]["group_parent"] == "Lutai"
    assert 'name="group_members"' not in look(web, ref, TAKEN.name)


def test_a_county_of_the_city_may_stand_alone_in_full_and_short(web):
    ref = begun(web)
    offered = [value for value, _label in name_page_choices(web, ref)]
    county = next(place for place in CASES["divisions"]["counties"] if place in offered)
    assert county[:-1] in offered
    alone = names.parse({**vars(names.parse(TAKEN.name)), "division": county[:-1]})
    shown = look(web, ref, alone.full, division=county[:-1])
    assert alone.full in shown and CASES["divisions"]["unknown"] not in shown


def name_page_choices(web, ref) -> list[tuple[str, str]]:
    html = web.get(page(ref, "name")).content.decode()
    select = re.search(r'<select[^>]*name="division".*?</select>', html, re.DOTALL)[0]
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', select)
