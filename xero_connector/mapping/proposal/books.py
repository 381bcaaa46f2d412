"""What of Odoo's books needs a counterpart in Xero: the accounts and taxes that documents use, may use, or use unless told otherwise."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ...const import NO_LINES, RESULT_TYPES, TEXT_LINES
from ..table import tax_key
from ..tax_sets import tax_set
from . import accounts as proposal
from . import taxes as proposal_tax

# setting of the connection -> the documents it is about
DOCUMENTS = {
    "sync_invoice": ("out_invoice", "out_receipt"),
    "sync_bill": ("in_invoice", "in_receipt"),
    "sync_credit_note": ("out_refund", "in_refund"),
}
PURCHASES = ("in_invoice", "in_receipt", "in_refund")
# what of a document is posted in Xero on an account of ours; taxes and what is owed are booked by Xero itself
NOT_AMOUNTS = (*NO_LINES, *TEXT_LINES, "tax")
# Xero's own control accounts, its bank accounts, and what is no part of the books at all
NEVER_POSTED = ("asset_receivable", "liability_payable", "off_balance")
MONEY_TYPES = ("asset_cash", "liability_credit_card")
MONEY_JOURNALS = ("bank", "cash", "credit")
# names in the chart of the accounts of money that is on its way; which of them is used says the payment method
OUTSTANDING_ACCOUNTS = ("account_journal_payment_debit_account_id", "account_journal_payment_credit_account_id")
# Odoo books exchange differences by itself, and so does Xero
EXCHANGE_ACCOUNTS = ("income_currency_exchange_account_id", "expense_currency_exchange_account_id")


class XeroProposalBooks(models.AbstractModel):
    """Reads the books for ``xero.handler.proposal``; a number of queries that does not depend on how many documents there are."""

    _name = "xero.handler.proposal.books"
    _description = "Xero Mapping Proposal: The Books"

    # === DOCUMENTS === #

    def _document_types(self, companies):
        """The types of document that these companies, of one connection, send to Xero."""
        connection_sudo = self.env["xero.connection"].sudo()._get_active(companies[:1])
        return [kind for setting, kinds in DOCUMENTS.items() if connection_sudo[setting] != "off" for kind in kinds]

    def _amount_domain(self, companies):
        """Lines of posted documents that carry an amount before tax."""
        return [
            ("company_id", "in", companies.ids),
            ("move_id.move_type", "in", self._document_types(companies)),
            ("parent_state", "=", "posted"),
            ("display_type", "not in", NOT_AMOUNTS),
        ]

    def _posted_domain(self, companies):
        """Lines of all that is sent and carries an amount before tax."""
        return self._amount_domain(companies)

    def _use_of_taxes(self, domain):
        """``{set of taxes as the mapping has it: (documents, amount before tax)}`` of these journal items."""
        query = self.env["account.move.line"]._search(domain)
        rows = self.env.execute_query(
            SQL(
                """WITH line AS MATERIALIZED (%s)
                   SELECT taxes, COUNT(DISTINCT move_id), ABS(SUM(balance))
                     FROM (SELECT line.move_id, line.balance, array_agg(rel.account_tax_id ORDER BY rel.account_tax_id) AS taxes
                             FROM line LEFT JOIN account_move_line_account_tax_rel rel ON rel.account_move_line_id = line.id
                         GROUP BY line.id, line.move_id, line.balance) taxed
                 GROUP BY taxes""",
                query.subselect("account_move_line.id", "account_move_line.move_id", "account_move_line.balance"),
            )
        )
        used = defaultdict(lambda: (0, 0.0))
        for taxes, count, amount in rows:
            key = tax_key(tax_set(self.env["account.tax"].browse(filter(None, taxes))).ids)
            used[key] = (used[key][0] + count, used[key][1] + float(amount))
        return used

    # === ACCOUNTS === #

    def _postable_accounts(self, companies):
        """Every account of the chart that a line may be posted to: all but control accounts, money, and exchange differences."""
        Account = self.env["account.account"]
        domain = Domain(Account._check_company_domain(companies)) & Domain("account_type", "not in", NEVER_POSTED)
        exchange = Account.union(*(companies[name] for name in EXCHANGE_ACCOUNTS))
        return Account.search(domain).filtered("active") - exchange - self._money_accounts(companies)

    def _money_accounts(self, companies):
        """Accounts of banks, and of money on its way to them."""
        journals = self.env["account.journal"].search([("company_id", "in", companies.parent_ids.ids), ("type", "in", MONEY_JOURNALS)])
        methods = journals.inbound_payment_method_line_ids | journals.outbound_payment_method_line_ids
        own = companies.transfer_account_id | companies.account_journal_suspense_account_id
        own |= self._chart_accounts(companies[:1], OUTSTANDING_ACCOUNTS)
        return own | journals.default_account_id | journals.suspense_account_id | methods.payment_account_id

    def _used_accounts(self, companies):
        """The accounts that documents and their payments are posted to."""
        domains = (self._amount_domain(companies), self._line_tax_domain(companies), self._write_off_domain(companies))
        domain = Domain.OR(domains)
        groups = self.env["account.move.line"]._read_group(domain, ["account_id"])
        used = self.env["account.account"].union(*(account for (account,) in groups))
        return used.filtered(lambda account: account.account_type not in NEVER_POSTED) - self._money_accounts(companies)

    def _line_tax_domain(self, companies):
        """Taxes that Xero cannot compute and that are lines of their own there: amounts per piece, and what is withheld."""
        return [
            ("company_id", "in", companies.ids),
            ("move_id.move_type", "in", self._document_types(companies)),
            ("parent_state", "=", "posted"),
            ("display_type", "=", "tax"),
            *Domain.OR([[("tax_line_id.amount_type", "=", "fixed")], [("tax_line_id.amount", "<", 0)]]),
        ]

    def _write_off_domain(self, companies):
        """What payments were posted to besides the bank and the customer: write-offs and discounts for early payment."""
        return [
            ("company_id", "in", companies.ids),
            ("parent_state", "=", "posted"),
            ("move_id.origin_payment_id", "!=", False),
            ("account_id.account_type", "not in", (*NEVER_POSTED, *MONEY_TYPES)),
            ("tax_line_id", "=", False),
        ]

    def _default_accounts(self, companies):
        """Where sales and purchases go unless somebody says otherwise."""
        buys = any(kind in PURCHASES for kind in self._document_types(companies))
        types = ("sale", "purchase") if buys else ("sale",)
        journals = self.env["account.journal"].search([("company_id", "in", companies.parent_ids.ids), ("type", "in", types)])
        found = journals.default_account_id | companies.income_account_id
        found |= companies.expense_account_id if buys else found
        categories = self.env["product.category"].search([])
        for of_company in (categories.with_company(company) for company in companies):
            found |= of_company.property_account_income_categ_id
            found |= of_company.property_account_expense_categ_id if buys else found
        return found

    def _tax_accounts(self, companies):
        """Accounts on which Odoo books the taxes that Xero computes, and so books itself."""
        lines = (
            self.env["account.tax.repartition.line"]
            .with_context(active_test=False)
            .search([("company_id", "in", companies.parent_ids.ids), ("repartition_type", "=", "tax"), ("account_id", "!=", False)])
        )
        own_lines = lines.filtered(lambda line: line.tax_id.amount_type == "fixed" or line.tax_id.amount < 0)
        return self._kept_for_taxes((lines - own_lines).account_id - own_lines.account_id)

    def _kept_for_taxes(self, accounts):
        """Those of accounts that taxes are booked on: tax that cannot be claimed is a cost, and others book on that account, too."""
        return accounts.filtered(lambda account: not (account.account_type or "").startswith(RESULT_TYPES))

    def _odoo_account(self, account, chart_key="", is_default=False, books_tax=False):
        code = account.code or ""
        return proposal.OdooAccount(account.id, code, account.name, account.account_type, chart_key, is_default, books_tax)

    # === TAXES === #

    def _used_taxes(self, companies):
        """``{set of taxes as a sorted tuple of ids: ids of the accounts it is used with}`` on posted documents."""
        return self._taxes_of_lines(self._amount_domain(companies))

    def _taxes_of_lines(self, domain):
        """As ``_used_taxes``, of these journal items.

        Without what becomes a line of its own: that is the set a rate of Xero has to stand for.
        """
        query = self.env["account.move.line"]._search(domain)
        rows = self.env.execute_query(
            SQL(
                # materialised: on tables PostgreSQL has no statistics of, it would search the lines once per tax
                """WITH line AS MATERIALIZED (%s)
                   SELECT DISTINCT array_agg(rel.account_tax_id ORDER BY rel.account_tax_id) AS taxes, line.account_id
                     FROM line JOIN account_move_line_account_tax_rel rel ON rel.account_move_line_id = line.id
                 GROUP BY line.id, line.account_id""",
                query.subselect("account_move_line.id", "account_move_line.account_id"),
            )
        )
        used = defaultdict(set)
        rated = {tuple(taxes): tuple(sorted(tax_set(self.env["account.tax"].browse(taxes)).ids)) for taxes, _account_id in rows}
        for taxes, account_id in rows:
            used[rated[tuple(taxes)]].add(account_id)
        return used

    def _default_taxes(self, companies):
        """The sets of taxes on a line unless somebody says otherwise."""
        buys = any(kind in PURCHASES for kind in self._document_types(companies))
        sides = ("account_sale_tax_id", *(("account_purchase_tax_id",) if buys else ()))
        return {(), *(tuple(company[side].ids) for company in companies for side in sides)}

    def _odoo_taxes(self, company, taxes):
        keys = self._chart_keys(taxes, company)
        return {
            tax.id: proposal_tax.OdooTax(
                id=tax.id,
                name=tax.name,
                rate=self._total_percentage(tax),
                chart_key=keys[tax.id],
                words=f"{html2plaintext(tax.description or '')} {tax.invoice_label or ''}",
                compound=any((tax | tax.children_tax_ids).mapped("include_base_amount")),
                side="purchase" if tax.type_tax_use == "purchase" else "sale",
                withheld=any(part.amount_type == "percent" and part.amount < 0 for part in tax.flatten_taxes_hierarchy()),
            )
            for tax in taxes
        }

    def _total_percentage(self, taxes):
        """What taxes on one line add to a price without tax, in percent; None if that depends on more than the price.

        It is more than the sum of the parts where one is computed on top of another.
        """
        total = above = Decimal(0)
        for tax in taxes.flatten_taxes_hierarchy():
            rate = self._percentage(tax)
            if rate is None:
                return None
            amount = rate * (100 + above) / 100 if tax.is_base_affected else rate
            total += amount
            above += amount if tax.include_base_amount else 0
        return Decimal(str(round(total, 4)))

    def _percentage(self, tax):
        """Of one tax, on what it is computed on."""
        factor = sum(tax.invoice_repartition_line_ids.filtered(lambda line: line.repartition_type == "tax").mapped("factor"))
        if tax.amount_type == "percent":
            return Decimal(str(round(tax.amount * factor, 4)))
        if tax.amount_type == "division" and tax.amount != 100:
            return Decimal(str(round(tax.amount / (100 - tax.amount) * 100 * factor, 4)))
        return None

    def _chart_accounts(self, company, keys):
        """The accounts of the chart that have these names in its template."""
        names = [f"{company.root_id.id}_{key}" for key in keys]
        domain = [("module", "=", "account"), ("model", "=", "account.account"), ("name", "in", names)]
        return self.env["account.account"].browse(self.env["ir.model.data"].search(domain).mapped("res_id")).exists()

    def _chart_keys(self, records, company):
        """``{id: name of the record in the chart template}``, '' for records made by hand."""
        prefix = f"{company.root_id.id}_"
        rows = self.env["ir.model.data"].search_fetch(
            [("module", "=", "account"), ("model", "=", records._name), ("res_id", "in", records.ids), ("name", "=like", f"{prefix}%")],
            ["name", "res_id"],
        )
        return {**dict.fromkeys(records.ids, ""), **{row.res_id: row.name.removeprefix(prefix) for row in rows}}
