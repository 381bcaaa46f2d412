"""What Xero blames in its sentences: as `xero-api.md` has them, and as the simulator says them."""

import pytest
from xero_core.resources.refusals import Blamed, blamed, named_account, named_contact

SENTENCES = [
    ("The document date cannot be before the period lock date, currently set at 30-Nov-2026", Blamed("lock", "30-Nov-2026")),
    ("The document date cannot be before the end of year lock date, currently set at 30 June 2026.", Blamed("lock", "30 June 2026")),
    ("The document date cannot be before the period lock date.", Blamed("lock")),
    ("Account code '999' is not a valid code for this document.", Blamed("account", "999")),
    ("Account code '200' is not a valid code.", Blamed("account", "200")),
    (
        "Account code '200' has been archived, or has been deleted. Each line item must reference a valid account.",
        Blamed("account", "200"),
    ),
    ("Account code ''476'' has been removed as it does not match a recognised account.", Blamed("account", "476")),
    ("The TaxType code 'INPUT' cannot be used with account code '200'.", Blamed("tax", "INPUT")),
    ("The TaxType code 'TAX001' does not exist or is no longer active.", Blamed("tax", "TAX001")),
    (
        "The specified contact details matched an archived contact. Archived contacts cannot currently be edited via the API.",
        Blamed("contact"),
    ),
    ("The account has been archived.", Blamed("payment_account")),
]


@pytest.mark.parametrize(("sentence", "cause"), SENTENCES)
def test_each_sentence(sentence, cause):
    assert blamed([sentence]) == (cause,)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [""],
        ["Invoice # must be unique."],
        ["The Contact Name must not contain: Account code '200' is not a valid code."],
        ["Account code must be specified"],
        [SENTENCES[3][0], "Email address must be valid."],
    ],
)
def test_what_is_not_known_blames_nothing(messages):
    """A mistake of the document itself, beside a cause that it shares, stays its own."""
    assert blamed(messages) == ()


def test_several_causes_each_once():
    messages = [SENTENCES[3][0], SENTENCES[4][0], SENTENCES[3][0]]
    assert blamed(messages) == (Blamed("account", "999"), Blamed("account", "200"))


def test_what_a_payload_names():
    guid = "00000000-0000-0000-0000-000000000001"
    assert named_contact({"Contact": {"ContactID": guid}}) == guid
    assert named_account({"Account": {"AccountID": guid}}) == guid
    assert named_account({"BankAccount": {"AccountID": guid}}) == guid
    assert named_contact({}) == named_account({"Account": None}) == ""
