"""Line items: reading, defaults from the account, checks, arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ... import arithmetic, elements
from ...arithmetic import QUANTITY_PLACES, ZERO
from ...call import Call
from ...errors import Invalid, NotSimulated
from ...organisation import REVERSE_CHARGES
from ...store import Record
from . import line_items

Element = dict[str, Any]
MAX_AMOUNT = Decimal("9999999999.99")
DESCRIPTION_LENGTH, MAX_TRACKING = 4000, 2
FORBIDDEN_SYSTEM = ("DEBTORS", "CREDITORS", "GST", "RETAINEDEARNINGS")
_KNOWN = (
    "LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "AccountID", "TaxType", "TaxAmount", "LineAmount", "Tracking",
    "DiscountRate", "DiscountAmount", "ItemCode",
)  # fmt: skip
_READ_ONLY = ("ValidationErrors", "Item")


@dataclass
class Lines:
    """The lines of one document as they are read, with what is wrong with each."""

    call: Call
    types: str
    currency: str
    draft: bool
    sale: bool
    discounts: bool
    old: dict[str, Record]
    errors: dict[int, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    element, known, read_only = "LineItem", _KNOWN, _READ_ONLY

    def read(self, rows: list[Element]) -> tuple[Record, ...]:
        lines = []
        for index, row in enumerate(rows):
            elements.check_fields(self.call, row, self.element, self.known, self.read_only)
            try:
                lines.append(self._line(row))
            except Invalid as invalid:
                self.errors[index] = invalid.messages
        return tuple(lines)

    def _line(self, row: Element) -> Record:
        before = self.old.get(str(row.get("LineItemID", "")).lower(), {})
        row = line_items.with_item(self.call, self._with_old(row), self.sale, before.get("ItemCode", ""))
        line = {"LineItemID": row.get("LineItemID") or self.call.organisation.new_id(), "Description": self._description(row)}
        if not any(name in row for name in ("Quantity", "UnitAmount", "LineAmount", "AccountCode", "AccountID", "ItemCode")):
            return self._description_only(line)
        account = self._account(row)
        line |= self._amounts(row)
        line |= {"AccountCode": account["Code"] if account else "", "AccountID": account["AccountID"] if account else ""}
        line["ItemCode"] = row.get("ItemCode", "")
        line |= self._tax(row, account, line["LineAmount"], line["UnitAmount"])
        line["Tracking"] = self._tracking(row)
        return line

    def _with_old(self, row: Element) -> Element:
        """With the id of a line that exists, what is not sent stays as it was; amounts are computed anew."""
        if "LineItemID" not in row:
            return row
        old = self.old.get(str(row["LineItemID"]).lower())
        if old is None:
            raise Invalid("The LineItemID does not belong to this document.")
        kept = {
            name: old[name]
            for name in ("Description", "Quantity", "UnitAmount", "AccountID", "TaxType", "DiscountRate", "ItemCode")
            if old.get(name) is not None
        }
        if "AccountCode" in row:
            kept.pop("AccountID", None)
        if ("AccountCode" in row or "AccountID" in row) and "TaxType" not in row:
            kept.pop("TaxType", None)
        if "Tracking" not in row:
            kept["Tracking"] = list(old["Tracking"])
        return {**kept, **row, "LineItemID": old["LineItemID"]}

    def _description(self, row: Element) -> str:
        text = elements.text(row, "Description")
        if len(text) > DESCRIPTION_LENGTH:
            raise Invalid(f"The length of Description must not exceed {DESCRIPTION_LENGTH} characters.")
        if not text and not self.draft:
            raise Invalid("Description must be at least 1 character.")
        return text

    def _description_only(self, line: Record) -> Record:
        empty = {"Quantity": None, "UnitAmount": None, "AccountCode": "", "AccountID": "", "ItemCode": "", "TaxType": "", "Tracking": ()}
        return {**line, **empty, "TaxAmount": ZERO, "LineAmount": ZERO, "Discount": ZERO}

    def _amounts(self, row: Element) -> Record:
        rule = arithmetic.rounding(self.call.switches, self.currency)
        quantity, unit, sent = (elements.number(row, name) for name in ("Quantity", "UnitAmount", "LineAmount"))
        rate, amount = self._discount_rate(row), elements.number(row, "DiscountAmount")
        self._check_discount(rate, amount)
        quantity, unit = _complete(quantity, unit, sent)
        quantity = rule.to(quantity, QUANTITY_PLACES)
        unit = rule.to(unit, self.call.unit_places())
        line_amount = arithmetic.line_amount(rule, quantity, unit, rate, amount)
        if sent is not None and rule.money(sent) != line_amount:
            raise Invalid(f"The line total {rule.money(sent)} does not match the expected line total {line_amount}")
        if abs(line_amount) > MAX_AMOUNT:
            raise Invalid(f"The line amount must not exceed {MAX_AMOUNT}.")
        discount = rule.money(quantity * unit) - line_amount if rate or amount else ZERO
        values = {"Quantity": quantity, "UnitAmount": unit, "LineAmount": line_amount, "Discount": discount}
        given = {"DiscountRate": rate, "DiscountAmount": amount}
        return {**values, **{name: value for name, value in given.items() if value}}

    def _discount_rate(self, row: Element) -> Decimal | None:
        rate, rule = elements.number(row, "DiscountRate"), self.call.switches.discount_rate_places
        if rate is None or rule == "kept":
            return rate
        rounded = rate.quantize(Decimal("0.01"), ROUND_HALF_UP)
        if rounded != rate and rule == "refused":
            raise Invalid("DiscountRate must not have more than 2 decimal places.")
        return rounded

    def _check_discount(self, rate: Decimal | None, amount: Decimal | None) -> None:
        if not rate and not amount:
            return
        if not self.discounts:
            raise Invalid("Discounts are not supported for this type of document.")
        if rate and amount:
            raise Invalid("Either DiscountRate or DiscountAmount can be given, not both.")
        if rate and not 0 <= rate <= 100:
            raise Invalid("DiscountRate must be between 0 and 100.")

    def _account(self, row: Element) -> Record | None:
        code, account_id = elements.text(row, "AccountCode"), elements.text(row, "AccountID")
        if not code and not account_id:
            return self._no_account(row)
        account = self._named_account(row)
        if account is None and self._drops_account(code):
            return None
        code = code or account_id
        if account is None or account["Type"] == "BANK" or account["SystemAccount"] in FORBIDDEN_SYSTEM:
            raise Invalid(f"Account code '{code}' is not a valid code for this document.")
        if account["Status"] != "ACTIVE":
            raise Invalid(f"Account code '{code}' has been archived, or has been deleted. Each line item must reference a valid account.")
        return account

    def _named_account(self, row: Element) -> Record | None:
        organisation, code = self.call.organisation, elements.text(row, "AccountCode")
        return organisation.account_by_code(code) if code else organisation.accounts.get(elements.text(row, "AccountID").lower())

    def _no_account(self, row: Element) -> None:
        """Drafts need none; of others both messages are told (recorded 2018)."""
        if self.draft:
            return
        is_taxed = row.get("TaxType") or self.types == "NoTax"
        raise Invalid([*([] if is_taxed else ["The TaxType field is mandatory"]), "Account code must be specified"])

    def _drops_account(self, code: str) -> bool:
        """Xero keeps a draft without an account it does not know, and warns (recorded 2018)."""
        drops = bool(code) and self.draft and self.call.switches.unknown_account_on_draft == "warning"
        if drops:
            self.warnings.append(f"Account code '{code}' has been removed as it does not match a recognised account.")
        return drops

    def _rate(self, tax_type: str, account: Record | None) -> Record | None:
        rate = self.call.organisation.tax_rates.get(tax_type)
        if tax_type and (rate is None or rate["Status"] != "ACTIVE"):
            raise Invalid(f"The TaxType code '{tax_type}' does not exist or is no longer active.")
        if rate and account and account["Class"] not in rate["CanApplyTo"]:
            raise Invalid(f"The TaxType code '{tax_type}' cannot be used with account code '{account['Code']}'.")
        is_reverse = self.types == "Inclusive" and tax_type.startswith(REVERSE_CHARGES)
        if is_reverse and self.call.switches.reverse_charge_inclusive == "refused":
            raise Invalid(f"The TaxType code '{tax_type}' cannot be used with amounts that include tax.")
        return rate

    def _tax(self, row: Element, account: Record | None, amount: Decimal, unit: Decimal) -> Record:
        if self.types == "NoTax":
            return {"TaxType": "NONE", "TaxAmount": ZERO}
        tax_type = elements.text(row, "TaxType") or (account["TaxType"] if account else "")
        rate = self._rate(tax_type, account)
        rule = arithmetic.rounding(self.call.switches, self.currency)
        given = elements.number(row, "TaxAmount")
        if given is None or rate is None:
            return {
                "TaxType": tax_type,
                "TaxAmount": arithmetic.line_tax(rule, amount, rate["EffectiveRate"] if rate else ZERO, self.types),
            }
        self._check_tax_amount(given, unit, amount)
        return {"TaxType": tax_type, "TaxAmount": rule.money(given)}

    def _check_tax_amount(self, given: Decimal, unit: Decimal, amount: Decimal) -> None:
        limits = {"unit_amount": (unit, "UnitAmount"), "line_amount": (amount, "line amount")}
        most, name = limits.get(self.call.switches.tax_amount_limit, (given, ""))
        if abs(given) > abs(most):
            raise Invalid(f"The TaxAmount specified cannot be greater than the {name}.")

    def _tracking(self, row: Element) -> tuple[Record, ...]:
        found = [self._tracked(entry) for entry in elements.rows(row, "Tracking")]
        if len(found) > MAX_TRACKING:
            raise Invalid(f"At most {MAX_TRACKING} tracking categories can be given for a line.")
        return tuple(entry for entry in found if entry)

    def _tracked(self, entry: Element) -> Record | None:
        elements.check_fields(self.call, entry, "Tracking", ("TrackingCategoryID", "TrackingOptionID", "Name", "Option"))
        category = _pick(self.call.organisation.tracking, entry, "TrackingCategoryID", "Name", "Name")
        option = _pick(category["Options"], entry, "TrackingOptionID", "Option", "Name") if category else None
        if category is None or option is None:
            if self.call.switches.unknown_tracking == "ignored":
                return None
            raise Invalid("The tracking category or option does not exist or is not active.")
        ids = {"TrackingCategoryID": category["TrackingCategoryID"], "TrackingOptionID": option["TrackingOptionID"]}
        return {"Name": category["Name"], "Option": option["Name"], **ids}


def _pick(rows, entry: Element, id_field: str, name_field: str, own_name: str) -> Record | None:
    """The active row the entry names, by id or by name."""
    for row in rows:
        same_id = entry.get(id_field) and row[id_field] == str(entry[id_field]).lower()
        same_name = not entry.get(id_field) and row[own_name].lower() == str(entry.get(name_field, "")).lower()
        if row["Status"] == "ACTIVE" and (same_id or same_name):
            return row
    return None


def _complete(quantity: Decimal | None, unit: Decimal | None, amount: Decimal | None) -> tuple[Decimal, Decimal]:
    """Xero computes the one of quantity and unit amount that is missing."""
    if quantity is None and unit is None:
        return Decimal(1), amount if amount is not None else ZERO
    if quantity is None:
        return (amount / unit if amount is not None and unit else Decimal(1)), unit or ZERO
    if unit is None:
        if amount is not None and quantity:
            return quantity, amount / quantity
        return quantity, ZERO
    return quantity, unit


def refuse_given_totals(element: Element, computed: arithmetic.Totals) -> None:
    """Totals are Xero's to compute; one that is sent and differs means the sender errs, and what Xero then does is not known."""
    for name, value in (("SubTotal", computed.subtotal), ("TotalTax", computed.tax), ("Total", computed.total)):
        sent = elements.number(element, name)
        if sent is not None and sent != value:
            raise NotSimulated(f"{name} {sent} was sent but the lines make {value}", 400)
