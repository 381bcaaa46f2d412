"""Short cuts of the simulator's tests: a client that validates every answer, and documents to send."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import requests
import yaml

from xero_simulator.store import Journal, Table
from xero_simulator.tables import Tables
from xero_simulator.testing import Api

SHARED = Path(__file__).resolve().parents[3] / "shared"
OPENAPI = SHARED / "xero-openapi"
RECORDINGS = SHARED / "xero-recordings" / "known"


def _nullable(node: Any) -> Any:
    """OpenAPI's `nullable` as Draft 4 says it."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _nullable(value) for key, value in node.items() if key not in ("example", "examples")}
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
        if "enum" in node:
            node["enum"] = [*node["enum"], None]
    return node


@cache
def _components(name: str) -> dict | None:
    path = OPENAPI / name
    if not path.exists():
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _nullable(yaml.load(path.read_text(), Loader=loader)["components"])  # noqa: S506


@cache
def validator(schema: str, document: str = "xero_accounting.yaml") -> jsonschema.Draft4Validator | None:
    components = _components(document)
    if components is None or schema not in components["schemas"]:
        return None
    return jsonschema.Draft4Validator({"$ref": f"#/components/schemas/{schema}", "components": components})


def _accepted(value: Any) -> Any:
    """Refused elements echo what was sent, however wrong: of them only the messages are checked."""
    if not isinstance(value, list):
        return value
    return [
        {"Code": "", "Narration": "", "ValidationErrors": row["ValidationErrors"]}
        if isinstance(row, dict) and row.get("StatusAttributeString") == "ERROR"
        else row
        for row in value
    ]


def _of_refused(error: jsonschema.ValidationError) -> bool:
    """What is required of a good element is not of a refused one, which here has messages and no id."""
    return error.validator == "required" and "ValidationErrors" in error.instance and not any(key.endswith("ID") for key in error.instance)


def check(body: dict) -> None:
    """The body against Xero's own description."""
    schema = "Error" if "ErrorNumber" in body else next((key for key in body if isinstance(body[key], list)), "")
    schema = {"Options": "TrackingOptions", "Reports": "ReportWithRows"}.get(schema, schema)
    found = validator(schema)
    if found:
        body = {key: _accepted(value) for key, value in body.items()}
        errors = sorted((error for error in found.iter_errors(body) if not _of_refused(error)), key=lambda error: list(error.path))
        assert not errors, [f"{list(error.path)}: {error.message}" for error in errors]


class CheckedApi(Api):
    """Every JSON answer is held against the OpenAPI description, where it is at hand."""

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any) -> requests.Response:
        answer = super().call(method, path, body, headers, **query)
        if answer.headers.get("Content-Type", "").startswith("application/json") and answer.content and answer.status_code in (200, 400):
            check(answer.json())
        return answer

    # --- documents ---

    def contact(self, name: str = "Ridgeway University", **fields: Any) -> dict:
        answer = self.put("Contacts", {"Contacts": [{"Name": name, **fields}]})
        assert answer.status_code == 200, answer.text
        return answer.json()["Contacts"][0]

    def contact_id(self) -> str:
        found = self.organisation.contact_by_name("Ridgeway University")
        return found["ContactID"] if found else self.contact()["ContactID"]

    def draft(self, *lines: dict, **fields: Any) -> dict:
        """An invoice to send; approved unless told otherwise."""
        element = {
            "Type": "ACCREC",
            "Contact": {"ContactID": self.contact_id()},
            "Date": "2026-09-14",
            "DueDate": "2026-09-28",
            "Status": "AUTHORISED",
            "LineItems": list(lines) or [line()],
        }
        return {**element, **fields}

    def send(self, element: dict, path: str = "Invoices", method: str = "PUT", **query: Any) -> dict:
        """One element, answered by itself: `StatusAttributeString` tells how it went."""
        answer = self.call(method, path, {path: [element]}, summarizeErrors="false", **query)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.json()[path][0]

    def invoice(self, *lines: dict, **fields: Any) -> dict:
        made = self.send(self.draft(*lines, **fields))
        assert made["StatusAttributeString"] == "OK", made
        return made

    def credit_note(self, *lines: dict, **fields: Any) -> dict:
        element = {key: value for key, value in self.draft(*lines, Type="ACCRECCREDIT").items() if key != "DueDate"}
        made = self.send({**element, **fields}, "CreditNotes")
        assert made["StatusAttributeString"] == "OK", made
        return made

    def payment(self, invoice: dict, amount: float | str, **fields: Any) -> dict:
        element = {"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount, "Date": "2026-09-20"}
        return self.send({**element, **fields}, "Payments")

    def read(self, invoice: dict) -> dict:
        return self.get(f"Invoices/{invoice['InvoiceID']}").json()["Invoices"][0]


def check_tables(organisation: Tables) -> None:
    """Every index and order is what it would be if the records were put in one by one today."""
    fresh = Tables()
    fresh._open_tables(Journal())
    for name, table in vars(fresh).items():
        table.fill(getattr(organisation, name))
        assert _found(getattr(organisation, name)) == _found(table), name


def _found(table: Table) -> tuple[dict, list, dict]:
    """By index: the ids by key; and the orders of change."""
    ids = {name: {key: set(index.find(key)) for key in index._ids} for name, index in table._index.items()}
    apart = {key: list(stamps) for key, stamps in table._groups.items()}
    return ids, [list(table.stamps(hidden) or ()) for hidden in (True, False)], apart


def line(amount: Any = 100, **fields: Any) -> dict:
    return {"Description": "Work", "Quantity": 1, "UnitAmount": amount, "AccountCode": "200", **fields}


def messages(element: dict) -> list[str]:
    return [error["Message"] for error in element.get("ValidationErrors", [])]
