"""The ways to Xero and to the secrets of a connection, as functions.

No method of a record hands out a secret, a token, or anything that holds one: templates, server actions and computed fields that people
write call methods, private ones too, and cannot import. Always called as ``clients.<function>``.
"""

import json
import os

import psycopg2.errors

from odoo.tools import config

from ..xero_core.client import XeroClient
from ..xero_core.http.oauth import App, OAuthClient
from . import crypto
from .token_source import KeyUnavailable, TokenSource
from .tokens import TokenRow

ENDPOINT_PARAMETERS = {f"xero_connector.{name}": name for name in ("login_url", "identity_url", "api_url")}
ATTEMPTS = 3
WEBHOOK_KEYS = 2  # the one that is in use, and the one before it


def xero(connection, on_call=None):
    """The calls to this connection's organisation; its tokens renew themselves, in a transaction of their own.

    Tokens are read from committed rows: not to be used in the transaction that made the connection record.

    :param on_call: called with the record of every exchange, in the thread that made it
    """
    connection.ensure_one()
    tenant_id = "" if connection.app_type == "custom" else connection.tenant_id
    return XeroClient(connection._endpoints().api_url, tenant_id, tokens(connection), on_call=on_call)


def tokens(connection):
    """The access tokens of this connection."""
    return TokenSource(connection.env.registry, connection.id, oauth(connection), connection.app_type == "custom")


def oauth(connection):
    """The client for consent, tokens and the list of organisations."""
    connection.ensure_one()
    app = App(connection.client_id or "", client_secret(connection), connection.app_type)
    return OAuthClient(connection._endpoints(), app)


def client_secret(connection):
    """The stored client secret, "" if there is none or it was encrypted with another key.

    :raise KeyUnavailable: if the key cannot be read; to go on without would look like a wrong secret
    """
    try:
        return TokenRow(connection.env.cr, connection.id).secret("client_secret")
    except crypto.KeyUnavailable:
        raise KeyUnavailable("The key that protects the connection cannot be read on this server.") from None
    except crypto.Unreadable:
        return ""


def has_client_secret(connection):
    """Whether there is one that can be used, now or as soon as the key can be read again."""
    try:
        return bool(client_secret(connection))
    except KeyUnavailable:
        return True


def webhook_keys(connection):
    """The keys that webhooks may be signed with, none if there are none or they were encrypted with another key.

    :raise KeyUnavailable: if the key cannot be read: whether there are any is not known then
    """
    try:
        return json.loads(TokenRow(connection.env.cr, connection.id).secret("webhook_keys") or "[]")
    except crypto.KeyUnavailable:
        raise KeyUnavailable("The key that protects the connection cannot be read on this server.") from None
    except crypto.Unreadable:
        return []


def add_webhook_key(connection, key):
    """Remember another key, and the one before it: while the app's key is changed, Xero may ring with either."""
    known = [each for each in webhook_keys(connection) if each != key]
    TokenRow(connection.env.cr, connection.id).store(webhook_keys=json.dumps([key, *known][:WEBHOOK_KEYS]))


def in_own_row(connection, work, lock=False):
    """Do ``work`` with the row of secrets in a transaction of its own, committed when this returns.

    :return: what ``work`` returns, None if the secrets were encrypted with another key
    :raise crypto.KeyUnavailable: if the key cannot be read
    """
    for _attempt in range(ATTEMPTS):
        try:
            with connection.env.registry.cursor() as cr:
                return work(TokenRow(cr, connection.id, lock))
        except psycopg2.errors.SerializationFailure:
            continue  # somebody else changed the row while we waited for it
        except crypto.KeyUnavailable:
            raise
        except crypto.Unreadable:
            break
    return None


def allowed_hosts():
    """Hosts that may take Xero's place, by whoever runs the server: in odoo.conf or the environment, never in the database."""
    given = config.get("xero_connector_hosts") or os.environ.get("XERO_CONNECTOR_HOSTS") or ""
    return frozenset(host.strip().lower() for host in given.split(",") if host.strip())
