"""Who may call what of the bank over RPC; that every method is named here or there is tested in ``connection/test_who_may.py``."""

import pickle

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common.who_may import ADMINS, NOBODY, USERS, Rule, WhoMayCase

BANK = {
    "xero.rule": {
        "create": Rule(ADMINS),
        "write": Rule(ADMINS, args=({"name": "x"},)),
        "unlink": Rule(ADMINS),
        "action_show_recent": Rule(USERS),
        "action_show_waiting": Rule(USERS),
        "action_from_this": Rule(ADMINS),
    },
    "xero.journal.mapping": {
        "action_banks": Rule(USERS, USERS),  # of the companies that are theirs
        "action_open_bank": Rule(USERS),
        "action_read_balances": Rule(USERS),
    },
    **{model: {"xero_figures": Rule(USERS, USERS)} for model in ("xero.money", "xero.document")},
    "xero.bank.page.mixin": {"xero_figures": Rule(NOBODY)},
    "xero.bank.book": {"action_book": Rule(USERS)},
    "account.bank.statement.line": {"action_xero_book": Rule(USERS), "action_xero_rule": Rule(ADMINS)},
    "xero.bank.match": {f"action_{name}": Rule(USERS) for name in ("match", "undo", "other", "book", "open_line")}
    | {name: Rule(USERS, USERS) for name in ("action_match_sure", "xero_figures")},  # of the companies that are theirs
    "xero.bank.sure": {"action_match": Rule(USERS)},
    "xero.bank.other": {"action_match": Rule(USERS)},
    "xero.rule.make": {name: Rule(ADMINS) for name in ("action_make", "action_show_recent", "action_show_waiting")},
}


@tagged("post_install", "-at_install")
class TestWhoMayBank(WhoMayCase):
    def _prepare(self):
        super()._prepare()
        self.main, self.other = self.env.company, self.setup_other_company()["company"]
        self._make_people()
        account, line = self.company_data["default_account_expense"], self._statement_line(-10)
        own = {"name": "x", "connection_id": self.connection.id, "account_id": account.id, "domain": "[('amount', '<', 0)]"}
        self.env["xero.bank.match"]._refresh(self.connection)
        match = self.env["xero.bank.match"].search([("line_id", "=", line.id)])
        made = [
            line,
            self.connection.journal_mapping_ids.filtered(lambda each: each.journal_id == line.journal_id),
            match,
            self.env["xero.bank.sure"].create({"match_ids": [Command.set(match.ids)]}),
            self.env["xero.bank.other"].create({"match_id": match.id}),
            self.env["xero.rule"].create(own),
            self.env["xero.bank.book"].create({"line_id": line.id, "account_id": account.id}),
            self.env["xero.rule.make"].create({**own, "line_id": line.id}),
        ]
        self.records = {record._name: record for record in made}
        self.new = {"xero.rule": own}
        self.env.flush_all()
        self._world_made = pickle.dumps(self.xero)

    @mute_logger(
        *("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule"),
        *("odoo.sql_db", "odoo.models", "odoo.orm.models"),
    )
    def test_who_may(self):
        self._assert_who_may(BANK)
