from odoo import fields, models
from odoo.orm.models import NO_ACCESS


class XeroToken(models.Model):
    """The secrets of one connection, encrypted. Nobody has access; code uses ``access.tokens`` and never the ORM.

    A table of its own, because tokens are renewed in a separate transaction under a lock of this row: nothing else may hold it.
    Invariant: one row per connection. ``database`` is the one that the tokens were given to; in a copy, and in one
    that was restored from a backup, it no longer matches.
    """

    _name = "xero.token"
    _description = "Xero Token"
    _log_access = False

    connection_id = fields.Many2one("xero.connection", required=True, ondelete="cascade", groups=NO_ACCESS)
    access_token = fields.Text(groups=NO_ACCESS)
    refresh_token = fields.Text(groups=NO_ACCESS)
    # kept until the one after it has worked: Xero takes it for 30 minutes more, should an answer get lost
    previous_refresh_token = fields.Text(groups=NO_ACCESS)
    client_secret = fields.Text(groups=NO_ACCESS)
    consent = fields.Text(groups=NO_ACCESS, help="JSON: the single-use nonce and PKCE verifier of a consent that was asked for.")
    offer = fields.Text(groups=NO_ACCESS, help="JSON: tokens and organisations of a consent whose organisation is not decided yet.")
    webhook_keys = fields.Text(groups=NO_ACCESS, help="JSON: those that webhooks may be signed with, the newest first.")
    expires_at = fields.Datetime(groups=NO_ACCESS)
    database = fields.Char(groups=NO_ACCESS, help="Odoo's uuid of it, its name, and PostgreSQL's oid.")

    _connection_unique = models.Constraint("UNIQUE (connection_id)", "A connection has one row of tokens.")
