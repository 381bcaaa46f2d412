from datetime import timedelta

from odoo import api, fields, models

from ...handlers.causes import codes
from ...mapping import table as mapping_table
from ...refusal import Refusal
from ...xero_core.errors import XeroError

STALE_AFTER = timedelta(hours=24)
AGAIN_AFTER = timedelta(hours=1)
GAPS = ("missing", "archived")
LINES = ("account_mapping_ids", "tax_mapping_ids", "journal_mapping_ids", "control_mapping_ids", "plan_mapping_ids", "option_mapping_ids")


class XeroConnection(models.Model):
    """Reference data and mapping of the connection.

    Entry points: ``_read_reference_data``, ``_propose_mapping``, ``_mapping_table``, ``action_open_mapping``, ``action_confirm_mapping``.
    """

    _inherit = "xero.connection"

    account_mapping_ids = fields.One2many("xero.account.mapping", "connection_id", "Accounts", domain=[("use", "=", "post")])
    control_mapping_ids = fields.One2many("xero.account.mapping", "connection_id", "Control Accounts", domain=[("use", "=", "control")])
    tax_mapping_ids = fields.One2many("xero.tax.mapping", "connection_id", "Taxes")
    journal_mapping_ids = fields.One2many("xero.journal.mapping", "connection_id", "Banks")
    plan_mapping_ids = fields.One2many("xero.tracking.mapping", "connection_id", "Analytic Plans")
    option_mapping_ids = fields.One2many("xero.option.mapping", "connection_id", "Analytic Accounts")
    mapping_missing_count = fields.Integer("Choices Missing", compute="_compute_mapping_progress")
    mapping_proposed_count = fields.Integer("Proposals to Confirm", compute="_compute_mapping_progress")
    mapping_summary = fields.Char(compute="_compute_mapping_progress")
    mapping_confirmed_user_id = fields.Many2one("res.users", "Confirmed By", readonly=True, copy=False)
    forbidden_actions = fields.Char(readonly=True, copy=False, help="What the plan or the user's role does not allow, as last read.")
    writes_before_lock = fields.Boolean(readonly=True, copy=False, help="The user who connected is an adviser in Xero.")
    reference_tried_at = fields.Datetime(readonly=True, copy=False)

    @api.depends(*(f"{name}.state" for name in LINES))
    def _compute_mapping_progress(self):
        for connection in self:
            states = [line.state for name in LINES for line in connection[name]]
            connection.mapping_missing_count = sum(state in GAPS for state in states)
            connection.mapping_proposed_count = states.count("proposed")
            connection.mapping_summary = connection._mapping_sentence()

    def _mapping_sentence(self):
        if self.mapping_missing_count:
            return self.env._("To choose: %s.", self.mapping_missing_count)
        return self.env._("Every line that documents need has its counterpart in Xero.")

    # === REFERENCE DATA === #

    def _read_reference_data(self):
        """Read accounts, tax rates, tracking categories, currencies, branding themes and the organisation: six calls.

        :raise XeroError: if Xero cannot be read; nothing is changed then
        """
        self.ensure_one()
        news = self.env["xero.handler.reference"]._read(self)
        if news.codes:
            self.env["xero.problem"]._release(self, news.codes)

    def _forbidden_actions(self):
        """Names of what Xero does not allow this connection to do, as a set."""
        return frozenset(filter(None, (self.forbidden_actions or "").split(",")))

    def _last_locked_day(self):
        """The last day on which nothing can be written, False if there is none. Advisers may write before the period lock date."""
        period = False if self.writes_before_lock else self.period_lock_date
        return max((day for day in (period, self.end_of_year_lock_date) if day), default=False)

    def _reference_is_stale(self):
        """Whether the reference data is older than a day or was never read, and nobody has tried within the hour."""
        self.ensure_one()
        now = fields.Datetime.now()
        # what lies ahead was noted by a clock that has been set back since
        if self.reference_tried_at and now - AGAIN_AFTER < self.reference_tried_at <= now:
            return not self.reference_read_at
        return not self.reference_read_at or not now - STALE_AFTER <= self.reference_read_at <= now

    def action_refresh_reference_data(self):
        """Read the reference data now."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        connection_sudo = self._without_defaults().sudo()
        if not self._is_refresh_due():
            return self._notify(self.env._("It was read from Xero less than a minute ago."))
        try:
            connection_sudo._read_reference_data()
        except XeroError as error:
            if not connection_sudo._apply_error(error):
                raise Refusal(self._click_sentence(error)) from None
            return self._notify(self._click_sentence(error), "danger")
        connection_sudo._propose_mapping()
        return self._notify(self.env._("Accounts, tax rates, tracking categories and currencies are up to date."))

    def _is_refresh_due(self):
        """It takes some calls of the day's: whoever is no Xero administrator may have them once a minute."""
        read_at = self.reference_read_at
        is_fresh = read_at and read_at > fields.Datetime.subtract(fields.Datetime.now(), minutes=1)
        return not is_fresh or self.env.user.has_group("xero_connector.group_xero_admin")

    # === MAPPING === #

    def _propose_mapping(self):
        """Fill the mapping with proposals; lines that a person confirmed or chose stay as they are."""
        self.ensure_one()
        connection = self._without_defaults()
        connection.env["xero.handler.proposal"]._propose(connection)

    def _mapping_table(self):
        """The confirmed mapping as a plain ``handlers.mapping_table.MappingTable``."""
        self.ensure_one()
        return mapping_table.load(self)

    @api.model
    def action_open_company_mapping(self):
        """The mapping of the current company."""
        self._check_xero_user()
        connection = self._get_active(self.env.company)
        if not connection:
            raise Refusal(self.env._("%s is not connected to Xero yet.", self.env.company.name))
        return connection.sudo(False).action_open_mapping()

    def action_open_mapping(self):
        """The one screen of the mapping, with lines for whatever has come into use since it was last opened."""
        self.ensure_one()
        self.check_access("read")
        if self.reference_read_at:
            self._propose_mapping()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mapping"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("xero_connector.xero_connection_view_form_mapping").id, "form")],
        }

    def action_propose_mapping(self):
        """Propose again for the lines nobody has confirmed or chosen."""
        self.check_access("write")
        self._propose_mapping()
        return self._notify(self.mapping_summary)

    def action_confirm_mapping(self):
        """Agree to every line that has a counterpart, and try the documents again that waited for the mapping."""
        self.ensure_one()
        self.check_access("write")
        if not self.reference_read_at:
            raise Refusal(self.env._("Nothing has been read from Xero yet. Press “Read from Xero” first."))
        for name in LINES:
            self[name]._confirm()
        self.sudo().write({"mapping_confirmed_at": fields.Datetime.now(), "mapping_confirmed_user_id": self.env.uid})
        count = self.env["xero.problem"]._release(self, codes("mapping"))
        sentence = self.env._("Confirmed. On their way: %s", count) if count else self.env._("Confirmed.")
        notice = self._notify(sentence, "warning" if self.mapping_missing_count else "success")
        if (next_step := self._after_mapping()) and not self.mapping_missing_count:
            notice["params"]["next"] = next_step
        return notice

    def _after_mapping(self):
        """Where a person goes on who has confirmed the mapping: back to the problem that led there, else to the Overview."""
        problem = self.env["xero.problem"].browse(self.env.context.get("xero_problem_id")).exists()
        if problem and problem.connection_id == self:
            return problem.get_formview_action()
        return self.env["ir.actions.act_window"]._for_xml_id("xero_connector.xero_overview_action")
