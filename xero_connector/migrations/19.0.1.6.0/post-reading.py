"""Connections that work begin to read what is changed in Xero: their first reading only compares. May be begun again."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["xero.connection"].search([("state", "=", "connected")])._wake()
