from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import words
from ...refusal import Refusal
from ..audit.xero_audit import MAPPING

REASONS = [
    # something is proposed
    ("same_code", "Same code"),
    ("same_name", "Same name"),
    ("same_number", "Same account number"),
    ("system_account", "System account"),
    ("usual", "Usual one for Odoo's standard chart"),
    ("same_kind", "Same kind of account"),
    ("default_sales", "Your default sales account"),
    ("default_purchases", "Your default purchase account"),
    ("only_bank", "Only bank account"),
    ("only_bank_other_number", "Only bank account; its number differs, please check"),
    ("everyday_bank", "Only everyday bank account"),
    ("standard_tax", "Odoo's standard tax for this country"),
    ("same_rate", "Same rate and type"),
    ("same_total", "Same total rate"),
    ("same_kind_of_tax", "Same kind of tax"),
    ("for_class", "Same rate, allowed on this kind of account"),
    ("no_tax", "Lines without tax"),
    ("chosen", "Chosen by hand"),
    ("created", "Created in Xero"),
    # nothing is proposed
    ("no_match", "Nothing in Xero matches"),
    ("several", "More than one in Xero matches"),
    ("no_rate", "No tax rate in Xero has this percentage"),
    ("rate_differs", "Xero's tax rate has another percentage"),
    ("switched_off", "Xero's usual tax rate is switched off"),
    ("not_a_sales_tax", "Not a sales tax in Xero"),
    ("not_a_purchase_tax", "Not a purchase tax in Xero"),
    ("not_claimable", "Cannot be claimed back: part of the price in Xero"),
    ("import_tax", "Only the tax of an import: please choose"),
    ("withheld", "Withheld from the payment: no tax rate in Xero"),
    ("not_allowed", "Xero's tax rate is not allowed on this kind of account"),
    ("tax_account", "Xero books taxes on its own account"),
    ("stock", "Xero's inventory account is for its own stock only"),
    ("kept_by_xero", "Xero keeps that account itself"),
    ("computed", "Xero computes it"),
    ("money", "Money: see the page Banks"),
    ("not_a_percentage", "Not a percentage of the price"),
    ("special_tax", "Special case: please choose"),
    ("several_taxes", "Xero takes one tax rate per line"),
    ("no_bank", "No bank account in this currency"),
    ("several_journals", "Several journals, one bank account"),
    ("number_differs", "Other account number in Xero"),
]
RANK = {"archived": 0, "missing": 0, "proposed": 1, "confirmed": 2, "automatic": 3, "unused": 3}
NOT_NEEDED = max(RANK.values()) + 1  # what no document uses comes after everything that some do


class XeroMappingLine(models.AbstractModel):
    """What the lines of a mapping have in common: something in Odoo, its counterpart in Xero, why, and whether a person agreed.

    Entry point: ``_confirm``. Invariant: only lines that were confirmed are used (``handlers.mapping_table``).
    A line without counterpart is ``missing`` if documents need it, else ``unused``.
    """

    _name = "xero.mapping.line"
    _description = "Xero Mapping Line"
    _inherit = ["xero.audited.mixin"]
    _order = "rank, id"

    _target_field = None  # name of the many2one to Xero's side
    _odoo_field = None  # name of the field with Odoo's side
    _problem_codes = ()  # codes of the problems a choice on such a line may solve
    _audited_through = ("confirmed", "reason")
    _audited_act = MAPPING

    connection_id = fields.Many2one("xero.connection", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    label = fields.Char("In Odoo", compute="_compute_label", search="_search_label")
    reason = fields.Selection(REASONS, "Why", readonly=True)
    needed = fields.Boolean(default=True, readonly=True, help="Documents or default settings use it.")
    confirmed = fields.Boolean(readonly=True)
    state = fields.Selection(words.selection(words.MAPPING), "Status", compute="_compute_state", store=True)
    rank = fields.Integer(compute="_compute_state", store=True)
    can_create = fields.Boolean(compute="_compute_can_create")
    used_count = fields.Integer("Used By", compute="_compute_used", help="Documents since the first day that is sent.")
    used_amount = fields.Monetary("Amount", compute="_compute_used", help="Before tax, in the company's currency.")
    currency_id = fields.Many2one(related="company_id.currency_id")

    def _compute_label(self):
        raise NotImplementedError

    def _search_label(self, operator, value):
        return [(f"{self._odoo_field}.display_name", operator, value)]

    def _compute_used(self):
        """How many documents use what stands on these lines, and for how much."""
        for connection, lines in self.grouped("connection_id").items():
            counts = lines._used(connection.sudo()) if connection else {}
            for line in lines:
                line.used_count, line.used_amount = counts.get(line._used_key(), (0, 0))

    def _used(self, connection_sudo):
        """``{key of a line: (documents, amount)}``; of what is not counted nothing."""
        return {}

    def _used_key(self):
        return self.id

    def _since(self, connection_sudo):
        return [("date", ">=", connection_sudo.sync_from)] if connection_sudo.sync_from else []

    def _state_depends(self):
        return (self._target_field, f"{self._target_field}.active") if self._target_field else ()

    @api.depends(lambda self: ("needed", "confirmed", *self._state_depends()))
    def _compute_state(self):
        for line in self:
            line.state = line._get_state()
            line.rank = RANK[line.state] + (0 if line.needed else NOT_NEEDED)

    def _get_state(self):
        target = self[self._target_field]
        if not target:
            return "missing" if self.needed else "unused"
        if not target.active:
            return "archived"
        return "confirmed" if self.confirmed else "proposed"

    @api.depends("state")
    def _compute_can_create(self):
        for line in self:
            line.can_create = line.state in ("missing", "automatic", "unused", "archived") and line._can_create_in_xero()

    def _can_create_in_xero(self):
        """Whether the button "Create in Xero" makes sense for this line."""
        return False

    def _check_can_create(self):
        """:raise UserError: where the screen does not offer "Create in Xero"; a second click comes here too."""
        self.ensure_one()
        self.check_access("write")
        if not self.can_create:
            raise Refusal(self.env._("Nothing can be created in Xero for “%s”, or it has its counterpart already.", self.label))

    def _ask_create(self, title):
        """The dialog that says what would be created, and asks."""
        self._check_can_create()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "xero.create.ask",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_line_model": self._name, "default_line_id": self.id},
        }

    def _what_is_created(self):
        """``(label, value)`` of what "Create in Xero" makes of this line.

        :raise UserError: why it cannot be made
        """
        raise NotImplementedError

    def _check_target(self):
        """:raise ValidationError: if the choice is not legal."""
        for line in self:
            target = line[self._target_field]
            if target and target.connection_id != line.connection_id:
                raise ValidationError(self.env._("%s belongs to another Xero organisation.", target.display_name))
            if target and not target.active:
                raise ValidationError(self.env._("%s is no longer in use in Xero. Choose another one.", target.display_name))

    def _check_company(self, fnames=None):
        """What any of the connection's companies may use, branches included."""
        names = [name for name in fnames or self._fields if getattr(self._fields[name], "check_company", False)]
        for connection, lines in self.grouped("connection_id").items():
            for name in names:
                connection._check_usable(lines.sudo()[name])

    # === A PERSON CHOOSES === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{"reason": "chosen", **vals} if vals.get(self._target_field) else vals for vals in vals_list]
        lines = super().create(vals_list)
        lines._adopt_choice()
        return lines

    def write(self, vals):
        chosen = self._target_field in vals and "reason" not in vals
        if chosen:
            vals = {**vals, "reason": "chosen" if vals[self._target_field] else "no_match", "confirmed": False}
        result = super().write(vals)
        if chosen:
            self._adopt_choice()
        return result

    def _adopt_choice(self):
        """A choice made by hand after the mapping was confirmed counts at once."""
        chosen = self.filtered(lambda line: line.reason in ("chosen", "created") and line._has_choice())
        chosen.filtered("connection_id.mapping_confirmed_at")._confirm()

    def _has_choice(self):
        """Whether the line says what becomes of it in Xero."""
        return bool(self[self._target_field])

    def _confirm(self):
        """Take the lines that have a counterpart as agreed and try the documents again that waited for them."""
        self.filtered(lambda line: line._has_choice() and not line.confirmed).write({"confirmed": True})
        for connection in self.connection_id:
            self.env["xero.problem"]._release(connection, self._problem_codes)

    # === AUDIT TRAIL === #

    def _audited_names(self):
        return (self._target_field, *self._audited)

    def _audited_name(self):
        return self.label

    def _audited_text(self, name):
        """What is only proposed is nobody's choice yet."""
        is_choice = self.confirmed or self.reason in ("chosen", "created")
        return super()._audited_text(name) if name != self._target_field or is_choice else ""
