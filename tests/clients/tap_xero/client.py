"""tap-xero, the Singer tap: it reads only, one stream after the other, and is run as a command with files. It takes tokens, not codes."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from steps import CLIENT_ID, CLIENT_SECRET, Steps, authorize_url, consent, exchange, limit, short_limit, tenant_of

TAP = Path(sys.executable).parent / "tap-xero"
STREAMS = {
    "accounts": "Accounts", "bank_transactions": "BankTransactions", "bank_transfers": "BankTransfers", "branding_themes": "BrandingThemes",
    "contacts": "Contacts", "credit_notes": "CreditNotes", "currencies": "Currencies", "invoices": "Invoices", "items": "Items",
    "manual_journals": "ManualJournals", "organisations": "Organisations", "overpayments": "Overpayments", "payments": "Payments",
    "prepayments": "Prepayments", "tax_rates": "TaxRates", "tracking_categories": "TrackingCategories",
}  # fmt: skip
step = Steps()


class Tap:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.catalog = None

    def connect(self):
        token = exchange(consent(authorize_url()))
        self.token, self.tenant = token["access_token"], tenant_of(token["access_token"])
        config = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "tenant_id": self.tenant}
        self._write("config", {**config, "refresh_token": token["refresh_token"], "start_date": "2020-01-01T00:00:00Z"})
        self.catalog = json.loads(self._run("--discover"))
        return self.catalog["streams"]

    def read(self, stream, **bookmark):
        """The records of one stream."""
        found = [entry for entry in self.catalog["streams"] if entry["tap_stream_id"] == stream]
        for entry in found:
            entry["metadata"] = [{"breadcrumb": [], "metadata": {"selected": True}}, *entry["metadata"][1:]]
        self._write("catalog", {"streams": found})
        self._write("state", {"bookmarks": {stream: bookmark}} if bookmark else {})
        output = self._run("--catalog", self.folder / "catalog", "--state", self.folder / "state")
        messages = [json.loads(text) for text in output.splitlines()]
        return [message["record"] for message in messages if message["type"] == "RECORD"]

    def _write(self, name, content):
        (self.folder / name).write_text(json.dumps(content))

    def _run(self, *arguments):
        """What the tap prints; its critical message as an error."""
        done = subprocess.run(
            [TAP, "--config", self.folder / "config", *arguments], text=True, capture_output=True, timeout=120, check=False
        )
        if done.returncode:
            raise TapError(done.stderr.strip().splitlines()[-1])
        return done.stdout


class TapError(Exception):
    """Starts with the name of the tap's own exception."""


def main(folder):
    tap = Tap(folder)
    step("connect", tap.connect)
    for stream, kind in STREAMS.items():
        step(f"list {kind}", tap.read, stream)
    step("pages of Invoices", lambda: len(tap.read("invoices")) == 120)
    step("what changed since", lambda: tap.read("contacts", UpdatedDateUTC="2090-01-01T00:00:00Z") == [])
    step.refused("not simulated", TapError, "XeroNotImplementedError", lambda: tap.read("quotes"))
    limit("day_limit")
    step.refused("told of a limit", TapError, "XeroTooManyError", lambda: tap.read("currencies"))
    short_limit(tap.token, tap.tenant)
    step("waits out the minute's limit", tap.read, "currencies")


with tempfile.TemporaryDirectory() as place:
    main(place)
