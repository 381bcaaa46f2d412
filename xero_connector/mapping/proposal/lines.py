"""Asks ``proposal`` for a counterpart of everything the books need one for, and stores the answers as lines of the mapping."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ..table import tax_key
from . import accounts as proposal
from . import taxes as proposal_tax
from .books import MONEY_JOURNALS


class XeroProposalHandler(models.AbstractModel):
    """Entry point: ``_propose``. Lines that a person has confirmed or chosen are never changed."""

    _name = "xero.handler.proposal"
    _inherit = "xero.handler.proposal.books"
    _description = "Xero Mapping Proposal"

    def _propose(self, connection):
        """Add the missing lines to the mapping of ``connection`` and renew the proposals nobody has looked at yet."""
        companies = connection._companies()
        books_sudo = connection.sudo().with_company(connection.company_id).with_context(allowed_company_ids=companies.ids)
        self.with_env(books_sudo.env)._propose_all(books_sudo)

    def _propose_all(self, books):
        xero_accounts = self._xero_accounts(books)
        lines = {**self._account_lines(books, xero_accounts), **self._control_lines(books, xero_accounts)}
        self._store(books, "xero.account.mapping", lambda line: line.account_id.id, lines)
        self._store(books, "xero.journal.mapping", lambda line: line.journal_id.id, self._journal_lines(books, xero_accounts))
        self._store(books, "xero.tax.mapping", lambda line: (line.tax_key, line.account_class or ""), self._tax_lines(books))

    # === ACCOUNTS === #

    def _account_lines(self, connection, xero_accounts):
        company, companies = connection.company_id, connection._companies()
        used, defaults, taxes = self._used_accounts(companies), self._default_accounts(companies), self._tax_accounts(companies)
        accounts = (self._postable_accounts(companies) | used | defaults).sorted("code")
        keys = self._chart_keys(accounts, company)
        lines = {}
        for account in accounts:
            value = self._odoo_account(account, keys[account.id], account in defaults, account in taxes)
            answer = proposal.propose_account(value, xero_accounts, company.chart_template or "")
            needed = account in used or account in defaults
            lines[account.id] = {"account_id": account.id, "use": "post", "needed": needed, **self._target("xero_account_id", answer)}
        return lines

    def _control_lines(self, connection, xero_accounts):
        Account = self.env["account.account"]
        companies = connection._companies()
        domain = Domain("account_type", "in", list(proposal.CONTROL_ACCOUNTS)) & Domain("non_trade", "=", False)
        lines = {}
        for account in Account.search(Domain(Account._check_company_domain(companies)) & domain).filtered("active").sorted("code"):
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
        domain = [("company_id", "in", connection._companies().parent_ids.ids), ("type", "in", MONEY_JOURNALS)]
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
        company, companies = connection.company_id, connection._companies()
        used, needed = self._used_taxes(companies), self._default_taxes(companies)
        usable = [("company_id", "in", companies.parent_ids.ids), ("type_tax_use", "in", ("sale", "purchase"))]
        taxes = self.env["account.tax"].search(usable)
        sets = dict.fromkeys([(), *((tax.id,) for tax in taxes), *sorted(used)])
        values = self._odoo_taxes(company, self.env["account.tax"].browse({tax_id for tax_set in sets for tax_id in tax_set}))
        question = (self._xero_rates(connection), company.chart_template or "", connection.country_code or "")
        lines = {}
        for tax_set in sets:
            answer = proposal_tax.propose_tax([values[tax_id] for tax_id in tax_set], *question)
            lines[tax_key(tax_set), ""] = self._tax_line(tax_set, "", tax_set in used or tax_set in needed, answer)
        for tax_set, classes in self._illegal_classes(connection, used, lines).items():
            for account_class in classes:
                answer = proposal_tax.propose_for_class([values[tax_id] for tax_id in tax_set], *question, account_class)
                lines[tax_key(tax_set), account_class] = self._tax_line(tax_set, account_class, True, answer)
        return lines

    def _tax_line(self, tax_set, account_class, needed, answer):
        identity = {"tax_ids": [(6, 0, tax_set)], "account_class": account_class or False, "needed": needed}
        return {**identity, **self._target("xero_tax_rate_id", answer)}

    def _illegal_classes(self, connection, used, lines):
        """``{set of taxes: classes of account it is used with, but on which Xero does not take its general tax rate}``."""
        rates = self.env["xero.tax.rate"].search([("connection_id", "=", connection.id)])
        legal = {rate.id: rate._classes() for rate in rates}
        decided = self.env["xero.tax.mapping"].search([("connection_id", "=", connection.id), ("account_class", "=", False)])
        chosen = {line.tax_key: line.xero_tax_rate_id.id for line in decided if self._is_decided(line)}
        classes = self._account_classes(connection)
        found = {}
        for tax_set, account_ids in used.items():
            key = tax_key(tax_set)
            rate_id = chosen.get(key, lines[key, ""]["xero_tax_rate_id"])
            if rate_id in legal:
                found[tax_set] = sorted({classes.get(account_id, "") for account_id in account_ids} - legal[rate_id] - {""})
        return found

    def _account_classes(self, connection):
        """``{account id: class in Xero}``, of the account it is mapped to."""
        lines = self.env["xero.account.mapping"].search([("connection_id", "=", connection.id), ("use", "=", "post")])
        return {
            line.account_id.id: line.xero_account_id.account_class or proposal.account_class(line.account_id.account_type) for line in lines
        }

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

    def _target(self, field, answer):
        return {field: answer.target or False, "reason": answer.reason}

    def _is_decided(self, line):
        """Whether a person has confirmed or chosen what stands on the line."""
        return line.confirmed or line.reason in ("chosen", "created")

    def _store(self, connection, model_name, key, wanted):
        """Create what is missing, renew what nobody has decided on, drop undecided lines that are no longer wanted."""
        lines = self.env[model_name].search([("connection_id", "=", connection.id)])
        open_lines = lines.filtered(lambda line: not self._is_decided(line))
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
