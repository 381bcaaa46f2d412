from datetime import timedelta

from odoo import fields, models

SILENCE = "webhooks_silent"  # what to-dos about it are called
SILENT = timedelta(days=1)  # as long as Xero tries a webhook again
CLOCKS = timedelta(minutes=10)  # that Xero's and ours may differ, with the time a ring takes


class XeroConnection(models.Model):
    """Webhooks that were switched on and have fallen silent: what changes in Xero is found later than people may think.

    Xero switches a webhook off that was answered wrongly for a day, and mails the owner of the app only; an address may have changed, a
    proxy may have come between. Nothing tells us but a change for which Xero should have rung. Nobody is told where webhooks were never
    heard, nor of a quiet week.
    """

    _inherit = "xero.connection"

    silence_told = fields.Boolean(help="The responsible user has been told that Xero does not ring any more.")

    def _silence_words(self):
        """That Xero does not ring any more, in a sentence; empty if it does, or never did."""
        self.ensure_one()
        last = self.rung_at
        if not last or not self.has_webhook_key or self.state != "connected" or self.reads != "auto":
            return ""
        changed = self._changed_unheard()
        if not changed or changed <= last + CLOCKS or fields.Datetime.now() - changed < SILENT:
            return ""
        return self.env._(
            "Xero has not rung since %(last)s, though something was changed there at %(changed)s. Changes are found all the same, by "
            "asking at intervals. Look in Xero's developer portal whether the app's webhooks are still on, and send an intent to receive.",
            last=self._local(last), changed=self._local(changed),
        )  # fmt: skip

    def _changed_unheard(self):
        """Xero's last stamp on the lists of whose records each change rings; payments ring for what they pay, if at all."""
        handlers = self.env["xero.handler"]
        names = [name for name, kinds in self._read_lists().items() if all(handlers._of(kind)._rings_itself for kind in kinds)]
        return max(self.cursor_ids.filtered(lambda cursor: cursor.name in names and cursor.changed_at).mapped("changed_at"), default=False)

    def _tell_of_silence(self):
        """One to-do, until they ring again."""
        silence = self._silence_words()
        if silence and not self.silence_told:
            self._schedule(SILENCE, self.env._("Xero's webhooks are silent"), silence)
        if self.silence_told != bool(silence):
            self.silence_told = bool(silence)
