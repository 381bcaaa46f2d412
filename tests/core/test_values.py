import datetime
from decimal import Decimal

import pytest
from xero_core import values
from xero_core.fingerprint import fingerprint
from xero_core.http.limits import RateLimits

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    "text, expected",
    [
        ("/Date(1518685950940+0000)/", datetime.datetime(2018, 2, 15, 9, 12, 30, 940000, UTC)),
        ("/Date(1518685950940)/", datetime.datetime(2018, 2, 15, 9, 12, 30, 940000, UTC)),
        ("/Date(1518685950940+1300)/", datetime.datetime(2018, 2, 15, 9, 12, 30, 940000, UTC)),
        ("/Date(-86400000+0000)/", datetime.datetime(1969, 12, 31, tzinfo=UTC)),
        ("2026-09-14T09:29:59Z", datetime.datetime(2026, 9, 14, 9, 29, 59, tzinfo=UTC)),
        ("2026-09-14T00:00:00", datetime.datetime(2026, 9, 14, tzinfo=UTC)),
        ("2026-09-14T22:00:00.1234567+13:00", datetime.datetime(2026, 9, 14, 9, 0, 0, 123456, UTC)),
        ("", None),
        (None, None),
        (7, None),
        ("soon", None),
        ("/Date(x)/", None),
    ],
)
def test_parse_datetime_takes_all_of_xeros_ways(text, expected):
    assert values.parse_datetime(text) == expected


def test_dates_are_the_organisations_calendar_day():
    assert values.parse_date("/Date(1789344000000+0000)/") == datetime.date(2026, 9, 14)
    assert values.format_date(datetime.date(2026, 1, 2)) == "2026-01-02"
    assert values.parse_date(None) is None
    assert values.parse_date("/Date(0+0000)/") is None, "voided documents that have no date any more"


@pytest.mark.parametrize("raw, number", [("1.10", "1.10"), (3, "3"), (0.1, "0.1"), (None, "0"), ("x", "0"), (True, "0"), ("NaN", "0")])
def test_to_decimal(raw, number):
    assert values.to_decimal(raw) == Decimal(number)


def test_clean_guid():
    assert values.clean_guid("60AA5D55-a47e-4665-a974-874bb50263b9") == "60aa5d55-a47e-4665-a974-874bb50263b9"
    assert values.clean_guid(values.ZERO_GUID) == values.clean_guid("x") == values.clean_guid(None) == ""


def test_clean_text_follows_the_rules_for_contact_names():
    assert values.clean_text("  Big <b>\tCo \n Ltd\x00 ", 255) == "Big b Co Ltd"
    assert values.clean_text("x" * 300, 255) == "x" * 255
    assert values.clean_text("ab cd", 3) == "ab"
    assert values.clean_text("<>", 255) == values.clean_text(None, 255) == ""


def test_clean_lines_keeps_line_breaks():
    assert values.clean_lines(" a <b>\r\nc\x00\td ", 4000) == "a <b>\nc d"
    assert values.clean_lines("Consulting\u00a0services\u2009\u20ac", 4000) == "Consulting services \u20ac"  # B10


@pytest.mark.parametrize(
    "text",
    [
        '{"access_token": "SECRET", "x": 1}',
        '{"refresh_token":"SECRET"}',
        '{"client_secret": "SECRET',
        "grant_type=refresh_token&refresh_token=SECRET&a=b",
        "code=SECRET&code_verifier=SECRET",
        "token=SECRET",
        "Authorization: Bearer SECRET",
        "Basic SECRET==",
        "eyJhbGciOi.eyJSECRET.SECRET",
    ],
)
def test_redact_leaves_no_secret(text):
    assert "SECRET" not in values.redact(text)


def test_redact_leaves_accounts_alone():
    text = '{"Code": "200", "AccountCode": "200", "Name": "Basic sales"}'
    assert values.redact(text).startswith('{"Code": "200", "AccountCode": "200"')


def test_links():
    assert values.invoice_url("!Qj35V", "id-1") == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=%21Qj35V"
        "&redirecturl=%2FAccountsReceivable%2FView.aspx%3FInvoiceID%3Did-1"
    )
    assert values.contact_url("", "id-1") == "https://go.xero.com/Contacts/View/id-1"
    assert "AccountsPayable" in values.bill_url("!a", "x") and "AccountsPayable" in values.credit_note_url("!a", "x", sales=False)


def test_fingerprint_goes_by_value():
    one = {"a": Decimal("10.00"), "b": [1, {"c": "x"}], "d": True}
    same = {"d": True, "b": [Decimal("1.0"), {"c": "x"}], "a": 10}
    assert fingerprint(one) == fingerprint(same) != fingerprint({**one, "d": 1})
    assert fingerprint({"a": "10"}) != fingerprint({"a": 10})
    assert fingerprint({"a": Decimal("0.00")}) == fingerprint({"a": Decimal("-0")})


def test_limits_are_read_in_any_case():
    headers = {"x-daylimit-remaining": "344", "X-MinLimit-Remaining": "0", "Retry-After": "26", "X-Rate-Limit-Problem": "Minute"}
    assert RateLimits.from_headers(headers) == RateLimits(344, 0, None, 26.0, "minute")
    assert RateLimits.from_headers({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}).retry_after is None
