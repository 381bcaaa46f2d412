"""Reads the organisation's reference data from Xero and keeps our copy of it: seven calls, rows matched by Xero's own keys.

One more call tells which contacts were archived since, so that documents of theirs are held back before Xero refuses them.
"""

from datetime import date, timedelta, timezone
from typing import NamedTuple

from odoo import fields, models

from ..access import clients

OVERLAP = timedelta(minutes=5)  # for clocks that differ, and because nobody knows whether Xero's "since" includes the moment itself
BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
# what is read, each with a call of its own
LISTS = ("organisation", "actions", "accounts", "tax_rates", "tracking", "currencies", "themes", "contacts")
LISTED = ("ACTIVE", "")  # anything else (archived, deleted) cannot be chosen any more


class News(NamedTuple):
    """``codes``: of ``xero.problem``, whose cause may be gone now; ``lists``: those of which anything changed that documents depend on."""

    codes: list[str]
    lists: list[str]


class XeroReferenceHandler(models.AbstractModel):
    """Entry point: ``_read``. Rows are never deleted, because mappings point at them: what is gone in Xero becomes inactive here."""

    _name = "xero.handler.reference"
    _description = "Xero Reference Data"

    def _read(self, connection, lists=LISTS, client=None):
        """Bring the reference data of ``connection`` up to date.

        :param lists: which of ``LISTS``
        :param client: the run's, if a run reads
        :rtype: News
        :raise XeroError: if Xero cannot be read; nothing is changed then
        """
        return self._keep(connection, self._fetch(connection.sudo(), lists, client))

    def _lists(self):
        return LISTS

    def _keep(self, connection, answers):
        """Write down what was fetched, as ``{list: answer}``.

        :rtype: News
        """
        connection_sudo = connection.sudo()
        before = self._obstacles(connection_sudo)
        for name, answer in answers.items():
            getattr(self, f"_keep_{name}")(connection_sudo, answer)
        if len(answers) == len(LISTS):
            connection_sudo.reference_read_at = fields.Datetime.now()
        after = self._obstacles(connection_sudo)
        self._follow_reopened(connection_sudo, before["organisation"], after["organisation"])
        return News(self._removed_obstacles(before, after), [name for name in before if before[name] != after[name]])

    def _follow_reopened(self, connection_sudo, before, after):
        """A period that is open again: what was left as it stood, because it was closed, can follow."""
        if before and (not after or after < before):
            for handler in self.env["xero.handler"]._all():
                handler._reopened(connection_sudo, after or date.min, before)

    def _fetch(self, connection_sudo, lists, client):
        calls = []
        client = client or clients.xero(connection_sudo, on_call=calls.append)
        try:
            return {name: getattr(self, f"_fetch_{name}")(connection_sudo, client) for name in lists}
        finally:
            self.env["xero.call"]._record(connection_sudo, calls)

    def _fetch_organisation(self, _connection_sudo, client):
        return client.organisation()

    def _fetch_actions(self, _connection_sudo, client):
        return client.forbidden_actions()

    def _fetch_accounts(self, _connection_sudo, client):
        return client.accounts()

    def _fetch_tax_rates(self, _connection_sudo, client):
        return client.tax_rates()

    def _fetch_tracking(self, _connection_sudo, client):
        return client.tracking_categories()

    def _fetch_currencies(self, _connection_sudo, client):
        return client.currencies()

    def _fetch_themes(self, _connection_sudo, client):
        return client.branding_themes()

    def _keep_organisation(self, connection_sudo, organisation):
        connection_sudo.write(self._organisation_values(organisation))

    def _keep_actions(self, connection_sudo, forbidden):
        connection_sudo.write(self._action_values(forbidden))

    def _keep_accounts(self, connection_sudo, accounts):
        self._upsert(connection_sudo, "xero.account", "xero_id", [self._account_values(account) for account in accounts])

    def _keep_tax_rates(self, connection_sudo, rates):
        self._upsert(connection_sudo, "xero.tax.rate", "tax_type", [self._tax_rate_values(rate) for rate in rates])

    def _keep_currencies(self, connection_sudo, currencies):
        self._upsert(connection_sudo, "xero.currency", "code", [self._currency_values(currency) for currency in currencies])

    def _keep_themes(self, connection_sudo, themes):
        self._upsert(connection_sudo, "xero.branding.theme", "xero_id", [self._theme_values(theme) for theme in themes])

    # === CONTACTS === #

    def _contact_bindings(self, connection_sudo, *domain, limit=None):
        own = [("connection_id", "=", connection_sudo.id), ("kind", "=", "contact")]
        return self.env["xero.binding"].sudo().search([*own, *domain], limit=limit)

    def _fetch_contacts(self, connection_sudo, client):
        """What became of contacts since they were last asked about: archived ones, and those that were archived then."""
        if not connection_sudo.reference_read_at or not self._contact_bindings(connection_sudo, limit=1):
            return []
        since = connection_sudo.reference_read_at.replace(tzinfo=timezone.utc) - OVERLAP
        held = self.env["xero.problem"].sudo()._held_partner_ids(connection_sudo)
        again = self._contact_bindings(connection_sudo, "|", ("xero_status", "=", "ARCHIVED"), ("res_id", "in", held))
        found = client.contacts(ids=again.mapped("xero_id")) if again else []
        return [*found, *client.contacts_archived_since(since)]

    def _keep_contacts(self, connection_sudo, contacts):
        """Note on the bindings which contacts are archived; one that was merged into another is followed there."""
        bindings = self.env["xero.binding"].sudo()._by_xero_id(connection_sudo, "contact", [contact.xero_id for contact in contacts])
        for contact in contacts:
            binding = bindings.get(contact.xero_id)
            if not binding or binding.xero_status == contact.status:
                continue
            binding.xero_status = contact.status
            if contact.merged_into:
                binding.sent = False
                self.env["xero.job"].sudo()._enqueue(connection_sudo, "contact", "res.partner", [binding.res_id])

    # === WHAT CHANGED === #

    def _obstacles(self, connection_sudo):
        """What can hold documents up and can change in Xero: ``{list: value}``."""

        def active(model, *names):
            rows_sudo = self.env[model].sudo().search([("connection_id", "=", connection_sudo.id)])
            return {tuple(row[name] for name in names) for row in rows_sudo}

        classes = ("asset", "equity", "expense", "liability", "revenue")
        return {
            "accounts": active("xero.account", "xero_id", "code", "account_class", "can_post", "can_receive_payments"),
            "tax_rates": active("xero.tax.rate", "tax_type", "effective_rate", *(f"can_apply_to_{each}" for each in classes)),
            "currencies": active("xero.currency", "code"),
            "tracking": active("xero.tracking.category", "xero_id") | active("xero.tracking.option", "xero_id"),
            "contacts": set(self._contact_bindings(connection_sudo, ("xero_status", "=", "ACTIVE")).ids),
            "actions": set(connection_sudo._forbidden_actions()),
            "organisation": connection_sudo._last_locked_day(),
        }

    def _removed_obstacles(self, before, after):
        """Codes of ``xero.problem`` whose cause may be gone now."""
        gained = [name for name in ("accounts", "tax_rates", "currencies", "tracking", "contacts") if after[name] - before[name]]
        gained += ["actions"] if before["actions"] - after["actions"] else []
        gained += ["organisation"] if before["organisation"] != after["organisation"] else []
        return [code for code, lists in self.env["xero.problem"]._lists().items() if lists & set(gained)]

    # === VALUES === #

    def _organisation_values(self, organisation):
        return {
            "organisation_name": organisation.name,
            "short_code": organisation.short_code,
            "base_currency": organisation.base_currency,
            "country_code": organisation.country_code,
            "is_demo": organisation.is_demo,
            "subscription": organisation.subscription,
            **self._lock_values(organisation),
        }

    def _lock_values(self, organisation):
        return {
            "period_lock_date": organisation.period_lock_date or False,
            "end_of_year_lock_date": organisation.end_of_year_lock_date or False,
        }

    def _action_values(self, forbidden):
        return {"forbidden_actions": ",".join(sorted(forbidden)) or False, "writes_before_lock": BEFORE_LOCK not in forbidden}

    def _account_values(self, account):
        return {
            "xero_id": account.account_id,
            "code": account.code,
            "name": account.name,
            "type": account.type,
            "account_class": account.account_class,
            "tax_type": account.tax_type,
            "status": account.status,
            "system_account": account.system_account,
            "enable_payments": account.enable_payments,
            "currency": account.currency,
            "bank_account_number": account.bank_account_number,
            "active": account.status in LISTED,
        }

    def _tax_rate_values(self, rate):
        classes = ("ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE")
        return {
            "tax_type": rate.tax_type,
            "name": rate.name,
            "effective_rate": float(rate.effective_rate),
            "status": rate.status,
            "report_tax_type": rate.report_tax_type,
            "components": "\n".join(f"{name}: {percentage.normalize():f} %" for name, percentage, _compound in rate.components),
            "active": rate.status in LISTED,
            **{f"can_apply_to_{name.lower()}": name in rate.can_apply_to for name in classes},
        }

    def _currency_values(self, currency):
        return {"code": currency.code, "name": currency.description or currency.code, "active": True}

    def _theme_values(self, theme):
        return {"xero_id": theme.theme_id, "name": theme.name, "active": True}

    # === STORING === #

    def _keep_tracking(self, connection_sudo, categories):
        rows = [{"xero_id": category.category_id, "name": category.name, "active": category.status in LISTED} for category in categories]
        stored = self._upsert(connection_sudo, "xero.tracking.category", "xero_id", rows)
        options = [
            {
                "xero_id": option.xero_id,
                "name": option.name,
                "category_id": stored[category.category_id].id,
                "status": option.status,
                "active": category.status in LISTED and option.status in LISTED,
            }
            for category in categories
            for option in category.options
        ]
        self._upsert(connection_sudo, "xero.tracking.option", "xero_id", options)

    def _upsert(self, connection_sudo, model_name, key, rows):
        """Create or update one row per item of ``rows`` and make the others inactive. Returns ``{key: record}``."""
        records_sudo = self.env[model_name].sudo().with_context(active_test=False).search([("connection_id", "=", connection_sudo.id)])
        known = {record[key]: record for record in records_sudo}
        listed = records_sudo.browse(known[row[key]].id for row in rows if row[key] in known)
        (records_sudo - listed).filtered("active").write({"active": False})
        for row in rows:
            if row[key] in known:
                self._write_changes(known[row[key]], row)
        new = [row for row in rows if row[key] not in known]
        created = records_sudo.create([{**row, "connection_id": connection_sudo.id} for row in new])
        return {**known, **{record[key]: record for record in created}}

    def _write_changes(self, record, row):
        current = record._convert_to_write({name: record[name] for name in row})
        changes = {name: value for name, value in row.items() if (current[name] or False) != (value or False)}
        if changes:
            record.write(changes)
