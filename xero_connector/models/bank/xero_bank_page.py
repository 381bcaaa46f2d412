from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

from ... import words
from ...handlers.money.taking.facts import BANK
from ...xero_core import values
from ..queue.xero_money import OPEN

DOCUMENT = "xero.document"
ACTIONS = {"xero.bank.match": "xero_bank_match_action", "xero.money": "xero_bank_money_action", DOCUMENT: "xero_bank_document_action"}


class XeroJournalMapping(models.Model):
    """The page of one bank: figures above its lists, and the lists themselves, one a tab.

    Entry points: ``_open_tab``, ``_bank_strip`` (what stands above each of them).
    """

    _inherit = "xero.journal.mapping"

    def _open_tab(self, tab):
        """The list of that tab, with the figures above it."""
        self.ensure_one()
        self.env["xero.connection"]._check_xero_user()
        self.check_access("read")
        self.connection_id._ask_for_balances()
        self.connection_id._suggest_now()
        return self._tabs()[tab][1]

    def _tabs(self):
        """``{tab: (how many rows it has, or None; the action that shows them)}``"""
        match, money = "xero.bank.match", "xero.money"
        own = [("journal_id", "=", self.journal_id.id), ("connection_id", "=", self.connection_id.id)]
        twice = [*own, ("kind", "=", BANK), ("state", "=", "twice")]
        only_there = [*own, "|", ("state", "in", OPEN), "&", ("kind", "=", BANK), ("state", "=", "seen")]
        found = {
            "to_match": (match, [*own, ("state", "=", "open")]),
            "sure": (match, [*own, ("state", "=", "open"), ("sureness", "=", "sure")]),
            "twice": (money, twice),
            "xero_only": (money, only_there),
            "odoo_only": (DOCUMENT, self._only_here()),
            "matched": (match, [*own, ("state", "!=", "open")]),
        }
        return {tab: (self._count(model, domain, tab), self._tab_action(tab, model, domain)) for tab, (model, domain) in found.items()}

    def _only_here(self):
        """What stands on the bank in Odoo only, as a domain of documents."""
        balances_sudo, mapping_sudo = self.env["xero.bank.balances"].sudo(), self.sudo()
        found = balances_sudo._only_here(mapping_sudo.connection_id, mapping_sudo.journal_id, mapping_sudo.xero_account_id)
        parts = [Domain("res_model", "=", model) & Domain("res_id", "in", ids) for model, ids in found.items()]
        return list(Domain("connection_id", "=", self.connection_id.id) & Domain.OR(parts))

    def _count(self, model, domain, tab):
        if tab == "matched":
            return None
        if model == DOCUMENT:
            return sum(len(leaf[2]) for leaf in domain if leaf[0] == "res_id")
        return self.env[model].search_count(domain)

    def _tab_action(self, tab, model, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"xero_connector.{ACTIONS[model]}")
        context = {"xero_bank": self.id, "xero_bank_tab": tab, **({"xero_documents": "missing"} if model == DOCUMENT else {})}
        helped = {"help": self._empty_help()} if tab in ("to_match", "sure") else {}
        named = {"name": self.journal_id.name, "display_name": self.journal_id.name}
        return {**action, **named, **helped, "domain": domain, "context": context}

    def _empty_help(self):
        """What an empty list to match says: that all is matched, or where lines could come from."""
        own = [("journal_id", "=", self.journal_id.id)]
        if self.bank_lines or self.env["account.bank.statement.line"].sudo().search_count(own, limit=1):
            title, lines = (
                self.env._("Nothing left to match"),
                [self.env._("New lines of the bank stand here, with what they were probably for.")],
            )
            if self.balance_state:
                lines.append(self.env._("Difference: %s.", self.bank_currency_id.format(self.balance_difference)))
        else:
            title = self.env._("No lines of this bank yet")
            lines = [
                self.env._("Odoo's statements: import them, or enter them, in the journal; Xero keeps its own."),
                self.env._("Xero's bank transactions: what is spent, received and transferred in Xero becomes lines here."),
                self.env._("No feed: a till or a bank without one; what is booked here goes to Xero."),
                self.env._("Choose it above, by Change."),
            ]
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p>') % title + Markup().join(
            Markup("<p>%s</p>") % line for line in lines
        )

    # === ABOVE THE LIST === #

    def _bank_strip(self, tab):
        """What stands above each list of the page, as the component ``xero_figures`` shows it.

        :param str tab: which of the lists is shown
        """
        self.ensure_one()
        trouble = self.connection_id._trouble_line()
        return {
            "title": "",
            "figures": self._bank_figures(),
            "notice": trouble["text"] if trouble else "",
            "notes": self._bank_notes(),
            "tabs": self._bank_tabs(tab),
        }

    def _bank_figures(self):
        currency, connection_sudo = self.bank_currency_id, self.connection_id.sudo()
        read = connection_sudo.balances_at and self.env._("read %s", words.moment(self.env, connection_sudo.balances_at))
        figures = [{"label": self.env._("In Odoo"), "value": currency.format(self.odoo_balance)}]
        if self.is_balance_read:
            figures.append({"label": self.env._("In Xero"), "value": currency.format(self.xero_balance), "age": read})
        else:
            figures.append({"label": self.env._("In Xero"), "value": self.env._("Not read yet")})
        if self.balance_state:
            value = currency.format(self.balance_difference)
            figures.append({"label": self.env._("Difference"), "value": value, "state": ["difference", self.balance_state]})
        sure = self.env["xero.bank.match"].search_count(
            [("journal_id", "=", self.journal_id.id), ("state", "=", "open"), ("sureness", "=", "sure")]
        )
        figures.append({"label": self.env._("To match"), "value": str(self.to_match), "age": self.env._("sure: %s", sure)})
        if self.oldest_to_match:
            figures.append({"label": self.env._("Oldest"), "value": self.oldest_to_match})
        return figures

    def _bank_notes(self):
        """Of what the difference consists, where money and lines are recorded, and what only Xero can show."""
        change = {
            "type": "ir.actions.act_window",
            "name": self.env._("Where Payments and Bank Lines Come From"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
        notes = [{"label": self.env._("Consists of:"), "value": self.balance_sentence}] if self.balance_sentence else []
        notes.append(
            {"label": self.env._("Payments are recorded in:"), "value": self._chosen("recorded_in", self.env._("Odoo, not chosen yet"))}
        )
        lines = {
            "label": self.env._("Bank lines come from:"),
            "value": self._chosen("bank_lines", self.env._("Odoo's statements, not chosen yet")),
        }
        notes.append({**lines, "link": self.env._("Change"), "action": change} if self.connection_id.may_administer else lines)
        url = values.bank_account_url(self.connection_id.sudo().short_code or "", self.sudo().xero_account_id.xero_id)
        there = {"type": "ir.actions.act_url", "url": url, "target": "new"}
        notes.append(
            {
                "label": self.env._("Statement balance:"),
                "value": self.env._("only in Xero"),
                "link": self.env._("Open in Xero"),
                "action": there,
            }
        )
        return notes

    def _chosen(self, name, none):
        """The word of a choice."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], none)

    def _bank_tabs(self, shown):
        labels = {
            "to_match": self.env._(words.BANK_LINE["open"].label),
            "sure": self.env._(words.SUGGESTION["sure"].label),
            "twice": self.env._(words.MONEY_IN["twice"].label),
            "xero_only": self.env._("In Xero Only"),
            "odoo_only": self.env._("In Odoo Only"),
            "matched": self.env._(words.BANK_LINE["matched"].label),
        }
        tabs = []
        for tab, (count, action) in self._tabs().items():
            told = {} if count is None else {"count": count}
            icon = {"icon": words.MONEY_IN["twice"].icon} if tab == "twice" and count else {}
            tabs.append({"label": labels[tab], "active": tab == shown, "action": action, **told, **icon})
        return tabs


class XeroBankPageMixin(models.AbstractModel):
    """A model of which rows stand on the page of a bank, below its figures."""

    _name = "xero.bank.page.mixin"
    _description = "What stands on the page of a bank"

    @api.model
    def xero_figures(self):
        """The strip above the list: of the bank that the context names, where it is one of the reader's."""
        self.check_access("read")
        bank = self.env["xero.journal.mapping"].search([("id", "=", self.env.context.get("xero_bank"))])
        return [bank._bank_strip(self.env.context.get("xero_bank_tab"))] if bank else []
