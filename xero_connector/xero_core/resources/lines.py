"""Lines of documents, as invoices, credit notes, bank transactions and manual journals have them."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from ..values import clean_guid, clean_lines, to_decimal, to_text
from .base import NOT_CONTENT, ZERO, filled, rows

DESCRIPTION_LIMIT = 4000
RATE_STEP = Decimal("0.000001")
MAX_TRACKING = 2
WEB_ADDRESS = re.compile(r"https?://[^/?#]", re.IGNORECASE)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Tracked:
    """What lines of all kinds have: `tracking`, pairs of category id and option id.

    Xero's lists name options without their ids, which are '' then: `option_names` are the names, in the same order, empty where nobody
    told them or the options are no longer the same.
    """

    tracking: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    option_names: tuple[str, ...] = field(default=(), kw_only=True, metadata=NOT_CONTENT)

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The options as pairs of id and name, either may be ''."""
        return tuple(sorted((option_id, name) for (_category, option_id), name in self.tags))

    @property
    def tags(self) -> tuple[tuple[tuple[str, str], str], ...]:
        """Each pair of ids with the name of its option."""
        known = len(self.option_names) == len(self.tracking)
        return tuple(zip(self.tracking, self.option_names if known else ("",) * len(self.tracking), strict=True))


@dataclass(frozen=True, slots=True)
class Line(Tracked):
    """One line; `quantity` None makes it a description without amount.

    `unit_amount` is before discount, in the invoice's currency; with line amounts 'Inclusive' it includes tax. `tax_rate` is the
    effective percentage of `tax_type`, which no answer of Xero tells: 0 in what was read. `discount_amount` is a discount in money
    instead of percent, as people in Xero enter it. `key` names the Odoo line it is made of, so that a later version of the document finds
    its counterpart; never sent. `account_id` is the account that Xero booked it on: a code may come to name another one.

    In the input of `settling.settle`, quantity, price and discount are as people typed them (`includes_tax` says whether the price is with
    tax), `amount` is what the books have for the line without tax and `tax_amount` its tax; a line may be divided by dividing these two.
    In what it returns, the numbers are those Xero arrives at the amounts with, and `tax_amount` is the tax to force on Xero, or None to
    let Xero compute. In what was read from Xero, `amount` and `tax_amount` are what Xero's books have.
    """

    description: str
    quantity: Decimal | None
    unit_amount: Decimal | None
    account_code: str = ""
    tax_type: str = ""
    tax_rate: Decimal = field(default=ZERO, metadata=NOT_CONTENT)
    discount_rate: Decimal = ZERO
    tax_amount: Decimal | None = None
    line_item_id: str = field(default="", metadata=NOT_CONTENT)
    key: str = field(default="", metadata=NOT_CONTENT)
    item_code: str = ""
    amount: Decimal | None = field(default=None, metadata=NOT_CONTENT)
    includes_tax: bool = field(default=False, metadata=NOT_CONTENT)
    discount_amount: Decimal = ZERO
    account_id: str = field(default="", metadata=NOT_CONTENT)


def currency_rate(rate: Decimal | None) -> Decimal | None:
    """Xero keeps six decimals."""
    return rate.quantize(RATE_STEP) if rate is not None else None


def same_rate(rate: Decimal | None) -> Decimal | None:
    """The rate by which two documents are compared: Xero fills in 1 where the currency is the organisation's own."""
    return None if rate is None or rate == ONE else currency_rate(rate)


def web_address(url: str) -> str:
    """Xero refuses a link back that contains its own name or is no web address."""
    return url if WEB_ADDRESS.match(url) and "xero" not in url.lower() else ""


def line_payload(line: Line) -> dict:
    """One line. The line amount is never sent: Xero refuses the invoice if it disagrees with its own."""
    description = clean_lines(line.description, DESCRIPTION_LIMIT) or "-"
    if line.quantity is None:
        return filled({"LineItemID": line.line_item_id, "Description": description})
    payload = filled(
        {
            "LineItemID": line.line_item_id,
            "Description": description,
            "Quantity": line.quantity,
            "UnitAmount": line.unit_amount,
            "ItemCode": line.item_code,
            **_discount(line),
            "AccountCode": line.account_code,
            "TaxType": line.tax_type,
            "TaxAmount": line.tax_amount,
            "Tracking": tracking_payload(line),
        }
    )
    # Xero keeps what is not sent of a line that exists, so options that are gone have to be said
    return {**payload, "Tracking": []} if line.line_item_id and not line.tracking else payload


def _discount(line: Line) -> dict:
    """In money or in percent; one that is gone has to be said of a line that exists."""
    if line.discount_amount:
        return {"DiscountAmount": line.discount_amount}
    return {"DiscountRate": line.discount_rate if line.discount_rate or line.line_item_id else None}


def tracking_payload(line: Tracked) -> list[dict]:
    """The options of the line, by id, or by name where only that is known."""
    return [_tag(*ids, name) for ids, name in line.tags[:MAX_TRACKING]]


def _tag(category_id: str, option_id: str, name: str) -> dict:
    return {"TrackingCategoryID": category_id, **({"TrackingOptionID": option_id} if option_id else {"Option": name})}


def line_from_xero(row: dict, types: str) -> Line:
    """Read a line of a document with these line amounts ('Exclusive', 'Inclusive', 'NoTax')."""
    said = {"description": to_text(row.get("Description")), "line_item_id": clean_guid(row.get("LineItemID")), **tracked(row)}
    account_code, item_code = to_text(row.get("AccountCode")), to_text(row.get("ItemCode"))
    unit_amount, amount = to_decimal(row.get("UnitAmount")), to_decimal(row.get("LineAmount"), None)
    if not (unit_amount or amount or account_code or item_code or to_decimal(row.get("Quantity"))):
        return Line(quantity=None, unit_amount=None, **said)
    tax_amount = to_decimal(row.get("TaxAmount"), None)
    return Line(
        quantity=to_decimal(row.get("Quantity"), ONE),
        unit_amount=unit_amount,
        account_code=account_code,
        account_id=clean_guid(row.get("AccountID")),
        tax_type=to_text(row.get("TaxType")),
        discount_rate=to_decimal(row.get("DiscountRate")),
        discount_amount=to_decimal(row.get("DiscountAmount")),
        tax_amount=tax_amount,
        item_code=item_code,
        amount=amount - (tax_amount or ZERO) if amount and types == "Inclusive" else amount,
        includes_tax=types == "Inclusive",
        **said,
    )


def tracked(row: dict) -> dict:
    """The fields of `Tracked`, as a line tells them."""
    entries = rows(row, "Tracking")
    ids = tuple((clean_guid(entry.get("TrackingCategoryID")), clean_guid(entry.get("TrackingOptionID"))) for entry in entries)
    return {"tracking": ids, "option_names": tuple(to_text(entry.get("Option")) for entry in entries)}
