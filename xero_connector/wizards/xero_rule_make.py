from odoo import api, fields, models
from odoo.fields import Command


class XeroRuleMake(models.TransientModel):
    """A rule by example: "Do the same for lines like this?" """

    _name = "xero.rule.make"
    _description = "Make a Rule from a Bank Line"

    line_id = fields.Many2one("account.bank.statement.line", required=True, readonly=True, ondelete="cascade")
    connection_id = fields.Many2one("xero.connection", required=True, readonly=True, ondelete="cascade")
    name = fields.Char("Name of the Rule", required=True)
    model_name = fields.Char(default="account.bank.statement.line", readonly=True)
    domain = fields.Char("Condition", required=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="cascade")
    tax_ids = fields.Many2many("account.tax", string="Taxes", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    label = fields.Char(readonly=True)
    sequence = fields.Integer(readonly=True, default=10, help="Before the rule that is about this line so far.")
    how = fields.Selection(
        [("suggest", "Suggest only"), ("book", "Book by itself")],
        "What It Does",
        default="suggest",
        required=True,
    )
    sentence = fields.Char(compute="_compute_catch")
    outcome = fields.Char("Booked To", compute="_compute_catch")
    recent_count = fields.Integer("Last 90 Days", compute="_compute_catch")
    waiting_count = fields.Integer("Waiting Now", compute="_compute_catch")
    warning = fields.Text(compute="_compute_catch")

    @api.depends("domain", "how")
    def _compute_catch(self):
        for wizard in self:
            rule = self.env["xero.rule"].new(wizard._values())
            for name in ("sentence", "outcome", "recent_count", "waiting_count", "warning"):
                wizard[name] = rule[name]

    def _values(self):
        """The rule's."""
        return {
            **{name: self[name] for name in ("name", "domain", "how", "label", "sequence")},
            **{name: self[name].id for name in ("connection_id", "account_id", "partner_id")},
            "use": "bank",
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }

    @api.model
    def _ask(self, booked):
        """The question about a line that is being booked (``xero.bank.book``); none if nothing of it comes again, or a rule says so."""
        rules = self.env["xero.rule"]
        rule = rules._first(booked.line_id).get(booked.line_id.id)
        known = rule and (rule.account_id, rule.tax_ids) == (booked.account_id, booked.tax_ids)
        if known or not rules.has_access("create"):
            return None
        partner = booked.partner_id if booked.partner_id != booked.line_id.partner_id else booked.partner_id.browse()
        return self._like(booked.line_id, booked.account_id, booked.tax_ids, partner, booked.label)

    @api.model
    def _like(self, line, account, taxes, partner, label=""):
        """The dialog about a rule made from a line that is booked so; none if nothing of the line is likely to come again."""
        connection_sudo = self.env["xero.connection"]._get_active(line.company_id)
        domain = connection_sudo and self.env["xero.bank.booking"].sudo()._example(line.sudo(), account, taxes)
        if not domain:
            return None
        other = self.env["xero.rule"]._first(line).get(line.id)
        return self._open(
            {
                **({"sequence": other.sequence - 1} if other else {}),
                "line_id": line.id,
                "connection_id": connection_sudo.id,
                "name": self.env["xero.rule"]._name_for(domain, account),
                "domain": repr(domain),
                "account_id": account.id,
                "tax_ids": taxes.ids,
                "partner_id": partner.id,
                "label": label,
            }
        )

    def _open(self, values):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Do the same for lines like this?"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    def action_make(self):
        """Make the rule; what waits and is to be booked by itself is booked in the connection's next run."""
        self.ensure_one()
        rule = self.env["xero.rule"].create(self._values())
        notice = self.env["xero.connection"]._notify(self.env._("The rule “%s” is made.", rule.name))
        notice["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return notice

    def action_show_recent(self):
        """What the rule would have caught."""
        return self.env["xero.rule"].new(self._values())._show(0, self.env._("Last 90 Days"), target="new")

    def action_show_waiting(self):
        """What the rule would catch now."""
        return self.env["xero.rule"].new(self._values())._show(1, self.env._("Waiting Now"), target="new")
