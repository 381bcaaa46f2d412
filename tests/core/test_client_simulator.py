"""Client and simulator speak to each other: both were written from the same description, by different people."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
import requests
from xero_core import errors
from xero_core.arithmetic.settling import CannotMatch, settle
from xero_core.client import XeroClient
from xero_core.http.oauth import App, Endpoints, OAuthClient
from xero_core.http.scopes import SCOPES
from xero_core.resources import accounts, contacts, invoices, items, payments, tracking
from xero_core.resources.attachments import Attachment
from xero_core.resources.contacts import Address, Contact, Phone
from xero_core.resources.invoices import Invoice
from xero_core.resources.items import Item, ItemSide
from xero_core.resources.lines import Line
from xero_core.resources.payments import Payment
from xero_core.resources.tracking import Option

app = pytest.importorskip("xero_simulator.app", exc_type=ImportError)
testing = pytest.importorskip("xero_simulator.testing", exc_type=ImportError)

URL = "http://localhost:5055"
DAY = datetime.date.today()  # noqa: DTZ011 - the organisation's day, near enough
D = Decimal


class Tokens:
    """A custom connection's tokens: asked for again instead of refreshed."""

    def __init__(self, session):
        self.oauth = OAuthClient(Endpoints(URL, URL, URL), App("demo-custom", "demo-secret", "custom"), session)
        self.current = self.oauth.client_credentials(SCOPES).access_token

    def get(self):
        return self.current

    def renew(self, stale):
        self.current = self.oauth.client_credentials(SCOPES).access_token
        return self.current


class Wired:
    """A line to an organisation, Australian unless told otherwise, and the client at our end."""

    def __init__(self, country="AU", **switches):
        self.session = requests.Session()
        self.session.mount(URL, testing.SimulatorAdapter(app.create_app(organisations=(country,), unknown_fields="refused", **switches)))
        self.tokens, self.calls = Tokens(self.session), []
        (tenant,) = self.tokens.oauth.connections(self.tokens.current)
        self.client = XeroClient(URL, tenant.tenant_id, self.tokens, self.session, self.calls.append)

    def order(self, kind, **fault):
        response = self.session.post(f"{URL}/_simulator/faults", json={"faults": [{"kind": kind, **fault}]}, timeout=5)
        assert response.ok, response.text

    def a_contact(self, name="Azure Interior", **more):
        return self.client.create_contacts([contacts.to_xero(Contact(name, **more))], f"contact-{name}")[0].remote.xero_id

    def an_invoice(self, number="INV/1", lines=None, **more):
        lines = lines or (Line("Work", D(2), D("12.45"), "200", "OUTPUT", D(10)),)
        given = {"total": D("27.39"), "total_tax": D("2.49")} | more
        return Invoice("ACCREC", number, self.contact_id, DAY, DAY, "AUD", lines, reference="PO 7", **given)

    @property
    def contact_id(self):
        found = self.client.contacts(names=["azure interior"])
        return found[0].xero_id if found else self.a_contact()

    def send(self, made, key="invoice-1"):
        return self.client.create_invoices([invoices.to_xero(settle(made).invoice)], key)[0]


@pytest.fixture
def line():
    return Wired()


def test_reference_data(line):
    organisation = line.client.organisation()
    assert (organisation.base_currency, organisation.country_code) == ("AUD", "AU")
    accounts = line.client.accounts()
    assert {each.system_account for each in accounts} >= {"DEBTORS", "CREDITORS", "GST"}
    assert any(each.type == "BANK" for each in accounts)
    rates = {rate.tax_type: rate for rate in line.client.tax_rates()}
    assert rates["OUTPUT"].effective_rate == 10 and "REVENUE" in rates["OUTPUT"].can_apply_to
    assert "AUD" in {each.code for each in line.client.currencies()}
    assert isinstance(line.client.tracking_categories(), list)
    assert line.calls[-1].limits.day_remaining is not None


def test_contacts_are_created_found_and_changed(line):
    made = Contact("Azure Interior", "odoo:x:1", "a@b.example", addresses=(Address("POBOX", "1 High St"),), phones=(Phone("DEFAULT", "1"),))
    xero_id = line.client.create_contacts([contacts.to_xero(made)], "c-1")[0].remote.xero_id
    for found in (
        line.client.contacts(ids=[xero_id]),
        line.client.contacts(numbers=["odoo:x:1"]),
        line.client.contacts(names=["AZURE interior"]),
    ):
        assert [each.xero_id for each in found] == [xero_id]
    changed = line.client.update_contacts([contacts.to_xero(replace(made, name="Azure Ltd", xero_id=xero_id))])[0]
    assert changed.ok and changed.remote.name == "Azure Ltd" and changed.remote.email == "a@b.example"


def test_names_and_numbers_that_cannot_be_quoted(line):
    xero_id = line.a_contact('Jo "The Fish" O\'Neil & Söhne')
    line.a_contact('Jo "The Fish" O\'Neil & Söhne 2')
    assert [each.xero_id for each in line.client.contacts(names=['jo "the fish" O\'NEIL & Söhne'])] == [xero_id]
    sent = line.send(line.an_invoice("A,1"))
    assert [each.xero_id for each in line.client.invoices(numbers=["A,1", "INV/404"])] == [sent.remote.xero_id]


def test_files_are_attached_listed_and_replaced(line):
    xero_id = line.send(line.an_invoice("F/1")).remote.xero_id
    made = Attachment("Invoices", xero_id, "F_1 order & more #2.pdf", b"%PDF \x00\xff")
    sent = line.client.attach(made, "f-1")
    assert (sent.name, sent.size, sent.parent_id) == (made.name, 7, xero_id)
    assert line.client.attachments("Invoices", xero_id) == [sent]
    again = line.client.attach(replace(made, content=b"%PDF"), "f-2")
    assert (again.xero_id, again.size) == (sent.xero_id, 4)
    assert line.calls[-1].request_body == "[4 bytes]"
    with pytest.raises(errors.ValidationRefused):
        line.client.attach(replace(made, name="a.exe"), "f-3")
    assert line.client.attachments("CreditNotes", xero_id) == []


def test_a_namesake_is_refused_and_the_others_are_made(line):
    line.a_contact("Azure Interior")
    payloads = [contacts.to_xero(Contact(name)) for name in ("New A", "azure interior", "New B")]
    results = line.client.create_contacts(payloads, "c-2")
    assert [result.ok for result in results] == [True, False, True]
    assert "already assigned" in results[1].errors[0]


@pytest.mark.parametrize("switches", [{}, {"ties": "half_even"}, {"tax_amount_limit": "unit_amount"}, {"currency_decimals": "iso"}])
def test_an_invoice_arrives_to_the_cent(switches):
    line = Wired(**switches)
    lines = (
        Line("Work", D(2), D("12.45"), "200", "OUTPUT", D(10), tax_amount=D("2.49")),
        Line("Half", D(1), D("12.45"), "200", "OUTPUT", D(10), tax_amount=D("1.25")),
        Line("Cheap", D(101), D("0.05"), "200", "OUTPUT", D(10), tax_amount=D("0.51")),
        Line("Less", D(3), D(10), "200", "EXEMPTOUTPUT", D(0), D("12.5"), tax_amount=D(0)),
        Line("Words", None, None),
    )
    made = line.an_invoice(lines=lines, total=D("72.90"), total_tax=D("4.25"))
    result = line.send(made)
    assert result.ok, result.errors
    assert (result.remote.total, result.remote.total_tax) == (D("72.90"), D("4.25"))
    (found,) = line.client.invoices(numbers=["INV/1"])
    assert (found.total, found.status, found.date, found.reference) == (D("72.90"), "AUTHORISED", DAY, "PO 7")
    assert len(found.line_item_ids) == 5


def test_what_cannot_match_is_not_sent(line):
    with pytest.raises(CannotMatch):
        line.send(line.an_invoice(total=D("27.40")))


def test_fifty_with_bad_ones_among_them(line):
    made = [line.an_invoice(f"INV/{number}") for number in range(50)]
    made[7] = replace(made[7], lines=(replace(made[7].lines[0], account_code="nope"),))
    made[30] = replace(made[30], number="INV/29")
    results = line.client.create_invoices([invoices.to_xero(settle(each).invoice) for each in made], "batch-1")
    assert [index for index, result in enumerate(results) if not result.ok] == [7, 30]
    assert all(result.errors for index, result in enumerate(results) if index in (7, 30))


@pytest.mark.parametrize(
    "switches", [{"element_order": "reversed"}, {"mixed_failure_order": "errors_first"}, {"error_elements": "bare", "line_errors": "line"}]
)
def test_answers_in_another_order_are_never_mixed_up(switches):
    line = Wired(**switches)
    made = [line.an_invoice(f"INV/{number}") for number in range(4)]
    made[1] = replace(made[1], lines=(replace(made[1].lines[0], account_code="nope"),))
    results = line.client.create_invoices([invoices.to_xero(settle(each).invoice) for each in made], "batch-1")
    for each, result in zip(made, results, strict=True):
        assert result.unknown or (result.ok and result.remote.number == each.number) or (result.errors and each is made[1])
    assert not results[1].ok


def test_a_payment_is_made_and_removed(line):
    xero_id = line.send(line.an_invoice()).remote.xero_id
    bank = next(each for each in line.client.accounts() if each.type == "BANK")
    paid = line.client.create_payments([payments.to_xero(Payment(xero_id, bank.account_id, DAY, D("27.39"), "PAY/1"))], "p-1")[0]
    assert paid.ok, paid.errors
    assert line.client.invoices(ids=[xero_id])[0].status == "PAID"
    assert [each.reference for each in line.client.payments([xero_id])] == ["PAY/1"]
    assert line.client.delete_payment(paid.remote.xero_id).status == "DELETED"
    assert line.client.delete_payment(paid.remote.xero_id).status == "DELETED"
    assert line.client.invoices(ids=[xero_id])[0].status == "AUTHORISED"


def test_too_large_a_payment(line):
    xero_id = line.send(line.an_invoice()).remote.xero_id
    bank = next(each for each in line.client.accounts() if each.type == "BANK")
    result = line.client.create_payments([payments.to_xero(Payment(xero_id, bank.account_id, DAY, D("27.40")))], "p-1")[0]
    assert not result.ok and result.errors and not result.unknown


def test_updating_an_invoice_keeps_its_lines(line):
    first = line.send(line.an_invoice()).remote
    changed = replace(line.an_invoice(), xero_id=first.xero_id, due_date=DAY + datetime.timedelta(days=9))
    changed = replace(changed, lines=(replace(changed.lines[0], line_item_id=first.line_item_ids[0]),))
    result = line.client.update_invoices([invoices.to_xero(settle(changed).invoice)])[0]
    assert result.ok, result.errors
    assert result.remote.line_item_ids == first.line_item_ids and result.remote.number == "INV/1"


def test_an_account_is_created(line):
    sample = next(each for each in line.client.accounts() if each.code == "200")
    created = line.client.create_account(accounts.to_xero(replace(sample, account_id="", code="2999", name="Odd sales")), "a-1")
    assert created.account_id and created.code == "2999"
    with pytest.raises(errors.ValidationRefused) as caught:
        line.client.create_account(accounts.to_xero(replace(sample, account_id="", code="2998", name="Odd sales")), "a-2")
    assert caught.value.details


def test_the_same_key_with_another_body_is_an_unknown_outcome(line):
    line.send(line.an_invoice(), "same-key")
    with pytest.raises(errors.OutcomeUnknown):
        line.send(line.an_invoice("INV/2"), "same-key")


# --- when things go wrong ---


WRITE_FAULTS = {
    "timeout_before": errors.OutcomeUnknown,
    "timeout_after": errors.OutcomeUnknown,
    "reset_before": errors.OutcomeUnknown,
    "reset_after": errors.OutcomeUnknown,
    "error_500_before": errors.OutcomeUnknown,
    "error_500_after": errors.OutcomeUnknown,
    "html_200": errors.Unintelligible,
    "empty_200": errors.Unintelligible,
    "nonsense_200": errors.Unintelligible,
    "truncated_200": errors.OutcomeUnknown,
    "minute_limit": errors.MinuteLimit,
    "day_limit": errors.DayLimit,
    "concurrent_limit": errors.ConcurrentLimit,
    "app_minute_limit": errors.AppMinuteLimit,
    "unavailable_503": errors.Unavailable,
    "organisation_offline_503": errors.Unavailable,
    "unauthorised_tenant": errors.ConsentLost,
    "missing_scope": errors.ScopeMissing,
    "forbidden": errors.PermissionDenied,
}


@pytest.mark.parametrize("kind", WRITE_FAULTS)
def test_faults_while_writing(line, kind):
    made = line.an_invoice()
    line.order(kind, method="PUT", path="Invoices")
    with pytest.raises(WRITE_FAULTS[kind]) as caught:
        line.send(made)
    done = line.client.invoices(numbers=["INV/1"])
    if caught.value.outcome is not errors.Outcome.UNKNOWN:
        assert not done, "the error says that nothing was done"


@pytest.mark.parametrize("kind", [kind for kind, error in WRITE_FAULTS.items() if issubclass(error, errors.OutcomeUnknown)])
def test_faults_while_reading_are_never_a_mystery(line, kind):
    line.order(kind, method="GET", path="Currencies")
    with pytest.raises(errors.NotReached):
        line.client.currencies()
    assert line.client.currencies()


def test_an_expired_token_is_renewed_in_passing(line):
    before = line.tokens.current
    line.order("token_expired", method="PUT", path="Invoices")
    assert line.send(line.an_invoice()).ok
    assert line.tokens.current != before


@pytest.mark.parametrize("kind, most", [("missing_element_200", 1), ("extra_element_200", 1), ("reversed_200", 0)])
def test_answers_with_elements_missing_added_or_moved(line, kind, most):
    made = [line.an_invoice(f"INV/{number}") for number in range(3)]
    line.order(kind, method="PUT", path="Invoices")
    results = line.client.create_invoices([invoices.to_xero(settle(each).invoice) for each in made], "batch-1")
    assert len(results) == 3
    for each, result in zip(made, results, strict=True):
        assert result.unknown or result.remote.number == each.number
    assert sum(result.unknown for result in results) <= most


def test_a_wrong_secret():
    line = Wired()
    oauth = OAuthClient(Endpoints(URL, URL, URL), App("demo-custom", "wrong", "custom"), line.session)
    with pytest.raises(errors.AppRefused):
        oauth.client_credentials(SCOPES)


def test_disconnecting(line):
    (tenant,) = line.tokens.oauth.connections(line.tokens.current)
    line.tokens.oauth.delete_connection(line.tokens.current, tenant.connection_id)
    line.tokens.oauth.delete_connection(line.tokens.current, tenant.connection_id)
    with pytest.raises((errors.ConsentLost, errors.AppRefused)):
        line.client.currencies()


# --- options and items ---


def test_an_option_is_made_and_found_among_the_others(line):
    (category,) = line.client.tracking_categories()
    made = line.client.create_option(category.category_id, tracking.option_to_xero(Option("", " New  branch ")), "option-1")
    assert (made.name, made.category_id, made.status) == ("New branch", category.category_id, "ACTIVE")
    (category,) = line.client.tracking_categories()
    assert made.xero_id in {option.xero_id for option in category.options}
    with pytest.raises(errors.ValidationRefused):
        line.client.create_option(category.category_id, tracking.option_to_xero(Option("", "NEW BRANCH")), "option-2")


def test_options_of_lines_are_read_back_and_can_be_taken_away(line):
    (category,) = line.client.tracking_categories()
    tag = (category.category_id, category.options[0].xero_id)
    sent = line.send(line.an_invoice(lines=(Line("Work", D(2), D("12.45"), "200", "OUTPUT", D(10), tracking=(tag,)),)))
    name = category.options[0].name
    assert sent.remote.tracking == (((tag[1], name),),)
    [listed] = line.client.invoices(ids=[sent.remote.xero_id])
    assert listed.tracking == ((("", name),),), "Xero's lists leave the id out"
    plain = replace(line.an_invoice(), xero_id=sent.remote.xero_id)
    plain = replace(plain, lines=(replace(plain.lines[0], line_item_id=sent.remote.line_item_ids[0]),))
    assert line.client.update_invoices([invoices.to_xero(plain)])[0].remote.tracking == ((),)


def test_items_are_made_changed_and_found(line):
    sales = ItemSide(D("12.34567"), "200", "OUTPUT", "A chair\nof wood")
    payloads = [items.to_xero(Item("CH-1", "Chair", sales, ItemSide(D(5), "310", "INPUT", "Chair"))), items.to_xero(Item("B", "Bench"))]
    chair, bench = line.client.create_items(payloads, "items-1")
    assert (chair.remote.code, chair.remote.is_sold, chair.remote.is_tracked) == ("CH-1", True, False)
    assert (bench.remote.is_sold, bench.remote.is_purchased) == (False, False)
    assert [found.xero_id for found in line.client.items(codes=["ch-1"])] == [chair.remote.xero_id]
    assert {found.xero_id for found in line.client.items(ids=[chair.remote.xero_id], codes=["b"])} == {
        chair.remote.xero_id,
        bench.remote.xero_id,
    }
    renamed = items.to_xero(Item("CH-2", "Chair of wood", sales, xero_id=chair.remote.xero_id))
    assert line.client.update_items([renamed])[0].remote.code == "CH-2"
    with pytest.raises(ValueError, match="needs the Xero id"):
        line.client.update_items([items.to_xero(Item("CH-2", "Stool"))])


def test_a_code_that_exists_is_refused_and_codes_that_cannot_be_quoted_are_found(line):
    line.client.create_items([items.to_xero(Item('5" nail', "Nail"))], "items-1")
    again = line.client.create_items([items.to_xero(Item('5" nail', "Other")), items.to_xero(Item("new", "New"))], "items-2")
    assert [each.ok for each in again] == [False, True]
    assert [found.name for found in line.client.items(codes=['5" NAIL'])] == ["Nail"]


@pytest.mark.parametrize("code", ["", " ", "x" * 31])
def test_an_item_without_a_code_xero_takes_is_not_sent(code):
    with pytest.raises(ValueError, match="1 to 30"):
        items.to_xero(Item(code, "Chair"))


def test_an_option_without_a_name_xero_takes_is_not_sent():
    with pytest.raises(ValueError, match="1 to 100"):
        tracking.option_to_xero(Option("", "x" * 101))


def test_what_is_not_allowed_and_who_was_archived():
    wired = Wired()
    assert "CreateApprovedInvoice" not in wired.client.forbidden_actions()
    kept, gone = wired.a_contact("Kept"), wired.a_contact("Gone")
    body = {"forbidden_actions": ["CreateApprovedInvoice"], "archive_contacts": ["Gone"]}
    before = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=5)
    assert wired.session.post(f"{URL}/_simulator/organisations/AU", json=body, timeout=5).ok
    assert "CreateApprovedInvoice" in wired.client.forbidden_actions()
    assert [found.xero_id for found in wired.client.contacts_archived_since(before)] == [gone] != [kept]
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=5)
    assert wired.client.contacts_archived_since(later) == []


def test_history_names_people_and_no_app(line):
    xero_id = line.a_contact()
    change = {"verb": "rename", "user": "Rita Mills", "contact": xero_id, "name": "Azure Exterior"}
    line.session.post(f"{URL}/_simulator/organisations/AU/person", json=change, timeout=5).raise_for_status()
    found = line.client.history("Contacts", xero_id)
    assert {entry.user for entry in found} == {"Rita Mills", "System Generated"}
    assert all(entry.moment and entry.changes for entry in found)
    assert line.client.history("Invoices", line.send(line.an_invoice()).remote.xero_id)[0].user == "System Generated"
