"""Who may call what over RPC: a table of methods, and that it is so."""

import pickle
from typing import NamedTuple

from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user

from xero_simulator.app import Simulator

from .money import XeroMoneyCommon

GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "billing": "account.group_account_invoice",
    "user": "xero_connector.group_xero_user",
    "admin": "xero_connector.group_xero_admin",
    "approver": "base.group_user,xero_connector.group_xero_approver",
    "system": "base.group_system",  # administers Odoo, has no rights of Xero
    "both": "base.group_system,xero_connector.group_xero_admin",
}
EVERYBODY = frozenset({"nobody", *GROUPS})
USERS = frozenset({"user", "admin", "both"})
ADMINS = frozenset({"admin", "both"})
APPROVERS = frozenset({"approver"})
NOBODY = frozenset()


class Rule(NamedTuple):
    """Who may: of the connection's company, and of another one (there they find what is their own, if anything)."""

    here: frozenset
    elsewhere: frozenset = NOBODY
    args: tuple = ()


# what somebody may add to a call
FORGED = {
    "default_state": "connected",
    "default_tenant_id": "x",
    "default_confirmed": True,
    "active_test": False,
    "xero_documents": "x",
    "force_company": 1,
    "uid": 1,
    "su": True,
}


class WhoMayCase(XeroMoneyCommon):
    """People of every kind in two companies (``people``), records of the first (``records``), values for new ones (``new``)."""

    def _make_people(self):
        self.people = {("nobody", company): self.env.ref("base.public_user") for company in (self.main, self.other)}
        for name, groups in GROUPS.items():
            for company in (self.main, self.other):
                login = f"{name}-{company.id}"
                self.people[name, company] = new_test_user(self.env, login, groups=groups, company_id=company.id)

    def _found(self):
        """``(model, method)`` of all that classes of this addon define and RPC reaches."""
        for model in self.env.registry.models:
            record = self.env[model]
            for cls in type(record).mro():
                if cls.__module__.startswith("odoo.addons.xero_connector."):
                    for name, value in vars(cls).items():
                        if callable(value) and not name.startswith("_"):
                            yield from self._reachable(record, name)

    def _reachable(self, record, name):
        try:
            get_public_method(record, name)
        except AccessError:
            return
        yield record._name, name

    def _is_refused(self, user, model, method, args, context):
        """Whether the call ends with an AccessError; whatever it does is undone."""
        env = self.env(user=user, context=context)
        record = self.records.get(model)
        is_model_method = getattr(getattr(type(env[model]), method), "_api_model", False)
        ids = [] if is_model_method or method == "create" else [[record.id if record else 1]]
        savepoint = self.env.cr.savepoint()
        try:
            call_kw(env[model], method, [*ids, *args], {})
        except AccessError:
            return True
        except Exception:  # noqa: BLE001 - what is the matter otherwise is not asked here
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            if self.xero.calls:
                self._use_xero(Simulator(pickle.loads(self._world_made)))
        return False

    def _args(self, model, method, rule):
        if method == "create":
            return [self.new.get(model, {})]
        if rule.args == ({"connection_id": 0},):
            return [{"connection_id": self.connection.id}]
        return rule.args

    def _assert_who_may(self, table):
        """As the table says, and whatever a caller's context says."""
        wrong = []
        for model, methods in table.items():
            for method, rule in methods.items():
                for (role, company), user in self.people.items():
                    may = role in (rule.here if company == self.main else rule.elsewhere)
                    if role == "nobody" and company == self.other:
                        continue  # is the same
                    args = self._args(model, method, rule)
                    contexts = [{}] if may else [{}, FORGED, {**FORGED, "allowed_company_ids": self.main.ids}]
                    wrong += [
                        f"{model}.{method} {role} of {company.name} with {sorted(context)}: {'allowed' if may else 'refused'}"
                        for context in contexts
                        if self._is_refused(user, model, method, args, context) == may
                    ]
        self.assertFalse(wrong, "they should be otherwise:\n" + "\n".join(wrong))
