"""Numbers and their carriers: public examples, and every single digit of them mistyped.

The examples stand in the test data of jkeen/tracking_number_data (the source of the tracking-numbers package), in its
issues, and in UPS' developer guide (1Z648616E192760718, 1Z12345E6605272234). Which mistakes a check digit must tell
follows from its published rule, not from the code.
"""

import pytest

from lib.models.errors import InvalidRequest
from lib.tracking.recognition import carrier_page, recognise

VALID = {
    "ups": (
        "1Z999AA10123456784", "1Z5R89390357567127", "1Z879E930346834440", "1Z410E7W0392751591", "1Z8V92A70367203024",
        "1Z12345E6605272234", "1Z648616E192760718",
    ),
    "upssurepost": ("1ZXX3150YW44070023",),
    "fedex": (
        "986578788855", "477179081230", "799531274483", "790535312317", "974367662710",
        "041441760228964", "568283610012000", "568283610012734", "000123450000000027", "61299998820821171811",
        "9611020987654312345672", "9622001900000000000000776632517510", "1001921334250001000300779017972697",
    ),
    "usps": (
        "03071790000523483741", "71123456789123456787", "71969010756003077385", "9505511069605048600624",
        "9101123456789000000013", "9400111201080805483016", "9361289878700317633795", "9405803699300124287899",
        "9400111202555842332669", "9400100000000000000006", "92748931507708513018050063",
        "420967849405510200829415553590", "420773169261290283641500004181", "4201002334249200190132607600833457",
        "CP123456785US", "RA473124829US",
    ),
    "dhl": ("3318810025", "8487135506", "3318810036", "73891051146"),
    "ontrac": ("C11031500001879",),
    "amazon": ("TBA502887274000",),
    "s10": ("RB123456785GB",),
}  # fmt: skip
EXAMPLES = [(number, provider) for provider, numbers in VALID.items() for number in numbers]


@pytest.mark.parametrize(("number", "provider"), EXAMPLES)
def test_public_examples_are_recognised(number: str, provider: str) -> None:
    assert recognise(number).provider == provider
    assert recognise(" ".join(number).lower()).provider == provider


# Per rule: the positions counted from 0, and by how much a digit there may be wrong unnoticed.
def noticed(rule: str, position: int, right: int, wrong: int) -> bool:
    if rule == "ups":  # digits at the second, fourth … place after 1Z count double, modulo 10: 5 more is the same
        return (position - 2) % 2 == 0 or position == 17 or abs(right - wrong) != 5
    if rule == "dhl":  # the remainder by 7: 7 more is the same, and 7 to 9 are no remainders
        return abs(right - wrong) != 7
    return True


MISTYPED = (
    # FedEx Express, weights 3 1 7 modulo 11: certain where the right check digit is not 0, which stands for 10 too.
    ("986578788855", "all"),
    ("799531274483", "all"),
    # FedEx Ground, modulo 10 with weights 3 and 1.
    ("041441760228964", "all"),
    # IMpb of USPS, modulo 10 with weights 3 and 1.
    ("9400111202555842332669", "all"),
    ("9361289878700317633795", "all"),
    ("3318810025", "dhl"),
    ("1Z999AA10123456784", "ups"),
    ("1Z879E930346834440", "ups"),
)


@pytest.mark.parametrize(("number", "rule"), MISTYPED)
def test_one_wrong_digit_is_told_at_every_position(number: str, rule: str) -> None:
    told = 0
    # The letters and digits that make the form are no serial number: 1Z, and the 94 or 93 of an IMpb.
    first = 2 if number.startswith(("1Z", "9")) and len(number) > 12 else 0
    for position in range(first, len(number)):
        if not number[position].isdigit():
            continue
        for wrong in "0123456789".replace(number[position], ""):
            if not noticed(rule, position, int(number[position]), int(wrong)):
                continue
            with pytest.raises(InvalidRequest, match="check digit is wrong") as caught:
                recognise(f"{number[:position]}{wrong}{number[position + 1 :]}")
            assert (caught.value.code, caught.value.fields) == ("wrong_check_digit", ["tracking_number"])
            told += 1
    assert told > 70


@pytest.mark.parametrize("number", ["9400100000000000000000", "1Z12345E0205271688", "999999999999", "EA123456784US"])
def test_placeholders_that_no_carrier_gives_out_are_told(number: str) -> None:
    with pytest.raises(InvalidRequest, match="check digit is wrong"):
        recognise(number)


def test_wrong_check_digit_is_told_even_with_the_provider() -> None:
    with pytest.raises(InvalidRequest) as caught:
        recognise("986578788850", "fedex")
    assert caught.value.message == (
        "986578788850 has the form of a number of FedEx, but its check digit is wrong. Look for a typing error."
    )


def test_given_provider_is_believed_about_a_form_that_is_not_its_own() -> None:
    found = recognise("986578788850", "marketplace")
    assert (found.number, found.provider, found.carrier_url) == ("986578788850", "marketplace", None)
    assert recognise("any form 77", "doordash").number == "ANYFORM77"


def test_unknown_form_needs_the_provider() -> None:
    with pytest.raises(InvalidRequest) as caught:
        recognise("ANYFORM77")
    assert (caught.value.code, caught.value.fields) == ("carrier_unknown", ["provider"])
    assert "ups, upssurepost, usps, fedex" in caught.value.message


def test_carriers_own_pages() -> None:
    page = "https://wwwapps.ups.com/WebTracking/track?track=yes&trackNums=1ZXX3150YW44070023"
    assert recognise("1ZXX3150YW44070023").carrier_url == page
    assert carrier_page("1ZXX3150YW44070023", "ups") == page
    assert recognise("CP123456785US").carrier_url == (
        "https://tools.usps.com/go/TrackConfirmAction?tLabels=CP123456785US"
    )
    assert carrier_page("PKGX-5LO98Q3-UR2VMEB", "ups") is None


def test_own_numbers() -> None:
    found = recognise("pkgx-5lo98q3-ur2vmeb")
    assert (found.number, found.provider) == ("PKGX-5LO98Q3-UR2VMEB", None)
    assert recognise("PKGX-5LO98Q3-UR2VMEB", "fedex").provider == "fedex"
    # By hand, Luhn mod 32: from the right 3 twice, 2, 1 twice make 10; 22 is wanting to 32, and P is 22.
    assert recognise("OWN-00000-0123P").provider == "self"
    for wrong in ("OWN-00000-0124P", "OWN-00000-0132P", "OWN-00000-0123Q"):
        with pytest.raises(InvalidRequest, match="check digit is wrong"):
            recognise(wrong, "self")
    for torn in ("PKGX-5LO98Q3", "OWN-0000-0123P", "OWN-00000-0123O"):
        with pytest.raises(InvalidRequest, match="is not whole; such a number reads"):
            recognise(torn)


@pytest.mark.parametrize("nonsense", ["", "1Z", "ab\0cd", "<b>1234</b>", "Ärger123", "-1234-", "9" * 101])
def test_what_is_no_number_at_all(nonsense: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        recognise(nonsense, "ups")
    assert (caught.value.code, caught.value.fields) == ("invalid_tracking_number", ["tracking_number"])
