"""Lines of documents, as invoices, credit notes, bank transactions and manual journals have them."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from ..values import clean_guid, clean_lines, to_text
from .base import ZERO, filled, rows

DESCRIPTION_LIMIT = 4000
RATE_STEP = Decimal("0.000001")
MAX_TRACKING = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `quantity` None makes it a description without amount.

    `unit_amount` is before discount, in the invoice's currency; with line amounts 'Inclusive' it includes tax. `tax_rate` is the
    effective percentage of `tax_type`. `tracking` holds pairs of category id and option id. `key` names the Odoo line it is made of, so
    that a later version of the document finds its counterpart; never sent.

    In the input of `settling.settle`, quantity, price and discount are as people typed them (`includes_tax` says whether the price is with
    tax), `amount` is what the books have for the line without tax and `tax_amount` its tax; a line may be divided by dividing these two.
    In what it returns, the numbers are those Xero arrives at the amounts with, and `tax_amount` is the tax to force on Xero, or None to
    let Xero compute.
    """

    description: str
    quantity: Decimal | None
    unit_amount: Decimal | None
    account_code: str = ""
    tax_type: str = ""
    tax_rate: Decimal = ZERO
    discount_rate: Decimal = ZERO
    tax_amount: Decimal | None = None
    tracking: tuple[tuple[str, str], ...] = ()
    line_item_id: str = ""
    key: str = ""
    item_code: str = ""
    amount: Decimal | None = None
    includes_tax: bool = False


def currency_rate(rate: Decimal | None) -> Decimal | None:
    """Xero keeps six decimals."""
    return rate.quantize(RATE_STEP) if rate is not None else None


def web_address(url: str) -> str:
    """Xero refuses a link back that contains its own name or is no web address."""
    parts = urlsplit(url)
    return url if parts.scheme in ("http", "https") and parts.netloc and "xero" not in url.lower() else ""


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
            # Xero keeps what is not sent of a line that exists, so a discount that is gone has to be said
            "DiscountRate": line.discount_rate if line.discount_rate or line.line_item_id else None,
            "AccountCode": line.account_code,
            "TaxType": line.tax_type,
            "TaxAmount": line.tax_amount,
            "Tracking": [tracking_pair(pair) for pair in line.tracking[:MAX_TRACKING]],
        }
    )
    # so have options that are gone
    return {**payload, "Tracking": []} if line.line_item_id and not line.tracking else payload


def tracking_pair(pair: tuple[str, str]) -> dict:
    return {"TrackingCategoryID": pair[0], "TrackingOptionID": pair[1]}


def _options(line: dict) -> tuple[tuple[str, str], ...]:
    found = ((clean_guid(entry.get("TrackingOptionID")), to_text(entry.get("Option"))) for entry in rows(line, "Tracking"))
    return tuple(sorted(pair for pair in found if any(pair)))


def line_item_ids(payload: dict) -> tuple[str, ...]:
    """Xero's ids of the lines, in order."""
    return tuple(filter(None, (clean_guid(row.get("LineItemID")) for row in rows(payload, "LineItems"))))


def line_tracking(payload: dict, key: str = "LineItems") -> tuple[tuple[tuple[str, str], ...], ...]:
    """Of each line the tracking options, as pairs of id and name; Xero's lists name them without their ids, which are '' then."""
    return tuple(_options(row) for row in rows(payload, key))
