"""Gathers what needs a counterpart in Xero from Odoo's books, asks ``proposal`` for it and stores the answer as lines of the mapping."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from . import proposal, proposal_tax
from .mapping_table import tax_key

SALES = ("out_invoice", "out_refund", "out_receipt")
INCOME_TYPES = ("income", "income_other")
# Accounts of these fields are booked by Odoo itself, never chosen for an invoice line: Xero does such bookings on its own account.
AUTOMATIC_ACCOUNTS = (
    "income_currency_exchange_account_id",
    "default_cash_difference_income_account_id",
    "account_journal_early_pay_discount_gain_account_id",
)


class XeroProposalHandler(models.AbstractModel):
    """Entry point: ``_propose``. Lines that a person has confirmed or chosen are never changed."""

    _name = "xero.handler.proposal"
    _description = "Xero Mapping Proposal"

    def _propose(self, connection):
        """Add the missing lines to the mapping of ``connection`` and renew the proposals nobody has looked at yet."""
        books = connection.sudo().with_company(connection.company_id).with_context(allowed_company_ids=connection.company_id.ids)
        self.with_env(books.env)._propose_all(books)

    def _propose_all(self, books):
        xero_accounts = self._xero_accounts(books)
        lines = {**self._account_lines(books, xero_accounts), **self._control_lines(books, xero_accounts)}
        self._store(books, "xero.account.mapping", lambda line: line.account_id.id, lines)
        self._store(books, "xero.journal.mapping", lambda line: line.journal_id.id, self._journal_lines(books, xero_accounts))
        self._store(books, "xero.tax.mapping", lambda line: (line.tax_key, line.account_class or ""), self._tax_lines(books))

    # === ACCOUNTS === #

    def _account_lines(self, connection, xero_accounts):
        company = connection.company_id
        used = self._used_accounts(company)
        defaults = self._default_accounts(company)
        accounts = (self._income_accounts(company) | used | defaults).sorted("code")
        keys = self._chart_keys(accounts, company)
        lines = {}
        for account in accounts:
            value = self._odoo_account(account, keys[account.id], account in defaults)
            answer = proposal.propose_account(value, xero_accounts, company.chart_template or "")
            needed = account in used or account in defaults
            lines[account.id] = {"account_id": account.id, "use": "post", "needed": needed, **self._target("xero_account_id", answer)}
        return lines

    def _odoo_account(self, account, chart_key="", is_default=False):
        return proposal.OdooAccount(account.id, account.code or "", account.name, account.account_type, chart_key, is_default)

    def _income_accounts(self, company):
        """The income accounts a user can choose: all of the chart but those Odoo books by itself."""
        Account = self.env["account.account"]
        accounts = Account.search(Domain(Account._check_company_domain(company)) & Domain("account_type", "in", INCOME_TYPES))
        return accounts.filtered("active") - Account.union(*(company[name] for name in AUTOMATIC_ACCOUNTS))

    def _used_accounts(self, company):
        groups = self.env["account.move.line"]._read_group(self._sold_domain(company), ["account_id"])
        return self.env["account.account"].union(*(account for (account,) in groups))

    def _sold_domain(self, company):
        """Lines of posted customer invoices and credit notes that carry an amount before tax."""
        return [
            ("company_id", "=", company.id),
            ("move_id.move_type", "in", SALES),
            ("parent_state", "=", "posted"),
            ("display_type", "=", "product"),
        ]

    def _default_accounts(self, company):
        """Where a sale goes unless somebody says otherwise."""
        journals = self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")])
        categories = self.env["product.category"].search([])
        return journals.default_account_id | categories.property_account_income_categ_id | company.income_account_id

    def _control_lines(self, connection, xero_accounts):
        Account = self.env["account.account"]
        company = connection.company_id
        domain = Domain("account_type", "in", list(proposal.CONTROL_ACCOUNTS)) & Domain("non_trade", "=", False)
        lines = {}
        for account in Account.search(Domain(Account._check_company_domain(company)) & domain).filtered("active").sorted("code"):
            answer = proposal.propose_control(self._odoo_account(account), xero_accounts)
            lines[account.id] = {"account_id": account.id, "use": "control", "needed": True, **self._target("xero_account_id", answer)}
        return lines

    def _xero_accounts(self, connection):
        return [
            proposal.XeroAccount(
                id=account.id,
                code=account.code or "",
                name=account.name,
                type=account.type or "",
                account_class=account.account_class or "",
                system_account=account.system_account or "",
                can_post=account.can_post,
                can_receive_payments=account.can_receive_payments,
                currency=account.currency if account.currency != connection.base_currency and account.currency else "",
                number=account.bank_account_number or "",
            )
            for account in self.env["xero.account"].search([("connection_id", "=", connection.id)])
        ]

    # === JOURNALS === #

    def _journal_lines(self, connection, xero_accounts):
        company = connection.company_id
        domain = [("company_id", "=", company.id), ("type", "in", ("bank", "cash", "credit"))]
        journals = self.env["account.journal"].search(domain, order="sequence, id")
        values = [
            proposal.OdooJournal(
                journal.id,
                journal.name,
                journal.type,
                self._foreign(journal.currency_id.name, connection.base_currency or company.currency_id.name),
                journal.bank_acc_number or "",
            )
            for journal in journals
        ]
        answers = proposal.propose_journals(values, xero_accounts)
        return {
            journal.id: {"journal_id": journal.id, "needed": True, **self._target("xero_account_id", answers[journal.id])}
            for journal in journals
        }

    def _foreign(self, currency, base):
        """'' for the organisation's own currency, as in ``proposal.XeroAccount``."""
        return "" if not currency or currency == base else currency

    # === TAXES === #

    def _tax_lines(self, connection):
        company = connection.company_id
        used = self._used_tax_sets(company)
        taxes = self.env["account.tax"].search([("company_id", "=", company.id), ("type_tax_use", "=", "sale")])
        sets = dict.fromkeys([(), *((tax.id,) for tax in taxes), *sorted(used)])
        needed = used | {(), tuple(company.account_sale_tax_id.ids)}
        values = self._odoo_taxes(company, self.env["account.tax"].browse({tax_id for tax_set in sets for tax_id in tax_set}))
        rates = self._xero_rates(connection)
        lines = {}
        for tax_set in sets:
            taxes_of_set = [values[tax_id] for tax_id in tax_set]
            answer = proposal_tax.propose_tax(taxes_of_set, rates, company.chart_template or "", connection.country_code or "")
            identity = {"tax_ids": [(6, 0, tax_set)], "account_class": False, "needed": tax_set in needed}
            lines[tax_key(tax_set), ""] = {**identity, **self._target("xero_tax_rate_id", answer)}
        return lines

    def _used_tax_sets(self, company):
        """Every set of taxes on posted sales documents, as sorted tuples of ids."""
        query = self.env["account.move.line"]._search(self._sold_domain(company))
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT taxes FROM (
                       SELECT array_agg(account_tax_id ORDER BY account_tax_id) AS taxes FROM account_move_line_account_tax_rel
                       WHERE account_move_line_id IN %s GROUP BY account_move_line_id) AS sets""",
                query.subselect(),
            )
        )
        return {tuple(taxes) for (taxes,) in rows}

    def _odoo_taxes(self, company, taxes):
        keys = self._chart_keys(taxes, company)
        return {
            tax.id: proposal_tax.OdooTax(
                id=tax.id,
                name=tax.name,
                rate=self._percentage(tax),
                chart_key=keys[tax.id],
                words=f"{html2plaintext(tax.description or '')} {tax.invoice_label or ''}",
                compound=any((tax | tax.children_tax_ids).mapped("include_base_amount")),
            )
            for tax in taxes
        }

    def _percentage(self, tax):
        """What the tax adds to a price without tax, in percent; None if that depends on more than the price."""
        if tax.amount_type == "group":
            parts = [self._percentage(child) for child in tax.children_tax_ids]
            return None if None in parts else sum(parts, Decimal(0))
        if tax.amount_type != "percent":
            return None
        factor = sum(tax.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax").mapped("factor"))
        return Decimal(str(round(tax.amount * factor, 4)))

    def _xero_rates(self, connection):
        return [
            proposal_tax.XeroRate(
                id=rate.id,
                tax_type=rate.tax_type,
                name=rate.name,
                rate=Decimal(str(round(rate.effective_rate, 4))),
                report_tax_type=rate.report_tax_type or "",
                can_apply_to=rate._classes(),
            )
            for rate in self.env["xero.tax.rate"].search([("connection_id", "=", connection.id)])
        ]

    # === STORING === #

    def _chart_keys(self, records, company):
        """``{id: name of the record in the chart template}``, '' for records made by hand."""
        prefix = f"{company.root_id.id}_"
        rows = self.env["ir.model.data"].search_fetch(
            [("module", "=", "account"), ("model", "=", records._name), ("res_id", "in", records.ids), ("name", "=like", f"{prefix}%")],
            ["name", "res_id"],
        )
        return {**dict.fromkeys(records.ids, ""), **{row.res_id: row.name.removeprefix(prefix) for row in rows}}

    def _target(self, field, answer):
        return {field: answer.target or False, "reason": answer.reason}

    def _store(self, connection, model_name, key, wanted):
        """Create what is missing, renew what nobody has decided on, drop undecided lines that are no longer wanted."""
        lines = self.env[model_name].search([("connection_id", "=", connection.id)])
        open_lines = lines.filtered(lambda line: not line.confirmed and line.reason not in ("chosen", "created"))
        open_lines.filtered(lambda line: key(line) not in wanted).unlink()
        lines = lines.exists()
        known = {key(line): line for line in lines}
        for line_key, line in known.items():
            if line_key in wanted:
                self._renew(line, wanted[line_key], decided=line not in open_lines)
        new = [{**values, "connection_id": connection.id} for line_key, values in wanted.items() if line_key not in known]
        lines.create(new)

    def _renew(self, line, values, decided):
        names = ("needed",) if decided else ("needed", "reason", line._target_field)
        current = line._convert_to_write({name: line[name] for name in names})
        changes = {name: values[name] for name in names if (current[name] or False) != (values[name] or False)}
        if changes:
            line.write(changes)
