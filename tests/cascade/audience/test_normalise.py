"""Values as people write them, and as they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.audience import addresses, normalise
from cascade.audience.normalise import Flaw


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("jane@oak.example.org", "jane@oak.example.org"),
        ("Jane.O'Brien+nhs@Oak.Example.ORG", "jane.o'brien+nhs@oak.example.org"),
        ("mailto:jane@oak.example.org", "jane@oak.example.org"),
        ("Jane Smith <jane@oak.example.org>", "jane@oak.example.org"),
        ("jane@oak.example.org;", "jane@oak.example.org"),
        ("jane@münchen.example.org", "jane@xn--mnchen-3ya.example.org"),
        ("a_b-c.d.e.f@x-y.z.example.org", "a_b-c.d.e.f@x-y.z.example.org"),
    ],
)
def test_an_address_is_kept_in_small_letters_and_a_labels(written: str, kept: str) -> None:
    assert addresses.email(written) == kept


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("jane.oak.example.org", "has no @"),
        (" ", "enter an email address"),
        ("a@example.org; b@example.org", "one email address in each row"),
        ("jane@oak", "should have a period"),
        (".jane@oak.example.org", "is not an email address"),
        ("jane..x@oak.example.org", "is not an email address"),
        ("jane smith@oak.example.org", "is not an email address"),
        ("jane@printer.local", "is not an email address"),
        ("x" * 65 + "@oak.example.org", "is not an email address"),
        ("jane@-oak.example.org", "is not an email address"),
        ("jane@oak.example.org\r\nBcc: x@y.example.org", "one email address"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(Flaw, match=reason):
        addresses.email(written)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_an_address_in_one_form_or_refused(local: str, domain: str) -> None:
    try:
        kept = addresses.email(normalise.value(f"{local}@{domain}"))
    except Flaw:
        return
    assert addresses.email(kept) == kept
    assert kept.count("@") == 1
    assert not any(sign.isspace() or sign in "<>,;" for sign in kept.replace('"', ""))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0116 496 0123", "+441164960123"),
        ("01164960123", "+441164960123"),
        ("1164960123", "+441164960123"),
        ("(0116) 496-0123", "+441164960123"),
        ("+44 (0)116 496 0123", "+441164960123"),
        ("0044 116 496 0123", "+441164960123"),
        ("441164960123", "+441164960123"),
        ("07700 900123", "+447700900123"),
        ("01632 960123", "+441632960123"),
        ("0116 496 0123 ext. 45", "+441164960123;ext=45"),
        ("0116 496 0123 x45", "+441164960123;ext=45"),
        ("+92 300 1234567", "+923001234567"),
    ],
)
def test_a_phone_number_is_kept_in_e164(written: str, kept: str) -> None:
    assert addresses.phone(written) == kept


@pytest.mark.parametrize(
    "written", ["0116 496", "12", "call reception", "0116 496 0123 / 07700 900123"]
)
def test_what_is_no_phone_number_is_refused(written: str) -> None:
    with pytest.raises(Flaw, match="is not a phone number"):
        addresses.phone(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("le11aa", "LE1 1AA"),
        (" LE1  1AA", "LE1 1AA"),
        ("sw1a-2aa", "SW1A 2AA"),
        ("LE1 OAA", "LE1 0AA"),
    ],
)
def test_a_postcode_is_kept_in_capitals_with_its_space(written: str, kept: str) -> None:
    assert normalise.postcode(written) == kept


@pytest.mark.parametrize("written", ["LE1", "12345", "LE1 1AAA", "?"])
def test_half_a_postcode_is_refused(written: str) -> None:
    with pytest.raises(Flaw, match="not a full postcode"):
        normalise.postcode(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("en", "en"),
        ("UR", "ur"),
        ("Polish", "pl"),
        ("en_gb", "en-GB"),
        ("zh-hant-hk", "zh-Hant-HK"),
    ],
)
def test_a_language_is_kept_as_its_tag(written: str, kept: str) -> None:
    assert normalise.language(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"), [("", 0), ("no", 0), ("0", 0), ("Yes", 1), ("y", 1), ("1", 1), ("3", 3)]
)
def test_deputies_are_counted_from_one(written: str, kept: int) -> None:
    assert normalise.deputy(written) == kept


@pytest.mark.parametrize(
    ("check", "written"), [("deputy", "often"), ("channel", "pigeon"), ("language", "!")]
)
def test_what_is_not_understood_is_refused(check: str, written: str) -> None:
    with pytest.raises(Flaw):
        getattr(normalise, check)(written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("42", 42),
        ("3.5", 3.5),
        ("-1", -1),
        ("007", "007"),
        ("1e5", "1e5"),
        ("nan", "nan"),
        ("٣", "٣"),
    ],
)
def test_only_what_is_written_as_a_number_is_one(written: str, kept: object) -> None:
    assert normalise.number_or_text(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Oak \t House\n", "Oak House"),
        ("CafÃ© ZoÃ«", "Café Zoë"),
        ("Oak\u202eHouse\u200b", "OakHouse"),
        ("N/A", ""),
        ("-", ""),
        ("Not known", ""),
        ("São Paulo", "São Paulo"),
    ],
)
def test_a_value_is_tidied(written: str, kept: str) -> None:
    assert normalise.value(written) == kept


@given(st.text(max_size=40))
def test_any_text_is_tidied_into_one_line_without_control_characters(text: str) -> None:
    kept = normalise.value(text)
    assert "  " not in kept
    assert not any(ord(sign) < 32 or sign in "\u2028\u2029\u202e\u200b" for sign in kept)
