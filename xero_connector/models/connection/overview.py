from markupsafe import Markup

from odoo import api, fields, models

from ... import words

SHOWN_PROBLEMS = 5


class XeroConnection(models.Model):
    """What the Overview shows of a connection besides its counters."""

    _inherit = "xero.connection"

    overview_needs = fields.Json(compute="_compute_overview_needs")
    may_administer = fields.Boolean(
        compute="_compute_may_administer", help="The reader may change what it is set to: a Xero administrator in its own company."
    )
    administered_by = fields.Char(compute="_compute_may_administer", help="Says to everybody else who may.")

    def _compute_overview_needs(self):
        Problem = self.env["xero.problem"]
        for connection in self:
            problems = Problem.search([("connection_id", "=", connection.id), ("state", "=", "open")], limit=SHOWN_PROBLEMS)
            twice, money = connection._money_needs()
            held = [
                {"model": problem._name, "id": problem.id, "name": problem.name, "count": problem.job_count, "fix_label": problem.fix_label}
                for problem in problems
            ]
            asked = [*connection._changes_need(), *connection._made_needs(), *money, *connection._approval_need(), *connection._bank_need()]
            connection.overview_needs = [*twice, *held, *asked]

    def _changes_need(self):
        """What was changed in Xero, as one thing to do; none if nothing waits for an answer."""
        drifts = self.env["xero.drift"].search([("connection_id", "=", self.id), ("state", "=", "open")])
        if not drifts:
            return []
        currency, counted = self.company_id.currency_id, self.env._("Changes: %s", len(drifts))
        amount = sum(abs(drift.amount) for drift in drifts if drift.currency_id == currency and drift.changes_amount)
        need = {"model": self._name, "id": self.id, "name": self.env._(words.DOCUMENT["drift"].label), "fix_label": self.env._("Answer")}
        need |= {"count": len(drifts), "counted": f"{counted} · {currency.format(amount)}" if amount else counted}
        return [{**need, "method": "action_open_drifts"}]

    def action_open_drifts(self):
        """What was changed in Xero of this connection."""
        self._check_xero_user()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_drift_action")
        return {**action, "context": {"search_default_open": 1, "search_default_connection_id": self.id}}

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_administer(self):
        allowed = self._filtered_access("write") if self.env.user.has_group("xero_connector.group_xero_admin") else self.browse()
        for connection in self:
            connection.may_administer = connection in allowed
            company = connection.sudo().company_id
            of_branch = company not in self.env.companies
            connection.administered_by = (
                self.env._("A Xero administrator of %s does this.", company.name)
                if of_branch
                else self.env._("A Xero administrator does this.")
            )

    def action_open_settings(self):
        """Where the connection is set up: the settings of Odoo's administrator, else the connection itself."""
        self.ensure_one()
        self.check_access("read")
        if self.env.user.has_group("base.group_system"):
            return self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_settings_action")
        return self._open_form()

    @api.model
    def get_empty_list_help(self, help_message):
        """The empty Overview says what the person who sees it can do."""
        if not self.env.context.get("xero_overview"):
            return super().get_empty_list_help(help_message)
        title = self.env._("Not connected to Xero yet")  # no company's name: the web client keeps this text for all of them
        if not self.env.user.has_group("xero_connector.group_xero_admin"):
            text = self.env._(
                "A Xero administrator can connect it. After that, this page shows how the books in Odoo and in Xero keep in step."
            )
            return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (title, text)
        text = self.env._("Connect it once; from then on invoices, bills, contacts and payments reach Xero by themselves.")
        system = self.env.user.has_group("base.group_system")
        action = "xero_settings_action" if system else "xero_connection_action"
        link = Markup('<a href="/odoo/action-xero_connector.%s" class="btn btn-primary">%s</a>') % (action, self.env._("Connect to Xero"))
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p><p>%s</p>') % (title, text, link)
