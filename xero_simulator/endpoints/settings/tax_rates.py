"""Tax rates. Those Xero brings cannot be changed; own ones become TAX001, TAX002, ..."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ... import elements
from ...call import Call, Route
from ...errors import Invalid, NotFound
from ...idempotency import Answer
from ...listing import Listing, answer
from ...store import Record
from ...where import Getter
from ...writes import Kind, refused_element, write

Element = dict[str, Any]
_CLASSES = {
    "CanApplyToAssets": "ASSET",
    "CanApplyToEquity": "EQUITY",
    "CanApplyToExpenses": "EXPENSE",
    "CanApplyToLiabilities": "LIABILITY",
    "CanApplyToRevenue": "REVENUE",
}
_SALES = frozenset(("ASSET", "EQUITY", "LIABILITY", "REVENUE"))
_PURCHASES = frozenset(("ASSET", "EQUITY", "LIABILITY", "EXPENSE"))
_ALL = _SALES | _PURCHASES
_REPORT_TYPES = {
    "OUTPUT": _SALES, "INPUT": _PURCHASES, "NONE": _ALL, "EXEMPTOUTPUT": _SALES, "EXEMPTINPUT": _PURCHASES, "EXEMPTEXPENSES": _PURCHASES,
    "EXEMPTCAPITAL": _PURCHASES, "EXEMPTEXPORT": _SALES, "CAPITALEXINPUT": _PURCHASES, "CAPITALSALESOUTPUT": _SALES,
    "CAPITALEXPENSESINPUT": _PURCHASES, "INPUTTAXED": _ALL, "BASEXCLUDED": _ALL, "ECOUTPUT": _SALES, "ECOUTPUTSERVICES": _SALES,
    "ECINPUT": _PURCHASES, "ECACQUISITIONS": _PURCHASES, "MOSSSALES": _SALES, "REVERSECHARGES": _PURCHASES,
}  # fmt: skip
_NEEDS_REPORT_TYPE = ("AU", "NZ", "UK")
_READ_ONLY = (*_CLASSES, "DisplayTaxRate", "EffectiveRate")


def view(record: Record) -> dict:
    return {
        "Name": record["Name"],
        "TaxType": record["TaxType"],
        "ReportTaxType": record["ReportTaxType"],
        **{name: kind in record["CanApplyTo"] for name, kind in _CLASSES.items()},
        "DisplayTaxRate": record["DisplayTaxRate"],
        "EffectiveRate": record["EffectiveRate"],
        "Status": record["Status"],
        "TaxComponents": [dict(component) for component in record["TaxComponents"]],
    }


FIELDS: dict[str, Getter] = {
    "Name": lambda record: record["Name"],
    "TaxType": lambda record: record["TaxType"],
    "Status": lambda record: record["Status"],
    "ReportTaxType": lambda record: record["ReportTaxType"],
    "EffectiveRate": lambda record: record["EffectiveRate"],
    "DisplayTaxRate": lambda record: record["DisplayTaxRate"],
}
_LISTING = Listing(
    "TaxRates", "TaxRate", FIELDS, lambda _call, record, _full: view(record), paged=False, sort_key=lambda rate: rate["Name"].lower()
)


def list_rates(call: Call) -> Answer:
    return answer(call, _LISTING, call.organisation.tax_rates)


def get_rate(call: Call) -> Answer:
    rate = call.organisation.tax_rates.get(call.path["type"].upper())
    if rate is None:
        raise NotFound()
    return call.envelope("TaxRates", [view(rate)])


def _save(call: Call, element: Element) -> Record:
    elements.check_fields(call, element, "TaxRate", ("Name", "TaxType", "ReportTaxType", "Status", "TaxComponents"), _READ_ONLY)
    if "TaxType" in element:
        return _update(call, element)
    organisation = call.organisation
    name = elements.text(element, "Name", 50).strip()
    if not name or organisation.tax_rates.find("name", name.lower()):
        raise Invalid("Please enter a unique Name.")
    report_type = _report_type(call, element)
    components = _components(call, element)
    organisation.numbers["TAX"] += 1
    record = {
        "TaxType": f"TAX{organisation.numbers['TAX']:03d}",
        "Name": name,
        "ReportTaxType": report_type,
        "Status": "ACTIVE",
        "EffectiveRate": _effective(components),
        "DisplayTaxRate": _effective(components),
        "CanApplyTo": _REPORT_TYPES[report_type],
        "System": False,
        "TaxComponents": components,
    }
    return organisation.tax_rates.put(record)


def _report_type(call: Call, element: Element) -> str:
    needed = call.organisation.region.key in _NEEDS_REPORT_TYPE
    if needed and not element.get("ReportTaxType"):
        raise Invalid("ReportTaxType is mandatory.")
    if not needed and element.get("ReportTaxType"):
        raise Invalid("ReportTaxType is not supported for this organisation.")
    return elements.choice(element, "ReportTaxType", _REPORT_TYPES, "OUTPUT") if needed else "NONE"


def _components(call: Call, element: Element) -> tuple[Record, ...]:
    found = []
    for row in elements.rows(element, "TaxComponents"):
        elements.check_fields(call, row, "TaxComponent", ("Name", "Rate", "IsCompound", "IsNonRecoverable"))
        rate = elements.number(row, "Rate")
        if rate is None or not 0 <= rate <= 100 or not row.get("Name"):
            raise Invalid("A tax component has a Name and a Rate from 0 to 100.")
        flags = {name: elements.flag(row, name) for name in ("IsCompound", "IsNonRecoverable")}
        found.append({"Name": elements.text(row, "Name"), "Rate": rate, **flags})
    if not found:
        raise Invalid("At least one tax component is needed.")
    return tuple(found)


def _effective(components: tuple[Record, ...]) -> Decimal:
    """A compound component is laid on top of the others."""
    plain = sum((part["Rate"] for part in components if not part["IsCompound"]), Decimal(0))
    compound = sum((part["Rate"] for part in components if part["IsCompound"]), Decimal(0))
    return plain + compound + plain * compound / 100


def _update(call: Call, element: Element) -> Record:
    organisation = call.organisation
    old = organisation.tax_rates.get(elements.text(element, "TaxType"))
    if old is None:
        raise Invalid(f"TaxType {element['TaxType']} does not exist.")
    if old["System"]:
        raise Invalid("System tax rates cannot be updated.")
    changes: Record = {}
    if "Name" in element:
        changes["Name"] = elements.text(element, "Name", 50)
    if "Status" in element:
        changes["Status"] = elements.choice(element, "Status", ("ACTIVE", "DELETED"), "ACTIVE")
    if "TaxComponents" in element:
        components = _components(call, element)
        if [part["Name"] for part in components[: len(old["TaxComponents"])]] != [part["Name"] for part in old["TaxComponents"]]:
            raise Invalid("Tax components cannot be renamed or removed.")
        rate = _effective(components)
        changes |= {"TaxComponents": components, "EffectiveRate": rate, "DisplayTaxRate": rate}
    return organisation.tax_rates.put({**old, **changes})


def _refused(element: Element, invalid: Invalid, call: Call) -> dict:
    old = call.organisation.tax_rates.get(str(element.get("TaxType", "")))
    shown = refused_element(element, invalid, call, "TaxType", "Name", stored=view(old) if old else None)
    return {key: value for key, value in shown.items() if key != "HasValidationErrors" and (old or key != "TaxType")}


_KIND = Kind("TaxRates", _save, lambda _call, record: view(record), _refused)


def write_rate(call: Call) -> Answer:
    return write(call, _KIND, elements.read(call, "TaxRates", single=True), summarize=True)


_SCOPE = "accounting.settings"
ROUTES = [
    Route("GET", "/TaxRates", list_rates, _SCOPE, ("where", "order")),
    Route("GET", "/TaxRates/{type}", get_rate, _SCOPE),
    Route("PUT", "/TaxRates", write_rate, _SCOPE),
    Route("POST", "/TaxRates", write_rate, _SCOPE),
]
