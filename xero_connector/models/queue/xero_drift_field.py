from odoo import api, fields, models

from ...handlers.drift import LABELS


class XeroDriftField(models.Model):
    """One field of what differs in Xero, on both sides and as both last had it; beside these some that are the same."""

    _name = "xero.drift.field"
    _description = "Field of a Change in Xero"
    _order = "sequence, id"
    _rec_name = "label"

    drift_id = fields.Many2one("xero.drift", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    name = fields.Char(required=True)
    line = fields.Integer()
    label = fields.Char("Field", compute="_compute_label")
    agreed = fields.Char("Last Agreed")
    odoo = fields.Char("In Odoo")
    xero = fields.Char("In Xero")
    differs = fields.Boolean(default=True)
    verdict = fields.Char(compute="_compute_label")

    @api.depends("name", "line", "differs")
    def _compute_label(self):
        for field in self:
            field.label = self._label(field.name, field.line)
            field.verdict = "differs" if field.differs else "same"

    @api.model
    def _rows(self, noted):
        """The values of the rows of what was found, the weightiest first, what is the same last."""
        shown = sorted((side for side in noted.sides if side in noted.asked or not side.differs), key=lambda side: side.weight)
        names = ("name", "line", "odoo", "xero", "agreed", "differs")
        return [{**{name: getattr(side, name) for name in names}, "sequence": number} for number, side in enumerate(shown)]

    @api.model
    def _label(self, name, line):
        label = self.env._(LABELS[name]) if name in LABELS else ""
        return self.env._("%(field)s, line %(line)s", field=label, line=line) if line else label
