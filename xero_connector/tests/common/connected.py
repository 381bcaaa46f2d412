import os
import pickle
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from lxml import html
from werkzeug.test import Client

from odoo import api
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from xero_simulator import testing
from xero_simulator.app import Simulator, create_app

XERO = "http://localhost:5055"
ODOO = "http://localhost:8069"


class XeroCommon(AccountTestInvoicingCommon):
    """An Australian company, an accountant who is also Xero administrator, and a Xero in process.

    What all tests of a class start from is made once, by `_prepare`: Odoo's side and Xero's are as it left them when a test begins.
    The registry is in test mode, so that code which opens a cursor of its own (the tokens' renewal, crons) sees the test's data.
    """

    country_code = "AU"
    kept_name = "company_1_data"
    organisations = ("AU",)
    simulator = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"].sudo()
        for name in ("login_url", "identity_url", "api_url"):
            parameters.set_param(f"xero_connector.{name}", XERO)
        parameters.set_param("web.base.url", cls._own_address())
        cls.startClassPatcher(patch.dict(os.environ, XERO_CONNECTOR_KEY="a key for tests only"))
        if not cls._registry_patched:
            cls.registry_enter_test_mode_cls()
        cls._prepare_once()

    @classmethod
    def _prepare_once(cls):
        """Let an instance prepare; what it has then, the class has, and with it all tests."""
        cls._use_xero(create_app(cls.organisations, unknown_fields="refused"))
        cls.addClassCleanup(setattr, cls, "simulator", None)
        first = cls()
        before = set(vars(first))
        first._prepare()
        for name in vars(first).keys() - before:
            setattr(cls, name, vars(first)[name])
        cls._world_prepared = pickle.dumps(cls.xero)

    def _prepare(self):
        """Records and settings that no test may do without; extended by what is derived."""

    @classmethod
    def _use_xero(cls, simulator):
        cls.simulator, cls.xero = simulator, simulator.world

    def setUp(self):
        super().setUp()
        self._use_xero(Simulator(pickle.loads(self._world_prepared)))

    @classmethod
    def keep_company(cls):
        """Make the company of all tests in the database itself, unless it is there."""
        with Registry(get_db_name()).cursor() as cr:
            maker = type("Maker", (cls,), {"env": api.Environment(cr, api.SUPERUSER_ID, cls.default_env_context())})
            maker._kept_company() or maker._create_company(name=cls.kept_name)

    @classmethod
    def _kept_company(cls):
        return cls.env["res.company"].sudo().search([("name", "=", cls.kept_name)], limit=1).sudo(False)

    @classmethod
    def setup_independent_company(cls, **kwargs):
        kept = cls._kept_company()
        cls.env.user.company_ids |= kept
        return kept or super().setup_independent_company(**kwargs)

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("xero_connector.group_xero_admin")

    @classmethod
    def _own_address(cls):
        return ODOO

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(XERO) and cls.simulator:
            return testing.handle(cls.simulator, r, **({"timeout": kw["timeout"]} if kw.get("timeout") else {}))
        return super()._request_handler(s, r, **kw)

    @contextmanager
    def enter_registry_test_mode(self):
        """The class is in test mode already; only let the other cursors see what was not flushed, and the other way round."""
        self.env.flush_all()
        yield
        self.env.invalidate_all()

    @contextmanager
    def _undone(self):
        """What is done in here is undone, in Odoo and in Xero."""
        world, savepoint = pickle.dumps(self.xero), self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
            self._use_xero(Simulator(pickle.loads(world)))

    # === XERO'S SIDE === #

    @property
    def organisation(self):
        """The organisation that the company is connected to, as the simulator has it."""
        return self.xero.organisation("AU")

    def _order_fault(self, kind, **details):
        """Make the next matching request to Xero go wrong; see ``xero_simulator/faults.py``."""
        self.xero.faults.order([{"kind": kind, **details}])

    def _calls(self, text=""):
        """How many requests with ``text`` in their method and path Xero has seen."""
        return sum(count for name, count in self.xero.calls.items() if text in name)

    def _consent(self, url, org="AU", action="allow"):
        """Do what a person does on Xero's consent page; returns the parameters of the way back."""
        address = urlsplit(url)
        browser = Client(self.simulator)
        page = browser.get(f"{address.path}?{address.query}", base_url=XERO)
        self.assertEqual(page.status_code, 200, page.text)
        form = html.fromstring(page.text).forms[0]
        answer = {**dict(form.form_values()), "action": action, "tenant": self.xero.organisation(org).tenant_id}
        back = browser.post(address.path, data=answer, base_url=XERO)
        self.assertEqual(back.status_code, 302, back.text)
        return dict(parse_qsl(urlsplit(back.location).query))

    # === CONNECTING === #

    def _new_connection(self, company=None, **values):
        values = {
            "company_id": (company or self.env.company).id,
            "client_id": "demo-client",
            "client_secret": "demo-secret",
            "sync_from": "2017-01-01",
            "reads": "manual",  # what is sent is counted call by call; tests that read say so
            **values,
        }
        return self.env["xero.connection"].create(values)

    def _connect(self, org="AU", company=None, connection=None, **values):
        """The active connection of ``company`` after going through consent; made with ``values`` if there is none yet."""
        company = company or self.env.company
        connection = connection or self.env["xero.connection"]._get_active(company).with_env(self.env)
        connection = connection or self._new_connection(company, **values)
        self._authorise(connection, org)
        return self.env["xero.connection"]._get_active(company).with_env(self.env)

    def _authorise(self, connection, org="AU"):
        """Connect, consent, come back; returns the action Odoo goes on with."""
        params = self._consent(connection.action_connect()["url"], org)
        return self.env["xero.connection"]._complete_authorisation(params)
