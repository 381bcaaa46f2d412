from contextlib import contextmanager

from .money import XeroMoneyCommon


class XeroBranchCommon(XeroMoneyCommon):
    """A connected company with a branch and a branch of that, and an unrelated company."""

    def _prepare(self):
        super()._prepare()
        self.main = self.env.company
        self.branch = self._new_branch("Branch North")
        self.twig = self._new_branch("Kiosk", self.branch)
        self.other = self.setup_other_company()["company"]
        self._map_purchases()
        self.connection._propose_mapping()
        self.connection.action_confirm_mapping()
        self.xero.calls.clear()

    def _new_branch(self, name, parent=None):
        branch = self.env["res.company"].create({"name": name, "parent_id": (parent or self.main).id})
        self.cr.precommit.run()  # Odoo gives it its company's settings there
        self.env.user.company_ids |= branch
        return branch

    @contextmanager
    def _in(self, company):
        """Whatever is made in here is that company's, which alone is selected."""
        before, self.env = self.env, self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        try:
            yield
        finally:
            self.env = before

    def _here(self, record):
        """The record as it is seen by who has this company selected."""
        return record.with_env(self.env)

    def _in_every_company(self, make):
        """What ``make`` makes in the company, its branch and its branch's branch."""
        made = []
        for company in (self.main, self.branch, self.twig):
            with self._in(company):
                made.append(make().with_env(self.env))
        return made

    def _sales_journal(self, company, code):
        with self._in(company):
            return self.env["account.journal"].create({"name": f"Sales of {company.name}", "code": code, "type": "sale"})
