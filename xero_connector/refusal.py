"""What a person is told when a click cannot be followed. A refusal is no error: nothing was done, and the sentence says what to do."""

from odoo.exceptions import UserError


class Refusal(UserError):
    """Odoo's ``UserError`` for everything that handles one; the web client has a dialog of ours for it (``static/src/refusal``).

    Odoo's own would be titled "Invalid Operation", which says neither what happened nor that nothing did.

    :param str message: why, and what to do; translated
    :param str title: what became of the click, translated; without it "Nothing Was Done"
    """

    def __init__(self, message, title=""):
        super().__init__(message)
        self.context = {"title": title}
