"""Check digits: right by construction, every fault noticed, nothing that a person can type crashes."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as stdnum_uscc

from kernel.form import codes
from kernel.form.codes import (
    ALPHABET,
    is_organisation_code,
    make_organisation_code,
    make_uscc,
    mobile_check,
    outer_check_digit,
    resident_id_check,
    uscc_check,
)

TODAY = date(2025, 3, 10)

regions = st.sampled_from(["370391", "370303", "110000", "440300"])
serials = st.integers(0, 31**6 - 1)
uscc_codes = st.builds(make_uscc, regions, serials, klass=st.sampled_from("123"))


def resident_id(region="370303", born="19900101", sequence="123"):
    body = f"{region}{born}{sequence}"
    return body + ric.calc_check_digit(body + "0")


@given(uscc_codes)
@settings(deadline=None)  # the first example may load a dictionary
def test_a_new_code_has_both_digits_right(code):
    assert uscc_check(code).ok
    assert stdnum_uscc.is_valid(code)
    assert is_organisation_code(code[8:17])


@pytest.mark.parametrize("code", ["91110000600037341L", "914403001922038216"])
def test_codes_on_real_licences_are_right(code):
    assert uscc_check(code).ok, uscc_check(code)


@given(uscc_codes, st.integers(0, 17), st.sampled_from(ALPHABET))
@settings(deadline=None)  # the first example may load a dictionary
def test_every_single_wrong_character_is_refused(code, place, char):
    assume(code[place] != char)
    verdict = uscc_check(code[:place] + char + code[place + 1 :])
    assert verdict.kind in (codes.BAD_OUTER, codes.BAD_FORM)
    assert verdict.blocks


@given(uscc_codes, st.sampled_from(ALPHABET))
@settings(deadline=None)  # the first example may load a dictionary
def test_every_wrong_inner_digit_under_a_right_outer_one_asks_for_confirmation(code, char):
    assume(code[16] != char)
    body = code[:16] + char
    verdict = uscc_check(body + outer_check_digit(body))
    assert verdict.kind == codes.BAD_INNER
    assert verdict.needs_confirmation
    assert not verdict.blocks


@given(uscc_codes, st.integers(0, 15))
@settings(deadline=None)  # the first example may load a dictionary
def test_two_swapped_neighbours_are_refused(code, place):
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert uscc_check(swapped).blocks


@given(uscc_codes)
@settings(deadline=None)  # the first example may load a dictionary
def test_codes_are_read_forgivingly(code):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    spaced = f" {code[:2]} {code[2:8]}-{code[8:]} ".lower()
    assert uscc_check(wide).value == uscc_check(spaced).value == code
    assert uscc_check(wide).ok
    assert uscc_check(spaced).ok


@given(st.text(max_size=25))
@settings(deadline=None)  # the first example may load a dictionary
def test_nothing_that_is_typed_crashes(text):
    uscc_check(text)
    resident_id_check(text, TODAY)
    mobile_check(text)
    is_organisation_code(text)


def test_different_serials_give_different_codes():
    assert len({make_organisation_code(serial) for serial in range(5000)}) == 5000


@pytest.mark.parametrize(
    "arguments",
    [
        ("37030", 1),
        ("37030A", 1),
        ("370303", -1),
        ("370303", 31**6),
        ("370303", 1, "I"),
        ("370303", 1, "9", ""),
    ],
)
def test_what_does_not_fit_the_scheme_is_refused(arguments):
    with pytest.raises(ValueError):
        make_uscc(*arguments)


def test_the_worked_example_of_the_organisation_code_standard():
    assert is_organisation_code("D2143569-X")
    assert not is_organisation_code("D2143569-1")


@given(st.dates(date(1930, 1, 1), date(2007, 3, 10)), st.integers(0, 999))
@settings(deadline=None)  # the first example may load a dictionary
def test_grown_up_people_of_a_known_region_pass(born, sequence):
    verdict = resident_id_check(
        resident_id(born=f"{born:%Y%m%d}", sequence=f"{sequence:03}"), TODAY
    )
    assert verdict.ok
    assert verdict.born == born
    assert verdict.is_male == bool(sequence % 2)


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
@settings(deadline=None)  # the first example may load a dictionary
def test_every_single_wrong_character_of_an_id_is_refused(place, char):
    number = resident_id()
    assume(number[place] != char)
    assert resident_id_check(number[:place] + char + number[place + 1 :], TODAY).blocks


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (
            resident_id(region="379999"),
            codes.OK,
        ),  # a county that stdnum doesn't know, in a province that it does
        (resident_id(region="370303", born="19650101"), codes.OK),  # older than the district itself
        (resident_id(region="830000"), codes.OK),
        (resident_id(region="999999"), codes.BAD_REGION),
        (resident_id(born="20300101"), codes.FUTURE_BIRTH_DATE),
        (resident_id(born="20250311"), codes.FUTURE_BIRTH_DATE),
        (resident_id(born="19900230"), codes.BAD_BIRTH_DATE),
        (resident_id(born="18000101"), codes.BAD_BIRTH_DATE),
        (resident_id(born="20070311"), codes.UNDER_AGE),
        (resident_id(born="20070310"), codes.OK),
        ("37030319900101", codes.BAD_FORM),
        ("", codes.BAD_FORM),
    ],
)
def test_kinds_of_resident_id(number, kind):
    verdict = resident_id_check(number, TODAY)
    assert verdict.kind == kind
    assert verdict.blocks == (kind not in (codes.OK, codes.UNDER_AGE))
    assert verdict.ok or (verdict.sentence and verdict.remedy)


@pytest.mark.parametrize(
    "number", ["13800000000", "+86 138 0000 0000", "0086-13800000000", "199-0000-0000"]
)
def test_mobile_numbers_are_read_forgivingly(number):
    assert mobile_check(number).ok
    assert len(mobile_check(number).value) == 11


@pytest.mark.parametrize(
    "number", ["12800000000", "1380000000", "138000000000", "0533-3580000", ""]
)
def test_what_is_no_mobile_number_is_refused(number):
    assert mobile_check(number).blocks
