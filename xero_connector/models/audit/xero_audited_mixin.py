from collections import defaultdict

from odoo import api, models
from odoo.tools.misc import format_date, format_datetime

from .xero_audit import SETTING, Entry


class XeroAuditedMixin(models.AbstractModel):
    """Records whose changes of some fields are kept in the audit trail, before and after, whoever makes them and by whatever way.

    A record that is made, or deleted, is one row with all that was given; a change is one row per field whose words have changed.
    """

    _name = "xero.audited.mixin"
    _description = "What the audit trail of Xero follows"

    _audited = ()  # names of fields; an inverse that keeps a secret is in ``_audited_secrets``
    _audited_secrets = ()  # of these the trail says that they were changed, and nothing else
    _audited_through = ()  # fields by which the words of others change
    _audited_act = SETTING

    # === HOOKS === #

    def _audited_names(self):
        """The fields that are followed."""
        return self._audited

    def _audited_act_of(self, name):
        """What a change of this field is."""
        return self._audited_act

    def _audited_company(self):
        """Whose trail it is in."""
        return self.company_id

    def _audited_text(self, name):
        """The value of a field as people read it; '' for none."""
        field, value = self._fields[name], self[name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value and field.type not in ("integer", "float", "monetary"):
            return ""
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        made = {
            "selection": lambda: dict(field._description_selection(self.env)).get(value, value),
            "date": lambda: format_date(self.env, value),
            "datetime": lambda: format_datetime(self.env, value, dt_format="medium"),
            "float": lambda: f"{value:g}",
        }
        return made.get(field.type, lambda: str(value))()

    def _audited_name(self):
        """What people know the record by."""
        return self.display_name

    # === FOLLOWING === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._keep_found(
            (record, self._audited_act, record._audited_whole(set(vals), self.env._("New")))
            for record, vals in zip(records, vals_list, strict=True)
        )
        return records

    def write(self, vals):
        is_followed = not vals.keys().isdisjoint((*self._audited_names(), *self._audited_through))
        before = self._audited_texts() if is_followed else {}
        res = super().write(vals)
        if is_followed or not vals.keys().isdisjoint(self._audited_secrets):
            self._keep_found(self._audited_changes(before, vals))
        return res

    def unlink(self):
        self.check_access("unlink")
        found = [(record, self._audited_act, record._audited_whole(None, self.env._("Deleted"))) for record in self]
        self._keep_found(found)
        return super().unlink()

    def _audited_texts(self):
        return {record: {name: record.sudo()._audited_text(name) for name in record._audited_names()} for record in self}

    def _audited_changes(self, before, vals):
        """``(record, act, Entry)`` of each value that reads otherwise than before, and of each secret that was given."""
        after = self._audited_texts() if before else {}
        for record in self:
            name, was = record.sudo()._audited_name(), before.get(record, {})
            for field, text in after.get(record, {}).items():
                if text != was[field]:
                    yield record, self._audited_act_of(field), Entry(record, self._audited_label(field), was[field], text, name)
            for field in self._audited_secrets:
                if vals.get(field):
                    yield record, self._audited_act, Entry(record, self._audited_label(field), "", self.env._("Changed"), name)

    def _audited_whole(self, given, about):
        """The entry of a record that was made with values of these fields, or that goes (``None``); None if that says nothing."""
        names = [name for name in self._audited_names() if given is None or name in given]
        said = [(self._audited_label(name), self.sudo()._audited_text(name)) for name in names]
        text = "\n".join(f"{label}: {value}" for label, value in said if value)
        before, after = (text, "") if given is None else ("", text)
        return Entry(self, about, before, after, self.sudo()._audited_name()) if text else None

    def _keep_found(self, found):
        """Keep ``(record, act, Entry or None)``."""
        entries = defaultdict(list)
        for record, act, entry in found:
            if entry:
                entries[act, record.sudo()._audited_company()].append(entry)
        for (act, company), own in entries.items():
            self.env["xero.audit"]._keep(act, company, own)

    def _audited_label(self, name):
        return self._fields[name]._description_string(self.env)
