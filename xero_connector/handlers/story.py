"""What a document's tab *Xero* and the page *Show Me Why* say of a kind: in words, without what was sent."""

from odoo import models
from odoo.tools.translate import LazyTranslate

from .telling import CREATE, REMOVE, UPDATE

_lt = LazyTranslate(__name__)

BESIDE = {
    CREATE: _lt("%(kind)s sent: %(name)s"),
    UPDATE: _lt("%(kind)s changed in Xero: %(name)s"),
    REMOVE: _lt("%(kind)s removed in Xero: %(name)s"),
}
# by the binding's ``correction``
CENTS = {
    "plain": _lt("Xero's own arithmetic comes to Odoo's total: nothing was done about cents."),
    "tax_amounts": _lt("The tax of each line was given, so that Xero comes to Odoo's total."),
    "rounding_line": _lt("A rounding line makes up for the cents by which Xero's arithmetic differs."),
}


class XeroHandlerStory(models.AbstractModel):
    _inherit = "xero.handler"

    def _happened_words(self, operation, name="", before=None, after=None):
        """One change made in Xero.

        :param name: what people know the counterpart by, if it is not the document's own
        :param before, after: what was sent the time before, and then, where that was kept
        """
        if name:
            sentence = self.env._(BESIDE[operation])
            return sentence % {"kind": self.env._(self._label), "name": name}
        return self._arrived_words(operation, before, after)

    def _cents_words(self, correction):
        """What it took for Xero to arrive at the document's total."""
        return correction and self.env._(CENTS[correction])

    def _lines_explained(self, connection, record):
        """Hook: which account and tax each line of a record goes to, by line.

        ``(text, account here, in Xero, tax here, in Xero, id of the account, key of the taxes in the mapping)`` of each.
        """
        return []

    def _setting_words(self, connection):
        """When documents of the kind are sent at all: the setting, as the settings' screen has it."""
        field = connection._fields.get(self._setting)
        if field is None:
            return ""
        label, modes = field._description_string(self.env), dict(field._description_selection(self.env))
        return self.env._("%(what)s: %(mode)s", what=label, mode=modes.get(connection[self._setting], ""))
