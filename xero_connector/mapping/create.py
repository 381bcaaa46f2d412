"""Creates one account, tax rate or tracking option in Xero because a person pressed the button; nothing else does."""

import hashlib
from contextlib import contextmanager
from decimal import Decimal

from odoo import models
from odoo.tools.translate import LazyTranslate

from ..access import clients
from ..refusal import Refusal
from ..xero_core import errors
from ..xero_core.resources import accounts, tax_rates, tracking
from ..xero_core.resources.accounts import Account
from ..xero_core.resources.tax_rates import TaxRate

_lt = LazyTranslate(__name__)

# Odoo's account type -> Xero's. https://developer.xero.com/documentation/api/accounting/types#accounttypes
ACCOUNT_TYPES = {
    "asset_receivable": "CURRENT",
    "asset_cash": "CURRENT",
    "asset_current": "CURRENT",
    "asset_non_current": "NONCURRENT",
    "asset_prepayments": "PREPAYMENT",
    "asset_fixed": "FIXED",
    "liability_payable": "CURRLIAB",
    "liability_credit_card": "CURRLIAB",
    "liability_current": "CURRLIAB",
    "liability_non_current": "TERMLIAB",
    "equity": "EQUITY",
    "equity_unaffected": "EQUITY",
    "income": "REVENUE",
    "income_other": "OTHERINCOME",
    "expense": "EXPENSE",
    "expense_other": "EXPENSE",
    "expense_depreciation": "DEPRECIATN",
    "expense_direct_cost": "DIRECTCOSTS",
}
# as Xero's own screens call the types
TYPE_WORDS = {
    "BANK": _lt("Bank"),
    "CURRENT": _lt("Current Asset"),
    "NONCURRENT": _lt("Non-current Asset"),
    "PREPAYMENT": _lt("Prepayment"),
    "FIXED": _lt("Fixed Asset"),
    "CURRLIAB": _lt("Current Liability"),
    "TERMLIAB": _lt("Non-current Liability"),
    "EQUITY": _lt("Equity"),
    "REVENUE": _lt("Revenue"),
    "OTHERINCOME": _lt("Other Income"),
    "EXPENSE": _lt("Expense"),
    "DEPRECIATN": _lt("Depreciation"),
    "DIRECTCOSTS": _lt("Direct Costs"),
}
CODE_LIMIT = 10


class XeroCreateHandler(models.AbstractModel):
    """Entry points: ``_create_account``, ``_create_bank_account``, ``_create_tax_rate``; each returns our copy of what Xero made.

    All raise ``UserError`` with a sentence for the person if Xero refuses or cannot be reached. Names and codes are unique in Xero, so a
    second attempt after a lost answer is refused there rather than done twice.
    """

    _name = "xero.handler.create"
    _description = "Create Accounts and Tax Rates in Xero"

    def _create_account(self, connection, account):
        return self._send_account(connection, self._wanted_account(connection, account))

    def _wanted_account(self, connection, account):
        account = account.with_company(connection.company_id)
        return Account("", self._free_code(connection, account.code), account.name, ACCOUNT_TYPES.get(account.account_type, ""))

    def _create_bank_account(self, connection, journal):
        return self._send_account(connection, self._wanted_bank_account(connection, journal))

    def _wanted_bank_account(self, connection, journal):
        """A bank account for a bank or card journal; cash is an ordinary account that accepts payments."""
        journal = journal.with_company(connection.company_id)
        if journal.type == "cash":
            code = self._free_code(connection, journal.default_account_id.code)
            return Account("", code, journal.name, "CURRENT", enable_payments=True)
        if not journal.bank_acc_number:
            raise Refusal(self.env._("Xero needs the account number. Enter it on the journal %s first.", journal.display_name))
        currency = journal.currency_id.name or journal.company_id.currency_id.name
        return Account("", "", journal.name, "BANK", bank_account_number=journal.bank_acc_number, currency=currency)

    def _account_in_words(self, wanted):
        """``(label, value)`` of what an account would be in Xero, for whoever is asked."""
        type_words = self.env._(TYPE_WORDS[wanted.type]) if wanted.type in TYPE_WORDS else ""
        facts = [
            (self.env._("Code"), wanted.code),
            (self.env._("Name"), wanted.name),
            (self.env._("Type"), type_words),
            (self.env._("Account Number"), wanted.bank_account_number),
            (self.env._("Currency"), wanted.currency),
            (self.env._("Payments"), wanted.enable_payments and self.env._("Payments may go to it")),
        ]
        return [(label, value) for label, value in facts if value]

    def _create_tax_rate(self, connection, name, percentage):
        """A tax rate with one component. For countries whose rates are not fixed by Xero."""
        rate = Decimal(str(round(percentage, 4)))
        wanted = TaxRate("", name, rate, components=((name, rate, False),))
        made = self._send(connection, "create_tax_rate", lambda: tax_rates.to_xero(wanted))
        return self._keep(connection, "xero.tax.rate", "tax_type", self.env["xero.handler.reference"]._tax_rate_values(made))

    def _send_account(self, connection, wanted):
        made = self._send(connection, "create_account", lambda: accounts.to_xero(wanted))
        return self._keep(connection, "xero.account", "xero_id", self.env["xero.handler.reference"]._account_values(made))

    def _free_code(self, connection, code):
        if not code:
            raise Refusal(self.env._("Xero needs a code for the account. Enter it in Odoo first."))
        code = code[:CODE_LIMIT]
        taken = self.env["xero.account"].with_context(active_test=False).search(
            [("connection_id", "=", connection.id), ("code", "=", code)], limit=1
        )  # fmt: skip
        if taken:
            raise Refusal(self.env._("Xero already has the code %(code)s: %(name)s. Choose that account or create one in Xero.",
                                       code=code, name=taken.display_name))  # fmt: skip
        return code

    def _send(self, connection, method, build):
        """One call of the client's ``method``.

        :raise UserError: with a sentence for the person
        """
        with self._in_words(connection):
            payload = build()
            key = hashlib.sha256(f"{connection.external_key} {method} {payload}".encode()).hexdigest()[:40]
            calls = []
            try:
                return getattr(clients.xero(connection, on_call=calls.append), method)(payload, key)
            finally:
                self.env["xero.call"]._record(connection, calls)

    @contextmanager
    def _in_words(self, connection):
        try:
            yield
        except errors.ValidationRefused as error:
            raise Refusal(self.env._("Xero did not create it: %s", " ".join(error.details) or error.message)) from None
        except errors.OutcomeUnknown:
            lost = self.env._("Xero's answer was lost. Press “Read from Xero” to see whether it was created.")
            raise Refusal(lost, self.env._("Not Known Yet")) from None
        except errors.XeroError as error:
            raise Refusal(connection._click_sentence(error)) from None
        except ValueError as error:
            raise Refusal(self.env._("Xero would not take this: %s", error)) from None

    def _keep(self, connection, model_name, key, values):
        records_sudo = self.env[model_name].sudo().with_context(active_test=False)
        record = records_sudo.search([("connection_id", "=", connection.id), (key, "=", values[key])], limit=1)
        if record:
            record.write(values)
            return record.sudo(False)
        return records_sudo.create({**values, "connection_id": connection.id}).sudo(False)

    def _option_name(self, connection, account):
        return account.with_context(lang=connection.company_id.partner_id.lang).name

    def _create_option(self, connection, account, category):
        """An option with the analytic account's name.

        :raise UserError: with a sentence for the person
        """
        with self._in_words(connection):
            name = self._option_name(connection, account)
            payload = tracking.option_to_xero(tracking.Option(category.xero_id, name))
            key = hashlib.sha256(f"{connection.external_key} option {category.xero_id} {payload}".encode()).hexdigest()[:40]
            calls = []
            try:
                made = clients.xero(connection, on_call=calls.append).create_option(category.xero_id, payload, key)
            finally:
                self.env["xero.call"]._record(connection, calls)
        values = {"xero_id": made.xero_id, "name": made.name, "status": made.status, "active": True, "category_id": category.id}
        return self._keep(connection, "xero.tracking.option", "xero_id", values)
