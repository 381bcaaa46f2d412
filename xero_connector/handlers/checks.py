"""What is checked before a document is sent, because Xero would refuse it: each check names the cause and the way out.

The checks are methods of every handler. They get Odoo's records and what the handler's ``_read`` has read for the whole batch; none of
them asks the database or Xero for one document. Whatever they hold back, Xero would refuse as well: a check that is not sure lets pass.
"""

from decimal import Decimal

from odoo import models
from odoo.tools import format_date

from ..mapping.table import tax_key
from ..xero_core.values import parse_date
from .reasons import Held, HeldBehind, Wait

# Xero's type of document -> the action that a plan may forbid; credit notes are not counted
APPROVALS = {"ACCREC": "CreateApprovedInvoice", "ACCPAY": "CreateApprovedBill"}
LARGEST_LINE = Decimal("9999999999.99")


class XeroHandlerChecks(models.AbstractModel):
    """Checks of what all kinds of document have in common: dates, currencies, contacts, accounts, taxes.

    :raise Held, HeldBehind, Wait: each of them, naming the cause
    """

    _inherit = "xero.handler"

    # === THE DOCUMENT === #

    def _check_confirmed(self, connection):
        if not connection.mapping_confirmed_at:
            raise Held(
                "not_confirmed",
                self.env._("The mapping of accounts, taxes and banks has not been confirmed yet."),
                help=self.env._("Check the proposed mapping and press Confirm."),
            )

    def _check_lock_date(self, day, connection):
        """:raise Held: nothing dated on or before a lock date can be made, changed or removed"""
        lock = connection._last_locked_day()
        if lock and day and day <= lock:
            raise Held(
                "lock_date",
                self.env._("Xero is locked up to %s; nothing up to that day can be added or removed.", self._day_in_words(lock)),
                key=str(lock),
                help=self._help_with_lock(),
            )

    def _day_in_words(self, day):
        """A day in a sentence."""
        return format_date(self.env, day, date_format="d MMM y")

    def _check_open_period(self, item, connection):
        """Nothing is made on a closed day, and no figures there change, whatever kind it is of; what is removed, see ``_removal``.

        :raise Held: the day is closed
        """
        if item.operation != "remove":
            self._check_lock_date(parse_date(item.payload.get("Date")), connection)

    def _help_with_lock(self):
        return self.env._("Move the lock date in Xero, or give the documents a later date. Everything behind this goes by itself then.")

    def _check_currency(self, currency, table):
        if currency.name not in table.currencies:
            raise Held(
                "currency_missing",
                self.env._("The Xero organisation does not use the currency %s.", currency.name),
                key=currency.name,
                help=self.env._("Add the currency in Xero (Settings, Currencies), then read again from Xero."),
            )

    def _check_contact(self, partner, reading):
        """The contact is in Xero; ``context`` has the bindings (``contacts``) and the open jobs (``contact_jobs``) of the partners."""
        if not partner:
            raise Held(
                "not_ready",
                self.env._("A receipt names no customer or vendor; Xero needs one."),
                key="no partner",
                help=self.env._("Open the documents behind this problem, reset them to draft, choose a partner and confirm them again."),
            )
        binding = reading.contacts.get(partner.id)
        if binding:
            self._check_contact_active(partner, binding)
            return
        waiting = reading.contact_jobs.get(partner.id)
        if waiting and waiting.state in ("blocked", "failed") and waiting.problem_id:
            raise HeldBehind(waiting.problem_id, waiting.problem_id.name)  # the root of it, not who waits for whom
        if waiting and waiting.state == "ignored":
            raise Held(
                "not_ready",
                self.env._("The contact “%s” was left out of Xero.", partner.display_name),
                key=f"res.partner,{partner.id}",
                help=self.env._("Open the contact and press Sync to Xero, then retry."),
                record=("res.partner", partner.id),
            )
        asks = () if waiting else [(self.env["xero.handler.contact"]._kind, partner._name, partner.id)]
        raise Wait(self.env._("Waits for the contact “%s”.", partner.display_name), asks=asks)

    def _check_contact_active(self, partner, binding):
        """As last read from Xero, with the reference data or after a refusal."""
        if binding.xero_status == "ARCHIVED":
            raise self.env["xero.handler.contact"]._held_archived(partner.id, partner.display_name, (), failed=False)

    def _check_approval(self, document_type, status, connection):
        """A document that is to arrive approved: some plans of Xero allow a few of them a month."""
        action = APPROVALS.get(document_type)
        if status == "AUTHORISED" and action in connection._forbidden_actions():
            raise Held(
                "approval_limit",
                self.env._("Xero does not allow more approved sales invoices for now.")
                if document_type == "ACCREC"
                else self.env._("Xero does not allow more approved bills for now."),
                key=action,
                help=self.env._(
                    "It is the limit of your plan in Xero or of the user who connected. Change the plan, wait for the next month, or let "
                    "documents arrive as drafts; then read again from Xero."
                ),
            )

    def _check_amounts(self, document, move):
        """Xero takes no line of ten thousand million or more."""
        largest = max((abs(line.amount) for line in document.lines if line.amount is not None), default=Decimal(0))
        if largest > LARGEST_LINE:
            raise Held(
                "amount_limit",
                self.env._(
                    "%(document)s has a line of %(amount)s, more than Xero takes.", document=move.display_name, amount=f"{largest:,.2f}"
                ),
                key=f"{move._name},{move.id}",
                help=self.env._("Divide the line into smaller ones, or enter the document in Xero by hand and ignore it here."),
                record=(move._name, move.id),
            )

    # === ACCOUNTS AND TAXES === #

    def _posting_account(self, account, table):
        """The Xero account that amounts on this Odoo account go to.

        :rtype: mapping_table.MappedAccount
        """
        found = table.account(account.id)
        if found is None:
            raise Held(
                "account_unmapped",
                self.env._("The account %s has no account in Xero.", self._account_label(account)),
                key=str(account.id),
                help=self.env._("Choose the Xero account in the mapping."),
            )
        self._check_archived(found, lambda: self._account_label(account), str(account.id))
        return found

    def _payment_account(self, journal, table):
        """The Xero account that payments of this journal go to.

        :rtype: mapping_table.MappedAccount
        """
        found = table.journal(journal.id)
        if found is None:
            raise Held(
                "journal_unmapped",
                self.env._("The journal %s has no bank account in Xero.", journal.display_name),
                key=str(journal.id),
                help=self.env._("Choose the Xero bank account in the mapping."),
            )
        self._check_archived(found, lambda: journal.display_name, f"journal,{journal.id}")
        if not found.takes_payments:
            raise Held(
                "account_no_payments",
                self.env._(
                    "The Xero account %(xero)s of the journal %(odoo)s takes no payments.", xero=found.label, odoo=journal.display_name
                ),
                key=f"journal,{journal.id}",
                help=self.env._("Choose a bank account in the mapping, or enable payments to this account in Xero and read again."),
            )
        return found

    def _check_archived(self, found, label, key):
        if found.archived:
            raise Held(
                "account_archived",
                self.env._("%(odoo)s is mapped to the Xero account %(xero)s, which is archived.", odoo=label(), xero=found.label),
                key=key,
                help=self.env._("Choose another Xero account in the mapping, or restore it in Xero."),
            )

    def _account_label(self, account):
        """Code and name: the display name leaves the code out where a user has hidden it."""
        return " ".join(part for part in (account.code, account.name) if part)

    def _line_tax(self, taxes, account, table):
        """The Xero tax rate for a line with ``taxes`` on the Xero account ``account``: legal on the class of that very account.

        :rtype: mapping_table.MappedTax
        """
        tax = table.tax(taxes.ids, account.account_class)
        if tax and tax.legal:
            return tax
        names = " + ".join(taxes.mapped("name")) or self.env._("No tax")
        key = ",".join(map(str, sorted(taxes.ids)))
        if tax is None:
            raise Held(
                "tax_unmapped",
                self.env._("The tax “%s” has no tax rate in Xero.", names),
                key=key,
                help=self.env._("Choose the Xero tax rate in the mapping."),
            )
        raise self._illegal_tax(tax, names, account, key)

    def _illegal_tax(self, tax, names, account, key):
        if tax.archived:
            return Held(
                "tax_illegal",
                self.env._("The tax “%(odoo)s” is mapped to the tax rate “%(tax)s”, which was deleted in Xero.", odoo=names, tax=tax.name),
                key=f"{key}/deleted",
                help=self.env._("Choose another tax rate in the mapping, or restore it in Xero and read again."),
            )
        return Held(
            "tax_illegal",
            self.env._("Xero does not allow the tax rate “%(tax)s” on the account %(account)s.", tax=tax.name, account=account.label),
            key=f"{key}/{account.account_class}",
            help=self.env._(
                "In the mapping, add another tax rate for “%(odoo)s” on accounts of this class, or choose another account.", odoo=names
            ),
        )

    def _other_rate(self, tax_sets, connection):
        """The line of the mapping for one of these sets of taxes whose rate in Xero has another percentage; empty if none has."""
        keys = {tax_key(taxes.ids) for taxes in tax_sets if taxes}
        own = [("connection_id", "=", connection.id), ("confirmed", "=", True), ("tax_key", "in", list(keys))]
        lines = self.env["xero.tax.mapping"].search(own)
        return lines.filtered(lambda line: line.is_percentage and line.rate_differs)[:1]

    def _held_rate(self, line):
        """One problem for all documents with that tax."""
        return Held(
            "tax_rate_differs",
            self.env._(
                "The tax “%(odoo)s” is %(rate)s %% in Odoo, and its tax rate “%(name)s” is %(xero)s %% in Xero.",
                odoo=line.label, rate=f"{line.rate:.10g}", name=line.xero_tax_rate_id.name, xero=f"{line.xero_rate:.10g}",
            ),
            key=line.tax_key,
            help=self.env._("Choose a tax rate of that percentage in the mapping, or correct the one in Xero or in Odoo."),
        )  # fmt: skip
