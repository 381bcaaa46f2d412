from datetime import timedelta

from odoo import api, fields, models

from ...access import clients
from ...access.tokens import TokenRow
from ...xero_core.http import webhooks
from ..audit.xero_audit import SETTING

QUIET, WAIT = timedelta(seconds=10), timedelta(seconds=30)  # one payment, or one call of ours, makes Xero ring several times
LATELY = timedelta(minutes=1)  # when it was sent, what rings is most likely our own
SOON = timedelta(minutes=2)


class XeroConnection(models.Model):
    """Webhooks: Xero rings when something is new, and the lists that tell of it are read in the next run.

    Without them everything works, only later: an Odoo that cannot be reached from outside has none, and Xero has none for payments.
    """

    _inherit = "xero.connection"

    webhook_url = fields.Char("Webhook Address", compute="_compute_webhook_url")
    webhook_key = fields.Char(
        compute="_compute_webhook_key",
        inverse="_inverse_webhook_key",
        copy=False,
        help="Kept encrypted; it cannot be read back. The one before it is taken as well, until you enter the next.",
    )
    has_webhook_key = fields.Boolean("Webhook Key Stored", compute="_compute_has_webhook_key")
    rung_at = fields.Datetime("Last Ring", compute="_compute_rung_at", help="When a webhook of Xero was last heard.")
    ring_note = fields.Char(compute="_compute_ring_note")

    @api.depends("external_key")
    def _compute_webhook_url(self):
        for connection in self:
            connection.webhook_url = f"{connection.get_base_url()}/xero/webhook/{connection.external_key}"

    def _compute_webhook_key(self):
        self.webhook_key = False

    def _inverse_webhook_key(self):
        for connection in self.filtered("webhook_key"):
            connection.check_access("write")
            with connection._key_in_words():
                clients.add_webhook_key(connection, connection.webhook_key.strip())
        self.invalidate_recordset(["webhook_key", "has_webhook_key", "ring_note"], flush=False)

    def action_forget_webhook_keys(self):
        """Webhooks are switched off in Xero: nobody may ring any more."""
        self.check_access("write")
        for connection in self:
            TokenRow(self.env.cr, connection.id).wipe(["webhook_keys"])
        self._keep_act(SETTING, self._audited_label("webhook_key"), self.env._("Removed"))
        self.invalidate_recordset(["has_webhook_key", "ring_note"])
        return True

    def _compute_has_webhook_key(self):
        for connection in self:
            connection.has_webhook_key = TokenRow(self.env.cr, connection._origin.id).has("webhook_keys")

    def _compute_rung_at(self):
        groups = self.env["xero.event"].sudo()._read_group([("connection_id", "in", self.ids)], ["connection_id"], ["rung_at:max"])
        moments = {connection.id: moment for connection, moment in groups}
        for connection in self:
            connection.rung_at = moments.get(connection._origin.id, False)

    def _compute_ring_note(self):
        for connection in self:
            if silence := connection._origin and connection.sudo()._silence_words():
                connection.ring_note = silence
            elif connection.rung_at:
                connection.ring_note = self.env._("Last ring: %s", self._local(connection.rung_at))
            elif connection.has_webhook_key:
                connection.ring_note = self.env._("Xero has not rung yet. Changes are found all the same, by asking at intervals.")
            else:
                connection.ring_note = self.env._("Not switched on. Changes are found all the same, by asking at intervals.")

    @api.model
    def _heard(self, path, body, signature):
        """What a webhook is answered with; its events are kept if it is Xero's.

        ==========================================  ===========================================================
        no connection has this path                 401: nobody could have signed it
        no key is stored, or it cannot be read now  503: Xero rings again, and in a day mails whoever owns the app
        the signature is of none of the keys        401
        Xero only asks whether anybody is there     200
        of organisations we are not connected to    200, and nothing is kept
        ==========================================  ===========================================================

        :param bytes body: as it was sent: verified before anything is made of it, or written
        """
        connection_sudo = self.sudo().search([("external_key", "=", path)], limit=1)
        if not connection_sudo:
            return 401
        keys = clients.webhook_keys(connection_sudo)
        if not keys:
            return 503
        if not webhooks.is_signed(body, signature, keys):
            return 401
        rings = webhooks.rings(body)
        if not rings:
            self.env["xero.event"].sudo()._note_handshake(connection_sudo)
        for served_sudo in connection_sudo._of_same_app({ring.tenant_id for ring in rings}):
            served_sudo._ring([ring for ring in rings if ring.tenant_id == served_sudo.tenant_id])
        return 200

    def _of_same_app(self, tenant_ids):
        """Connections with these organisations through the same app: an app rings at one address, for all that it is connected to."""
        own = [("client_id", "=", self.client_id), ("state", "in", ("connected", "paused"))]
        return self.search([("tenant_id", "in", sorted(filter(None, tenant_ids))), *own]).filtered(lambda each: not each.is_database_copy)

    def _ring(self, rings):
        """Keep the rings, and have what rang read: at once after a while of quiet, else in a moment, since others follow mostly.

        That moment is at least ``WAIT``; Odoo looks once a minute for what is due later.
        """
        heard = {category for kind in self.env["xero.handler"]._all() if kind._list for category in kind._rings}
        heard_now = [ring.xero_id for ring in rings if ring.category in heard]
        at_once = not self.env["xero.event"]._rang_since(self, fields.Datetime.now() - QUIET) and not self._sent_lately(heard_now)
        self.env["xero.event"]._ring(self, rings)
        if self.reads == "auto" and heard_now:
            self._wake() if at_once else self._wake_soon()

    def _wake_soon(self):
        now = fields.Datetime.now()
        soon = [("cron_id", "=", self.cron_id.id), ("call_at", ">", now), ("call_at", "<", now + SOON)]
        if not self.env["ir.cron.trigger"].search_count(soon, limit=1):
            self._wake(now + WAIT)

    def _sent_lately(self, xero_ids):
        """Whether something of each of these records was just sent, so that it rings for that."""
        kinds = [handler._kind for handler in self.env["xero.handler"]._all() if handler._list]
        own = [("connection_id", "=", self.id), ("last_sync", ">", fields.Datetime.now() - LATELY)]
        about = ["|", ("parent_xero_id", "in", xero_ids), "&", ("kind", "in", kinds), ("xero_id", "in", xero_ids)]
        sent = self.env["xero.binding"].search([*own, *about])
        return set(xero_ids) <= {*sent.mapped("xero_id"), *sent.mapped("parent_xero_id")}
