"""Every body we send, against Xero's OpenAPI description and the official SDK's models as a second reader."""

import datetime
import functools
import json
from decimal import Decimal
from pathlib import Path

import pytest
from xero_core.resources import accounts, allocations, batch_payments, contacts, invoices, items, on_account, payments, tax_rates, tracking
from xero_core.resources.accounts import Account
from xero_core.resources.allocations import Allocation
from xero_core.resources.batch_payments import BatchPayment
from xero_core.resources.contacts import Address, Contact, Phone
from xero_core.resources.invoices import Invoice
from xero_core.resources.items import Item, ItemSide
from xero_core.resources.lines import Line
from xero_core.resources.on_account import MoneyOnAccount
from xero_core.resources.payments import Payment
from xero_core.resources.tax_rates import TaxRate

DESCRIPTION = Path(__file__).parents[3] / "shared" / "xero-openapi" / "xero_accounting.yaml"
pytestmark = pytest.mark.skipif(not DESCRIPTION.is_file(), reason="no OpenAPI description here")
D = Decimal
DAY = datetime.date(2026, 11, 22)
ID = "2f79af6c-5f57-49e8-9e44-301499538add"
SIDE = ItemSide(D("1.23456"), "200", "OUTPUT", "y" * 9999)
LINES = (
    Line("Work", D("1.5"), D("10.1234"), "200", "OUTPUT", D(10), D("5"), D("1.44"), ID, item_code="A", tracking=((ID, ID),)),
    Line("Note", None, None),
)
ADDRESSES = tuple(Address(kind, "1 High St", "Unit 2", "Perth", "WA", "6000", "Australia", "Jo") for kind in ("POBOX", "STREET"))
PHONES = tuple(Phone(kind, "+61 8 1234") for kind in ("DEFAULT", "DDI", "MOBILE", "FAX"))
FULL = {"email": "a@b.example", "first_name": "Jo", "last_name": "Bo", "tax_number": "1", "company_number": "2", "account_number": "3"}
EVERYTHING = FULL | {"addresses": ADDRESSES, "phones": PHONES}


def an_invoice(kind, **more):
    given = {"reference": "PO 7", "currency_rate": D("1.1"), "url": "https://odoo.example/1"} | more
    return Invoice(kind, "INV/1", ID, DAY, DAY, "AUD", LINES, D(0), D(0), **given)


SENT = {
    "smallest contact": ("Contacts", "Contacts", contacts.to_xero(Contact("A"))),
    "full contact": (
        "Contacts",
        "Contacts",
        contacts.to_xero(Contact("A", "odoo:x:1", addresses=ADDRESSES, phones=PHONES, **FULL)),
    ),
    "contact update": ("Contacts", "Contacts", contacts.to_xero(Contact("A", xero_id=ID, addresses=ADDRESSES))),
    "long contact": ("Contacts", "Contacts", contacts.to_xero(Contact("x" * 999, **dict.fromkeys(FULL, "y" * 999)))),
    "sales invoice": ("Invoices", "Invoices", invoices.to_xero(an_invoice("ACCREC"))),
    "bill": ("Invoices", "Invoices", invoices.to_xero(an_invoice("ACCPAY", line_amount_types="Inclusive", status="DRAFT"))),
    "invoice update": ("Invoices", "Invoices", invoices.to_xero(an_invoice("ACCREC", xero_id=ID, line_amount_types="NoTax"))),
    "payment": ("Payments", "Payments", payments.to_xero(Payment(ID, ID, DAY, D("10.10"), "PAY/1"))),
    "foreign payment": ("Payments", "Payments", payments.to_xero(Payment(ID, ID, DAY, D(10), "P", D(9), D("1.1")))),
    "refund of a credit note": (
        "Payments",
        "Payments",
        payments.to_xero(Payment(ID, ID, DAY, D(10), "P", target="CreditNote")),
    ),
    "overpayment": (
        "BankTransactions",
        "BankTransactions",
        on_account.to_xero(MoneyOnAccount("RECEIVE-OVERPAYMENT", ID, ID, DAY, D(10), "P #P1", "P #P1", "USD", D("0.66"))),
    ),
    "prepayment": (
        "BankTransactions",
        "BankTransactions",
        on_account.to_xero(MoneyOnAccount("SPEND-PREPAYMENT", ID, ID, DAY, D(10), "P #P1", account_code="620")),
    ),
    "batch": (
        "BatchPayments",
        "BatchPayments",
        batch_payments.to_xero(BatchPayment(ID, DAY, (Payment(ID, ID, DAY, D(1), "a"),), "P1", "AU")),
    ),
    "removal of a batch": ("BatchPaymentDelete", None, batch_payments.removal(ID)),
    "allocation": ("Allocations", "Allocations", allocations.to_xero(Allocation("CreditNote", ID, ID, D(1), DAY))),
    "removal": ("PaymentDelete", None, payments.removal()),
    "account": ("Account", None, accounts.to_xero(Account("", "201", "Sales", "REVENUE", tax_type="OUTPUT"))),
    "bank": ("Account", None, accounts.to_xero(Account("", "", "Till", "BANK", bank_account_number="1", currency="AUD"))),
    "option": ("TrackingOption", None, tracking.option_to_xero(tracking.Option("", "North"))),
    "smallest item": ("Items", "Items", items.to_xero(Item("A", "A"))),
    "item": ("Items", "Items", items.to_xero(Item("A" * 30, "x" * 99, SIDE, SIDE, ID))),
    "tax rate": ("TaxRates", "TaxRates", tax_rates.to_xero(TaxRate("", "Levy", D(1), report_tax_type="OUTPUT"))),
}


def plain(value):
    """The body as it goes over the wire."""
    return json.loads(json.dumps(value, default=float))


@functools.cache
def description():
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _tightened(yaml.load(DESCRIPTION.read_text(), Loader=loader))


def _tightened(node):
    """OpenAPI 3.0 as JSON Schema draft 4: nullable types, and no keys that the description does not know."""
    if isinstance(node, list):
        return [_tightened(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tightened(value) for key, value in node.items()}
    if node.get("nullable") and isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    if node.get("type") == "object" and "properties" in node:
        node.setdefault("additionalProperties", False)
    return node


def problems(schema, body):
    from jsonschema import Draft4Validator

    whole = {"$ref": f"#/components/schemas/{schema}", "components": description()["components"]}
    return [f"{list(error.path)}: {error.message}" for error in Draft4Validator(whole).iter_errors(body)]


@pytest.mark.parametrize("name", SENT)
def test_bodies_are_valid(name):
    schema, envelope, payload = SENT[name]
    assert problems(schema, plain({envelope: [payload]} if envelope else payload)) == []


@pytest.mark.parametrize("name", SENT)
def test_nothing_read_only_is_sent(name):
    schema, envelope, payload = SENT[name]
    names = {"Contacts": "Contact", "Invoices": "Invoice", "Items": "Item", "Payments": "Payment", "TaxRates": "TaxRate"}
    names |= {"BankTransactions": "BankTransaction", "BatchPayments": "BatchPayment", "Allocations": "Allocation"}
    single = names.get(schema, schema)
    properties = description()["components"]["schemas"][single]["properties"]
    assert not [key for key in payload if properties[key].get("readOnly")]


@pytest.mark.parametrize("name", SENT)
def test_the_official_sdk_reads_them_back(name):
    from xero_python.accounting import models
    from xero_python.api_client import ModelFinder
    from xero_python.api_client.deserializer import deserialize
    from xero_python.api_client.serializer import serialize

    schema, envelope, payload = SENT[name]
    body = plain({envelope: [payload]} if envelope else payload)
    model = deserialize(schema, json.loads(json.dumps(body), parse_float=Decimal, object_hook=microsoft_dates), ModelFinder(models))
    assert lost(body, plain(serialize(model))) == []


def microsoft_dates(row):
    """The models write plain dates and read only Microsoft's; some must have one."""
    return {key: "/Date(0+0000)/" if key in ("Date", "DueDate") else value for key, value in row.items()}


def without_dates(row):
    return {key: value for key, value in row.items() if key not in ("Date", "DueDate")}


def lost(sent, read, path=""):
    """Paths of what was sent and not read back (the models add defaults of their own)."""
    if isinstance(sent, dict):
        pairs = [(f"{path}.{key}", value, (read or {}).get(key)) for key, value in without_dates(sent).items()]
    elif isinstance(sent, list):
        pairs = [(f"{path}[{index}]", *pair) for index, pair in enumerate(zip(sent, read or [None] * len(sent), strict=True))]
    else:
        return [] if sent == read else [path]
    return [each for where, one, other in pairs for each in lost(one, other, where)]


@pytest.mark.parametrize("wrong", [{"Type": "SALE"}, {"Quantity": "two"}, {"InvoiceNumber": "x" * 300}, {"Unheard": 1}])
def test_the_check_finds_mistakes(wrong):
    assert problems("Invoices", {"Invoices": [wrong if "Quantity" not in wrong else {"LineItems": [wrong]}]})
