"""Reads the organisation's reference data from Xero and keeps our copy of it: seven calls, rows matched by Xero's own keys.

One more call tells which contacts were archived since, so that documents of theirs are held back before Xero refuses them.
"""

from datetime import date, timedelta, timezone

from odoo import fields, models

from ..access import clients

OVERLAP = timedelta(minutes=5)  # for clocks that differ, and because nobody knows whether Xero's "since" includes the moment itself
BEFORE_LOCK = "ApproveTransactionsBeforePeriodLockDate"
LISTED = ("ACTIVE", "")  # anything else (archived, deleted) cannot be chosen any more


class XeroReferenceHandler(models.AbstractModel):
    """Entry point: ``_read``. Rows are never deleted, because mappings point at them: what is gone in Xero becomes inactive here."""

    _name = "xero.handler.reference"
    _description = "Xero Reference Data"

    def _read(self, connection):
        """Bring the reference data of ``connection`` up to date.

        :return: codes of ``xero.problem`` whose cause may be gone now
        :raise XeroError: if Xero cannot be read; nothing is changed then
        """
        connection_sudo = connection.sudo()
        organisation, forbidden, accounts, rates, categories, currencies, themes, contacts = self._fetch(connection_sudo)
        before = self._obstacles(connection_sudo)
        connection_sudo.write({**self._organisation_values(organisation), **self._action_values(forbidden)})
        self._read_contacts(connection_sudo, contacts)
        self._upsert(connection_sudo, "xero.account", "xero_id", [self._account_values(account) for account in accounts])
        self._upsert(connection_sudo, "xero.tax.rate", "tax_type", [self._tax_rate_values(rate) for rate in rates])
        self._upsert(connection_sudo, "xero.currency", "code", [self._currency_values(currency) for currency in currencies])
        self._upsert(connection_sudo, "xero.branding.theme", "xero_id", [self._theme_values(theme) for theme in themes])
        self._read_tracking(connection_sudo, categories)
        after = self._obstacles(connection_sudo)
        self._follow_reopened(connection_sudo, before["lock_date"], after["lock_date"])
        return self._removed_obstacles(before, after)

    def _note_locks(self, connection, organisation):
        """Keep the lock dates alone; returns whether another day is the last locked one now."""
        connection_sudo = connection.sudo()
        before = connection_sudo._last_locked_day()
        connection_sudo.write(self._lock_values(organisation))
        after = connection_sudo._last_locked_day()
        self._follow_reopened(connection_sudo, before, after)
        return after != before

    def _follow_reopened(self, connection_sudo, before, after):
        """A period that is open again: what was left as it stood, because it was closed, can follow."""
        if before and (not after or after < before):
            for handler in self.env["xero.handler"]._all():
                handler._reopened(connection_sudo, after or date.min, before)

    def _fetch(self, connection):
        calls = []
        client = clients.xero(connection, on_call=calls.append)
        try:
            return (
                client.organisation(),
                client.forbidden_actions(),
                client.accounts(),
                client.tax_rates(),
                client.tracking_categories(),
                client.currencies(),
                client.branding_themes(),
                self._fetch_contacts(connection, client),
            )
        finally:
            self.env["xero.call"]._record(connection, calls)

    # === CONTACTS === #

    def _contact_bindings(self, connection_sudo, *domain, limit=None):
        own = [("connection_id", "=", connection_sudo.id), ("kind", "=", "contact")]
        return self.env["xero.binding"].sudo().search([*own, *domain], limit=limit)

    def _fetch_contacts(self, connection_sudo, client):
        """What became of contacts since they were last asked about: archived ones, and those that were archived then."""
        if not connection_sudo.reference_read_at or not self._contact_bindings(connection_sudo, limit=1):
            return []
        since = connection_sudo.reference_read_at.replace(tzinfo=timezone.utc) - OVERLAP
        archived = self._contact_bindings(connection_sudo, ("xero_status", "=", "ARCHIVED"))
        again = client.contacts(ids=archived.mapped("xero_id")) if archived else []
        return [*again, *client.contacts_archived_since(since)]

    def _read_contacts(self, connection_sudo, contacts):
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
        """What can hold documents up and can change in Xero: ``{problem code: value}``."""

        def active(model, key):
            return set(self.env[model].sudo().search([("connection_id", "=", connection_sudo.id)]).mapped(key))

        return {
            "account_archived": active("xero.account", "xero_id"),
            "tax_illegal": active("xero.tax.rate", "tax_type"),
            "currency_missing": active("xero.currency", "code"),
            "tracking_unmapped": active("xero.tracking.category", "xero_id"),
            "option_missing": active("xero.tracking.option", "xero_id"),
            "contact_archived": set(self._contact_bindings(connection_sudo, ("xero_status", "=", "ACTIVE")).ids),
            "approval_limit": set(connection_sudo._forbidden_actions()),
            "lock_date": connection_sudo._last_locked_day(),
        }

    def _removed_obstacles(self, before, after):
        gained = ("account_archived", "tax_illegal", "currency_missing", "tracking_unmapped", "option_missing", "contact_archived")
        codes = [code for code in gained if after[code] - before[code]]
        codes += ["approval_limit"] if before["approval_limit"] - after["approval_limit"] else []
        return codes + (["lock_date"] if before["lock_date"] != after["lock_date"] else [])

    # === VALUES === #

    def _organisation_values(self, organisation):
        return {
            "organisation_name": organisation.name,
            "short_code": organisation.short_code,
            "base_currency": organisation.base_currency,
            "country_code": organisation.country_code,
            "is_demo": organisation.is_demo,
            "subscription": organisation.subscription,
            "reference_read_at": fields.Datetime.now(),
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

    def _read_tracking(self, connection_sudo, categories):
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
