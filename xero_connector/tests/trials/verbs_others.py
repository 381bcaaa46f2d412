from datetime import date

from xero_simulator.control_organisation import change_organisation

OUTAGES = (
    ("error_500_before", "PUT"), ("error_500_after", "PUT"), ("timeout_after", "PUT"), ("timeout_before", "PUT"), ("reset_after", "POST"),
    ("error_500_after", "POST"), ("timeout_after", "DELETE"), ("unavailable_503", ""), ("truncated_200", "PUT"), ("empty_200", "PUT"),
)  # fmt: skip
LOCKS = (None, None, date(2026, 8, 31), date(2026, 9, 10), date(2026, 9, 20))


class Others:
    """What happens to customers, to the connection and to Xero, and the clock."""

    # === PARTNERS === #

    def _do_new_partner(self):
        partner = self.env["res.partner"].create({"name": f"Trial Partner {self.random.randrange(10**6)}", "is_company": True})
        return f"{partner.name} ({partner.id})"

    def _do_edit_partner(self):
        partner = self._one(self._partners())
        number = self.random.randrange(10**6)
        change = self.random.choice(("name", "email", "phone", "ref"))
        values = {
            "name": f"Trial Partner {partner.id} {number}",
            "email": f"p{number}@example.com",
            "phone": f"+61 {number}",
            "ref": f"C{number}",
        }
        partner[change] = values[change]
        return f"{partner.id}: {change} {values[change]}"

    def _do_archive_partner(self):
        """Somebody archives a customer in Odoo, or brings one back."""
        partner = self._one(self._partners(active_test=False))
        partner.active = not partner.active
        return f"{partner.name} ({partner.id}): {'active' if partner.active else 'archived'}"

    def _do_merge_partners(self):
        partners = self._partners()
        if len(partners) < 4:
            raise self.Nothing()
        kept, gone = self.random.sample(partners.ids, 2)
        told = f"{gone} into {kept}"
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge([kept, gone], partners.browse(kept))
        return told

    # === THE CONNECTION === #

    def _do_run(self):
        self.test._run_of(self.desk)
        return "by itself"

    def _do_sync(self):
        move = self._one(self._moves(("state", "=", "posted")))
        move.action_xero_sync()
        return f"{move.name} ({move.id})"

    def _do_sync_now(self):
        self.desk.connection.action_sync_now()
        return "by hand"

    # === XERO === #

    def _do_outage(self):
        """Xero does not answer some of the next calls, whether it does what it is asked or not."""
        kind, method = self.random.choice(OUTAGES)
        times = self.random.choice((1, 1, 2, 4))
        self.test.xero.faults.order([{"kind": kind, "method": method, "path": "/api.xro/", "times": times}])
        return f"{times} x {kind} {method}"

    def _do_lock(self):
        """The accountant closes a period in Xero, or opens it; what Odoo knows of it is read again."""
        day = self.random.choice(LOCKS)
        change_organisation(self.desk.organisation, {"period_lock_date": str(day) if day else None}, self.test.xero.now())
        self.desk.connection.action_refresh_reference_data()
        return f"{self.company.name}: {day}"

    def _do_hour(self):
        """Documents that were reset to draft have been left alone for an hour."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET write_date = write_date - interval '61 minutes' WHERE state = 'draft'")
        self.env.cr.execute(
            "UPDATE xero_job SET next_try = next_try - interval '61 minutes' WHERE state = 'pending' AND next_try IS NOT NULL"
        )
        self.env.invalidate_all()
        return "later"
