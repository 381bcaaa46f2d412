"""Who may call what over RPC: the methods are found, the table says who, and nobody else."""

import pickle

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...handlers.money.taking.facts import Told
from ..banking.test_who_may_bank import BANK
from ..common.who_may import ADMINS, APPROVERS, EVERYBODY, NOBODY, USERS, Rule, WhoMayCase

MAPPING_LINE = {"create": Rule(ADMINS), "write": Rule(ADMINS, args=({"connection_id": 0},)), "unlink": Rule(ADMINS)}
DOCUMENT = {
    name: Rule(USERS)
    for name in (
        *("action_xero_sync", "action_xero_fix", "action_xero_retry"),
        *("action_xero_send_early", "action_xero_open", "action_xero_held_up", "action_xero_send_ours"),
        *("action_xero_why", "action_xero_decision", "action_xero_versions"),
        "action_xero_answer",
    )
} | {"action_xero_support": Rule(ADMINS), **{f"action_xero_{name}": Rule(NOBODY) for name in ("approve", "send_back")}}
ABSTRACT = {"create": Rule(NOBODY), "write": Rule(NOBODY, args=({},))}
FOLLOWED = {**ABSTRACT, "unlink": Rule(NOBODY)}
AUDIT = {"create": Rule(NOBODY, args=({},)), "write": Rule(NOBODY, args=({},)), "unlink": Rule(NOBODY), "action_open": Rule(ADMINS)}
TABLE = {
    "xero.connection": {
        "create": Rule(ADMINS),
        "write": Rule(ADMINS, args=({"sync_invoice": "manual"},)),
        "unlink": Rule(NOBODY),
        "action_connect": Rule(ADMINS),
        "action_disconnect": Rule(ADMINS),
        "action_disconnect_here": Rule(ADMINS),
        "action_continue_here": Rule(ADMINS),
        "action_after_connect": Rule(ADMINS, ADMINS),
        "action_confirm_mapping": Rule(ADMINS),
        "action_propose_mapping": Rule(ADMINS),
        "action_open_mapping": Rule(USERS),
        **{f"action_open_{kind}": Rule(USERS) for kind in ("accounts", "taxes", "banks", "tracking", "plans", "controls")},
        "action_notify_admins": Rule(USERS),
        "trouble_lines": Rule(USERS | APPROVERS, USERS | APPROVERS),  # of the companies that are theirs
        "action_open_company_mapping": Rule(USERS, USERS),
        "action_open_settings": Rule(USERS),
        "action_open_drifts": Rule(USERS),
        **{f"action_{name}": Rule(USERS) for name in ("refresh_reference_data", "summarise_now", "sync_now", "read_now")},
        **{f"action_open_{name}": Rule(USERS) for name in ("money", "twice", "made", "bank", "approvals")},
        "action_forget_webhook_keys": Rule(ADMINS),
        "action_wake": Rule(USERS),
        "get_empty_list_help": Rule(EVERYBODY, EVERYBODY, ("",)),  # a text
    },
    # who may see them is told why not, if she may not decide
    "xero.approval": {f"action_{name}": Rule(USERS | APPROVERS) for name in ("approve", "send_back", "open_document")},
    "xero.approval.back": {"action_send_back": Rule(APPROVERS, APPROVERS)},  # of another company: of nothing
    "xero.support": {"action_make": Rule(NOBODY)},  # whose it is makes it, of a document that they may read: ``screens/test_support``
    "xero.job": {"action_retry": Rule(USERS), "action_ignore": Rule(USERS)},
    "xero.money": {**ABSTRACT}
    | {
        f"action_{name}": Rule(USERS)
        for name in ("book", "another", "same", "choose_recorder", "open_in_xero", "send_again", "look_again", "leave_out", "put_back")
    },
    "xero.made": {**ABSTRACT}
    | {
        f"action_{name}": Rule(USERS)
        for name in ("take", "another", "same", "choose", "open", "open_in_xero", "look_again", "leave_out", "put_back")
    },
    "xero.made.contact": {"action_apply": Rule(USERS)},
    "xero.problem": {
        **{name: Rule(USERS) for name in ("action_retry", "action_look", "action_fix", "action_leave_out", "action_open_jobs")},
        "standing": Rule(USERS, USERS),
    },
    "xero.document": {
        "action_open_document": Rule(USERS),
        "action_retry": Rule(USERS),
        "action_ignore": Rule(USERS),
        "action_sync": Rule(USERS),
        "action_versions": Rule(USERS),
        "action_fix": Rule(USERS),
    },
    "xero.reason": {
        "action_fix": Rule(USERS),
        "action_open": Rule(USERS),
        "xero_figures": Rule(USERS, USERS),  # of the companies that are theirs
    },
    "xero.create.ask": {"action_create": Rule(ADMINS)},
    "xero.drift": {
        **{name: Rule(USERS) for name in ("action_take", "action_send", "action_leave", "action_open")},
        **{name: Rule(USERS) for name in ("action_open_document", "action_open_in_xero")},
        "xero_figures": Rule(USERS, USERS),  # of the companies that are theirs
    },
    "xero.drift.answer": {"action_apply": Rule(USERS)},
    "xero.leave.out": {"action_leave_out": Rule(USERS)},
    "account.journal": {"action_xero_missing": Rule(USERS)},
    "account.partial.reconcile": {"action_open_xero_money": Rule(USERS)},
    "xero.journal.summary.entry": {"action_open_entry": Rule(USERS)},
    "xero.account.mapping": {**MAPPING_LINE, "action_create_in_xero": Rule(ADMINS), "action_ask_create": Rule(ADMINS)},
    "xero.journal.mapping": {**MAPPING_LINE, "action_create_in_xero": Rule(ADMINS), "action_ask_create": Rule(ADMINS)},
    "xero.tax.mapping": {
        **MAPPING_LINE,
        "action_create_in_xero": Rule(ADMINS),
        "action_ask_create": Rule(ADMINS),
        "action_add_exception": Rule(ADMINS),
        "action_remove_exception": Rule(ADMINS),
    },
    "xero.tracking.mapping": MAPPING_LINE,
    "xero.option.mapping": {**MAPPING_LINE, "action_create_in_xero": Rule(ADMINS), "action_ask_create": Rule(ADMINS)},
    "xero.entry.policy": MAPPING_LINE,
    "xero.organisation.wizard": {"action_choose": Rule(ADMINS), "action_confirm": Rule(ADMINS), "action_cancel": Rule(ADMINS)},
    "xero.disconnect.wizard": {"action_try_again": Rule(ADMINS), "action_disconnect_here": Rule(ADMINS)},
    "xero.contact.match": {"default_get": Rule(EVERYBODY, EVERYBODY, (["new_name"],)), "action_apply": Rule(USERS)},
    "ir.http": {"session_info": Rule(EVERYBODY, EVERYBODY)},  # one's own; the words of states are added for Xero users
    "account.move": {**DOCUMENT, "action_xero_fetch_files": Rule(USERS), "action_xero_rule": Rule(ADMINS)},
    "account.payment": DOCUMENT,
    "res.partner": {name: Rule(rule.here, rule.here) for name, rule in DOCUMENT.items()}  # a customer of both
    | {f"action_xero_{name}": Rule(APPROVERS, APPROVERS) for name in ("approve", "send_back")},
    "res.config.settings": {
        name: Rule(frozenset({"both"}))
        for name in (
            *("action_xero_open_options", "action_xero_connect", "action_xero_disconnect", "action_xero_disconnect_here"),
            *("action_xero_continue_here", "action_xero_open_mapping"),
            *("action_xero_read_now", "action_xero_forget_webhook_keys"),
        )
    },
    "xero.figures.mixin": {"xero_figures": Rule(NOBODY)},
    "xero.row.mixin": {"create": Rule(NOBODY), "write": Rule(EVERYBODY, EVERYBODY, ({},))}  # of no record: nothing
    | {f"action_{name}": Rule(NOBODY) for name in ("look_again", "leave_out", "put_back")},
    **{model: {name: Rule(NOBODY) for name in DOCUMENT} for model in ("xero.document.mixin", "xero.bank.mixin")},
    "xero.mapping.line": FOLLOWED,
    "xero.audited.mixin": FOLLOWED,
    "xero.audit": AUDIT,
}
# Odoo's own methods that ring the bell: Odoo's rights on the model decide, and nothing else
AS_ODOO_SAYS = {
    "account.move": {"write": "write", "unlink": "unlink", "button_draft": "write", "button_cancel": "write"},
    "account.move.line": {"write": "write"},
    "account.payment": {"unlink": "unlink"},
    "account.bank.statement.line": {"create": "create", "unlink": "unlink"},
    "account.partial.reconcile": {"create": "create", "unlink": "unlink"},
    "ir.attachment": {"create": "create", "write": "write"},
    "product.product": {"write": "write"},
    "product.template": {"write": "write"},
    "res.company": {"create": "create"},
    "res.config.settings": {"create": "create", "write": "write"},
    "res.partner": {"write": "write", "unlink": "unlink"},
    "xero.binding": {"write": "write"},
}


@tagged("post_install", "-at_install")
class TestWhoMay(WhoMayCase):
    def _prepare(self):
        super()._prepare()
        self.main, self.other = self.env.company, self.setup_other_company()["company"]
        self._make_people()
        self.records = self._make_records()
        self.new = self._new_lines()
        self.env.flush_all()
        self._world_made = pickle.dumps(self.xero)

    def _make_records(self):
        """One record of each model that the table names, all of the connection's company."""
        account = self.env["account.account"].create({"name": "Unmapped", "code": "977001", "account_type": "income"})
        invoice = self._invoice(100, post=False)
        invoice.invoice_line_ids.account_id = account
        invoice.action_post()
        payment, journal = self._money(50), self.company_data["default_journal_misc"]
        self._settle()
        problem = self.env["xero.problem"].search([("code", "=", "account_unmapped")], limit=1)
        self.assertTrue(problem)
        own = {"connection_id": self.connection.id}
        summary = self.env["xero.journal.summary"].sudo().create({**own, "journal_id": journal.id, "date": "2026-10-01", "number": 1})
        entry = self.env["xero.journal.summary.entry"].sudo().create({"summary_id": summary.id, "move_id": invoice.id, "name": "x"})
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        analytic = self.env["account.analytic.account"].create({"name": "One", "plan_id": plan.id})
        tracking = self.env["xero.tracking.mapping"].create({**own, "plan_id": plan.id})
        made = [
            *(self.connection, problem, problem.job_ids[:1], problem.document_ids[:1], summary, entry, tracking, invoice, payment),
            *(invoice.line_ids[:1], self.partner, self.tax, self.env["xero.audit"].search([("company_id", "=", self.main.id)], limit=1)),
            self.env["xero.reason"].search([("reason", "=", "problem"), ("about", "=", problem.id)]),
            self.env["xero.create.ask"].create(
                {"line_model": "xero.account.mapping", "line_id": self.connection.account_mapping_ids[:1].id}
            ),
            drift := self._drift(),
            self.env["xero.money"].sudo().create({**own, "kind": "payment", "xero_id": "x", "told": Told("payment", "x", None).as_json()}),
            made_there := self._made_there(own),
            approval := self._approval(own, invoice),
            self.env["xero.approval.back"].sudo().create({"approval_ids": [Command.set(approval.ids)], "reason": "x"}).sudo(False),
            self.env["xero.support"].create({"res_model": invoice._name, "res_id": invoice.id}),
            self.env["xero.made.contact"].create({"made_id": made_there.id, "partner_id": self.partner.id}),
            self.env["xero.drift.answer"].create(
                {"answer": "leave", "line_ids": [Command.create({"drift_id": drift.id, "deed": "leave"})]}
            ),
            self.env["xero.leave.out"].create({"job_ids": [Command.set(problem.job_ids.ids)], "reason": "x"}),
            self._partials(self._paid_invoice())[:1],
            self.env["xero.option.mapping"].create({**own, "account_id": analytic.id, "plan_mapping_id": tracking.id}),
            self.env["xero.entry.policy"].create({**own, "journal_id": journal.id, "policy": "none"}),
            *(self.connection[f"{name}_mapping_ids"][:1] for name in ("account", "journal", "tax")),
            self.env["xero.organisation.wizard"].create(
                {**own, "step": "choose", "choice_ids": [Command.create({"tenant_id": "x", "name": "x"})]}
            ),
            self.env["xero.disconnect.wizard"].create(own),
            self.env["xero.contact.match"].create({"problem_id": problem.id}),
            self.env["res.config.settings"].create({}),
            self._statement_line(10),
            self.env["ir.attachment"].create({"name": "x", "raw": b"x", "res_model": "account.move", "res_id": invoice.id}),
            self.company_data["default_journal_sale"],
            *(product := self.env["product.product"].create({"name": "Thing", "company_id": self.main.id})),
            product.product_tmpl_id,
        ]
        return {record._name: record for record in made if record}

    def _drift(self):
        """A change in Xero that somebody has to answer."""
        invoice = self._invoice(20)
        self._settle()
        binding = self._binding(invoice)
        binding.write({"state": "drift", "message": "x"})
        own = {"binding_id": binding.id, "connection_id": self.connection.id, "kind": "invoice", "name": "x"}
        return self.env["xero.drift"].sudo().create({**own, "res_model": "account.move", "res_id": invoice.id}).sudo(False)

    def _approval(self, own, invoice):
        values = {"kind": "invoice", "res_model": invoice._name, "res_id": invoice.id, "content": "x", "name": "x"}
        return self.env["xero.approval"].sudo().create({**own, **values}).sudo(False)

    def _made_there(self, own):
        values = {"kind": "invoice", "xero_id": "x", "told": {"x": 1}, "state": "asked", "candidate_ids": self.partner.ids}
        return self.env["xero.made"].sudo().create({**own, **values}).sudo(False)

    def _paid_invoice(self):
        invoice = self._invoice(30)
        self._pay(invoice)
        return invoice

    def _new_lines(self):
        """What an administrator may add: the values of a line of each mapping."""
        own = {"connection_id": self.connection.id}
        account = self.env["account.account"].create({"name": "New", "code": "977002", "account_type": "income"})
        bank, journal = (
            self.env["account.journal"].create({"name": code, "code": code, "type": kind})
            for code, kind in (("NWB", "bank"), ("NWM", "general"))
        )
        plan = self.env["account.analytic.plan"].create({"name": "New"})
        analytic = self.env["account.analytic.account"].create({"name": "New", "plan_id": self.records["xero.tracking.mapping"].plan_id.id})
        return {
            "xero.account.mapping": {**own, "account_id": account.id},
            "xero.journal.mapping": {**own, "journal_id": bank.id},
            "xero.tax.mapping": {**own, "tax_ids": [Command.set(self.tax.copy({"name": "New"}).ids)]},
            "xero.tracking.mapping": {**own, "plan_id": plan.id},
            "xero.option.mapping": {**own, "account_id": analytic.id, "plan_mapping_id": self.records["xero.tracking.mapping"].id},
            "xero.entry.policy": {**own, "journal_id": journal.id, "policy": "day"},
            "xero.connection": {"company_id": self.main.id, "active": False},
        }

    # === WHAT THERE IS === #

    def test_the_table_names_every_method(self):
        """Issue 12, 4: a new one has to be given its place."""
        found = set(self._found())
        listed = {(model, name) for table in (TABLE, BANK, AS_ODOO_SAYS) for model, methods in table.items() for name in methods}
        self.assertGreater(len(found), 80)
        self.assertEqual(found, listed)

    # === WHO MAY === #

    @mute_logger(
        *("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule"),
        *("odoo.sql_db", "odoo.models", "odoo.orm.models"),
    )
    def test_who_may(self):
        """Issue 12, 4: as the table says, and whatever a caller's context says."""
        self._assert_who_may(TABLE)

    @mute_logger(
        *("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule"),
        *("odoo.sql_db", "odoo.models", "odoo.orm.models"),
    )
    def test_odoos_methods_are_as_odoo_says(self):
        """Issue 12, 4: what we add to them opens and closes nothing."""
        wrong = []
        for model, methods in AS_ODOO_SAYS.items():
            record = self.records.get(model) or self.env[model]
            for method, operation in methods.items():
                for (role, company), user in self.people.items():
                    seen = record.with_env(self.env(user=user, context={}))
                    may = seen.has_access(operation) if method != "create" else seen.browse().has_access(operation)
                    args = [{"name": "x"}] if method in ("create", "write") else []
                    if not may and not self._is_refused(user, model, method, args, {}):
                        wrong.append(f"{model}.{method} {role} of {company.name}")
        self.assertFalse(wrong)

    # === CONTEXT === #

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_defaults_make_no_connection(self):
        """Issue 12, 4: what is refused as a value is not taken from the context either."""
        self.connection.action_disconnect()
        self.connection.active = False
        self.env.flush_all()
        admin = self.people["admin", self.main]
        context = {"default_state": "connected", "default_tenant_id": "stolen", "default_mapping_confirmed_at": "2026-01-01 00:00:00"}
        made = call_kw(
            self.env(user=admin, context={})["xero.connection"], "create", [[{"company_id": self.main.id}]], {"context": context}
        )
        connection = self.env["xero.connection"].browse(made)
        self.assertEqual((connection.state, connection.tenant_id, connection.mapping_confirmed_at), ("draft", False, False))

    def test_defaults_confirm_no_mapping(self):
        """Issue 12, 4: opening the mapping proposes what is missing, and a user cannot have it confirmed."""
        self.connection.account_mapping_ids.filtered(lambda line: line.state == "unused").unlink()
        user = self.people["user", self.main]
        before = self.env["xero.account.mapping"].search([])
        context = {"default_confirmed": True, "default_reason": "chosen", "allowed_company_ids": self.main.ids}
        call_kw(self.env(user=user, context={})["xero.connection"], "action_open_mapping", [self.connection.ids], {"context": context})
        made = self.env["xero.account.mapping"].search([]) - before
        self.assertTrue(made)
        self.assertFalse(made.filtered("confirmed"))
        self.assertNotIn("chosen", made.mapped("reason"))
