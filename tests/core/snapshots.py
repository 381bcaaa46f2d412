"""Random snapshots, as handlers make them and as hard as people make them, for what is the matter with a field on the way."""

import datetime
from dataclasses import replace
from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st
from test_client_simulator import DAY
from xero_core.arithmetic import rounding
from xero_core.resources import manual_journals
from xero_core.resources.allocations import Allocation
from xero_core.resources.bank_transactions import BankTransaction
from xero_core.resources.bank_transfers import BankTransfer
from xero_core.resources.batch_payments import BatchPayment
from xero_core.resources.contacts import Address, Contact, Phone
from xero_core.resources.invoices import Invoice
from xero_core.resources.items import Item, ItemSide
from xero_core.resources.lines import Line
from xero_core.resources.manual_journals import JournalLine, ManualJournal
from xero_core.resources.on_account import KINDS, MoneyOnAccount
from xero_core.resources.payments import Payment
from xero_core.resources.tracking import Option

D = Decimal
SALES, PURCHASES = ("200 OUTPUT 10", "270 EXEMPTOUTPUT 0"), ("400 INPUT 10", "437 EXEMPTEXPENSES 0")
LINKS = ("", "https://odoo.example/odoo/account.move/7", "https://xero.example/7", "nonsense")
GOOD_LINKS = LINKS[:2]
EMAILS = ("", "anna@odoo.example", "änna@odoo.example", "nobody", " bill+7@odoo.example ")

texts = st.text(alphabet="aZé 07<>&'\",;.-/\n\t", max_size=20)
long_texts = st.one_of(texts, texts.map(lambda text: f"{text}x y" * 90))
names = st.text(alphabet="aZé 07&'", max_size=12)
days = st.integers(0, 300).map(lambda number: DAY - datetime.timedelta(days=number))


def numbers(low: str, high: str, places: int):
    """Decimals of at most so many places, also written with fewer or more than they need."""
    return st.decimals(D(low), D(high), places=places).flatmap(lambda number: st.sampled_from([number, number.normalize() + 0]))


def unique(world, text=texts):
    """A text that no other snapshot has."""
    return text.map(lambda words: f"{next(world.numbers)} {words}")


def tracking(world):
    """None, or one option of the category."""
    return st.sampled_from([(), *((tag,) for tag in world.tags)])


def rates(currency: str):
    """None in the organisation's own currency."""
    return st.none() if currency == "AUD" else st.decimals(D("0.3"), D("1.5"), places=8)


@st.composite
def lines(draw, world, posting: tuple[str, ...], types: str, discounts: bool = False, forced: bool = True):
    """A line with an amount, or now and then one of words."""
    if draw(st.integers(0, 9)) == 0:
        return Line(draw(texts), None, None)
    account_code, tax_type, rate = draw(st.sampled_from(posting)).split()
    taxed = types != "NoTax"
    line = Line(
        draw(long_texts),
        draw(numbers("0.0001", "50", 4)),
        draw(numbers("0.0001", "900", 4)),
        account_code,
        tax_type if taxed else "",
        D(rate) if taxed else D(0),
        tax_amount=draw(st.one_of(st.none(), numbers("0", "9", 2))) if taxed and forced else None,
        tracking=draw(tracking(world)),
        item_code=draw(st.sampled_from(["", "A"])),
    )
    return _discounted(draw, line) if discounts else line


def _discounted(draw, line: Line) -> Line:
    """Not at all, in percent, or in money."""
    way = draw(st.sampled_from(["", "", "discount_rate", "discount_amount"]))
    most = {"discount_rate": D(100), "discount_amount": rounding.rounded(line.quantity * line.unit_amount / 2)}
    return replace(line, **{way: draw(numbers("0", str(most[way]), 2))}) if way else line


@st.composite
def documents(draw, world, kind: str):
    """An invoice, bill or credit note with the totals that Xero arrives at."""
    types, currency = draw(st.sampled_from(["Exclusive", "Inclusive", "NoTax"])), draw(st.sampled_from(["AUD", "USD"]))
    posting = SALES if kind.startswith("ACCREC") else PURCHASES
    line = lines(world, posting, types, discounts=kind == "ACCREC")
    status = draw(st.sampled_from(["AUTHORISED", "SUBMITTED", "DRAFT", ""]))
    made = Invoice(
        kind=kind,
        number=draw(unique(world)),
        contact_id=world.contact_id,
        date=draw(days),
        due_date=draw(days),
        currency=currency,
        lines=tuple(draw(st.lists(line, min_size=1, max_size=4))),
        total=D(0),
        total_tax=D(0),
        reference=draw(long_texts),
        currency_rate=draw(rates(currency)),
        line_amount_types=types,
        status=status,
        url=draw(st.sampled_from(LINKS)),
        sent=status == "AUTHORISED" and draw(st.booleans()),
        branding_theme_id=draw(st.sampled_from(["", *world.theme_ids])),
    )
    totals = rounding.totals(made)
    assume(totals.total >= 0)
    return replace(made, total=totals.total, total_tax=totals.total_tax)


# --- contacts, items, options ------------------------------------------------------------------------


def contacts(world):
    """With what people write into addresses and telephone numbers."""
    return st.builds(
        Contact,
        name=unique(world),
        contact_number=unique(world, names),
        email=st.sampled_from(EMAILS),
        first_name=texts,
        last_name=texts,
        tax_number=texts,
        company_number=texts,
        account_number=unique(world, names),
        addresses=_slots(Address, ("POBOX", "STREET"), *(names,) * 3, names, names, names, names, names),
        phones=_slots(Phone, ("DEFAULT", "DDI", "MOBILE", "FAX"), names),
    )


def _slots(kind, names_of_slots, *parts):
    """Some of the slots, each once."""
    some = st.lists(st.sampled_from(names_of_slots), unique=True)
    return some.flatmap(lambda slots: st.tuples(*(st.builds(kind, st.just(slot), *parts) for slot in slots)))


def items(world):
    """Sold, bought, both, or neither; with account and tax, with an account alone, or without."""
    return st.builds(
        Item,
        code=unique(world, names),
        name=texts,
        sales=st.none() | _sides(("200", "OUTPUT"), ("270", ""), ("", "")),
        purchase=st.none() | _sides(("310", "INPUT"), ("400", ""), ("", "")),
    )


def _sides(*posting: tuple[str, str]):
    prices = st.none() | st.decimals(D(0), D(900), places=6)
    return st.builds(lambda price, codes, text: ItemSide(price, *codes, text), prices, st.sampled_from(posting), texts)


def options(world):
    """Of the category that is there."""
    return st.builds(Option, st.just(world.tags[0][0]), unique(world))


# --- money -------------------------------------------------------------------------------------------

cents = numbers("0.01", "9.99", 2)


@st.composite
def payments(draw, world, targets: tuple[str, ...] = ("Invoice", "CreditNote", "Overpayment", "Prepayment")):
    """Against any document of the world that takes money; a foreign one is paid in either currency."""
    target, document_id, currency = draw(st.sampled_from([each for each in world.payable if each[0] in targets]))
    account_id, in_bank = draw(st.sampled_from([account for account in world.banks if account[1] in ("AUD", currency)]))
    bank_amount = draw(st.none() | cents) if currency != in_bank else None
    # who knows what the bank had, sends no rate
    rate = draw(st.none() | rates(currency)) if bank_amount is None else None
    return Payment(document_id, account_id, draw(days), draw(cents), draw(long_texts), bank_amount, rate, target)


@st.composite
def batches(draw, world):
    """Several invoices, or several bills, in one movement."""
    side = draw(st.sampled_from(world.sides))
    parts = draw(st.lists(st.tuples(st.sampled_from(side), cents, names), min_size=1, max_size=3, unique_by=lambda part: part[0]))
    day, (account_id, _currency) = draw(days), world.banks[0]
    paid = tuple(Payment(document_id, account_id, day, amount, reference) for document_id, amount, reference in parts)
    return BatchPayment(account_id, day, paid, draw(texts), "AU")


@st.composite
def on_account(draw, world):
    """Overpayments, in either currency, and prepayments."""
    kind, (account_id, in_bank) = draw(st.sampled_from(KINDS)), draw(st.sampled_from(world.banks))
    prepayment = kind.endswith("PREPAYMENT")
    currency = in_bank if prepayment else draw(st.sampled_from(["AUD", "USD"])) if in_bank == "AUD" else in_bank
    return MoneyOnAccount(
        kind,
        world.contact_id,
        account_id,
        draw(days),
        draw(cents),
        draw(long_texts),
        draw(texts),
        currency,
        draw(rates(currency)),
        "620" if prepayment else "",
        draw(st.sampled_from(GOOD_LINKS)),
    )


def allocations(world):
    """Of any credit that is there."""
    return st.builds(
        lambda credit, *rest: Allocation(*credit, *rest), st.sampled_from(world.credits), st.sampled_from(world.invoices), cents, days
    )


@st.composite
def bank_transactions(draw, world):
    """Received or spent, with a line of amounts at least."""
    types, (account_id, currency) = draw(st.sampled_from(["Exclusive", "Inclusive", "NoTax"])), draw(st.sampled_from(world.banks))
    kind = draw(st.sampled_from(["RECEIVE", "SPEND"]))
    line = lines(world, SALES if kind == "RECEIVE" else PURCHASES, types, forced=False)
    found = tuple(draw(st.lists(line, min_size=1, max_size=4)))
    assume(sum((rounding.line_amount(each, currency) for each in found), D(0)) > 0)
    return BankTransaction(
        kind,
        world.contact_id,
        account_id,
        draw(days),
        found,
        draw(long_texts),
        draw(rates(currency)),
        draw(st.sampled_from(GOOD_LINKS)),
        types,
    )


def transfers(world):
    """Between the two accounts in the organisation's own currency."""
    pairs = st.permutations([account_id for account_id, currency in world.banks if currency == "AUD"])
    return st.builds(lambda pair, *rest: BankTransfer(*pair, *rest), pairs, days, cents, long_texts)


@st.composite
def journals(draw, world):
    """Balanced by their last line."""
    types = draw(st.sampled_from(["NoTax", "Exclusive"]))
    found = tuple(draw(st.lists(_journal_lines(world, types), min_size=1, max_size=3)))
    made = ManualJournal(
        draw(unique(world, long_texts)),
        draw(days),
        found,
        types,
        draw(st.sampled_from(["POSTED", "DRAFT"])),
        draw(st.booleans()),
        draw(st.sampled_from(LINKS)),
    )
    rest = -manual_journals.imbalance(made)
    assume(rest)
    return replace(made, lines=(*found, JournalLine("850", rest, draw(texts), "BASEXCLUDED" if types == "Exclusive" else "")))


@st.composite
def _journal_lines(draw, world, types: str):
    account_code, tax_type, rate = draw(st.sampled_from((*SALES, *PURCHASES))).split()
    taxed = types == "Exclusive"
    amount = draw(numbers("-900", "900", 2))
    line = JournalLine(account_code, amount, draw(long_texts), tracking=draw(tracking(world)))
    return replace(line, tax_type=tax_type, tax_rate=D(rate)) if taxed else line
