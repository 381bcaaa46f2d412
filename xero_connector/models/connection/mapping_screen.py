from odoo import api, fields, models

from .mapping import GAPS

# the kinds of line in the order of the screen, with the fields of the connection that hold them
KINDS = (
    ("accounts", ("account_mapping_ids",)),
    ("taxes", ("tax_mapping_ids",)),
    ("banks", ("journal_mapping_ids",)),
    ("tracking", ("plan_mapping_ids", "option_mapping_ids")),
    ("controls", ("control_mapping_ids",)),
)
CHOSEN = ("confirmed", "proposed", "automatic")
STILL = [("state", "in", GAPS)]
PROPOSED = [("state", "=", "proposed"), ("needed", "=", True)]


class XeroConnection(models.Model):
    """The screen of the mapping: what is to be chosen, all kinds below each other, and how far each kind is."""

    _inherit = "xero.connection"

    account_gap_ids = fields.One2many("xero.account.mapping", "connection_id", "Accounts to Choose", domain=[("use", "=", "post"), *STILL])
    tax_gap_ids = fields.One2many("xero.tax.mapping", "connection_id", "Taxes to Choose", domain=STILL)
    journal_gap_ids = fields.One2many("xero.journal.mapping", "connection_id", "Banks to Choose", domain=STILL)
    plan_gap_ids = fields.One2many("xero.tracking.mapping", "connection_id", "Plans to Choose", domain=STILL)
    option_gap_ids = fields.One2many("xero.option.mapping", "connection_id", "Options to Choose", domain=STILL)
    account_proposed_ids = fields.One2many(
        "xero.account.mapping", "connection_id", "Accounts Proposed", domain=[("use", "=", "post"), *PROPOSED]
    )
    tax_proposed_ids = fields.One2many("xero.tax.mapping", "connection_id", "Taxes Proposed", domain=PROPOSED)
    journal_proposed_ids = fields.One2many("xero.journal.mapping", "connection_id", "Banks Proposed", domain=PROPOSED)
    plan_proposed_ids = fields.One2many("xero.tracking.mapping", "connection_id", "Plans Proposed", domain=PROPOSED)
    option_proposed_ids = fields.One2many("xero.option.mapping", "connection_id", "Options Proposed", domain=PROPOSED)
    mapping_of_accounts = fields.Char("Accounts Chosen", compute="_compute_mapping_of")
    mapping_of_taxes = fields.Char("Taxes Chosen", compute="_compute_mapping_of")
    mapping_of_banks = fields.Char("Banks Chosen", compute="_compute_mapping_of")
    mapping_of_tracking = fields.Char("Tracking Chosen", compute="_compute_mapping_of")
    mapping_of_controls = fields.Char("Control Accounts Chosen", compute="_compute_mapping_of")
    mapping_gaps = fields.Char(compute="_compute_mapping_of", help="The kinds of which one is missing.")

    @api.depends(*(f"{name}.{field}" for _kind, names in KINDS for name in names for field in ("state", "needed")))
    def _compute_mapping_of(self):
        for connection in self:
            gaps = []
            for kind, names in KINDS:
                needed = [line.state for name in names for line in connection[name] if line.needed]
                chosen = sum(state in CHOSEN for state in needed)
                connection[f"mapping_of_{kind}"] = self.env._("%(chosen)s of %(needed)s", chosen=chosen, needed=len(needed))
                gaps += [kind] if any(state in GAPS for state in needed) else []
            connection.mapping_gaps = ",".join(gaps)

    def _open_lines(self, action):
        """The ordinary list of one kind of line, of this connection, with those that documents need."""
        self.ensure_one()
        self.check_access("read")
        found = self.env["ir.actions.act_window"]._for_xml_id(f"xero_connector.{action}")
        domain = [("connection_id", "=", self.id)]
        if found["res_model"] == "xero.account.mapping":
            domain += [("use", "=", "control" if action == "xero_control_mapping_action" else "post")]
        return {**found, "domain": domain, "context": {"search_default_needed": 1}}

    def action_open_accounts(self):
        """All accounts, with what stands for them in Xero."""
        return self._open_lines("xero_account_mapping_action")

    def action_open_taxes(self):
        """All taxes, with what stands for them in Xero."""
        return self._open_lines("xero_tax_mapping_action")

    def action_open_banks(self):
        """All journals of money, with what stands for them in Xero."""
        return self._open_lines("xero_journal_mapping_action")

    def action_open_tracking(self):
        """All analytic accounts, or the plans if there are no accounts, with what stands for them in Xero."""
        return self._open_lines("xero_option_mapping_action" if self.option_mapping_ids else "xero_tracking_mapping_action")

    def action_open_plans(self):
        """All analytic plans, with the tracking categories that stand for them."""
        return self._open_lines("xero_tracking_mapping_action")

    def action_open_controls(self):
        """Xero's own control accounts, and what is compared with them."""
        return self._open_lines("xero_control_mapping_action")
