import logging
from contextlib import contextmanager, nullcontext

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo import models

from ..handlers.reasons import Held
from ..xero_core import errors
from ..xero_core.resources import batches
from .answer import Fate

_logger = logging.getLogger(__name__)


class XeroRunner(models.AbstractModel):
    """What is wrong with one document, or goes wrong with it in our own code, is that document's problem and nobody else's."""

    _inherit = "xero.runner"

    def _check_wanted(self, handler, job):
        """:raise Held: documents of this kind are not to be sent any more; customers go with the invoices that name them"""
        reason = not handler._goes_along and job.connection_id._reason_against_kind(handler._kind)
        if reason:
            raise Held("switched_off", reason, key=handler._kind, help=self.env._("They go on by themselves when that is changed."))

    def _check_size(self, handler, item):
        """:raise Held: it is larger than any request Xero takes"""
        if batches.size(item.payload) > batches.MAX_BYTES:
            reason = self.env._("It is larger than Xero takes: shorten its texts, or split it in two.")
            raise handler._refused(item, (reason,))

    def _internal_error(self, record):
        """:param record: a job or item, by which people know the document"""
        return Held(
            "internal",
            self.env._("The connector could not read this document."),
            key=f"{record.res_model},{record.res_id}",
            help=self.env._("The server log has the details. Press Retry after an update of the module."),
            record=(record.res_model, record.res_id),
            failed=True,
        )

    def _ask_xero(self, handler, client, items):
        """What became of these items. A mistake of ours about one of them counts as a question refused: it is found, and the others go on.

        :raise XeroError: of the call
        """
        try:
            return handler._look_up(client, items)
        except (OperationalError, errors.XeroError):
            raise
        except Exception as error:  # noqa: BLE001 - what is unknown stays unknown, and is never sent again for that
            _logger.exception("xero: what became of %s documents (%s) could not be asked", len(items), handler._kind)
            raise errors.ValidationRefused(self.env._("An error of the connector; the server log has the details.")) from error

    @contextmanager
    def _one_document(self, item, fates):
        """What goes wrong in our own code with one document is that document's problem."""
        try:
            with self.env.cr.savepoint():
                yield
        except (OperationalError, UniqueViolation):
            raise
        except Exception:  # noqa: BLE001 - one poisoned document must not stop the others
            _logger.exception("xero: what Xero answered for job %s (%s %s) could not be kept", item.job_id, item.res_model, item.res_id)
            fates[item.id] = Fate(item, held=self._internal_error(item))

    def _each(self, item, fates, guarded):
        return self._one_document(item, fates) if guarded else nullcontext()

    def _for_others(self, guarded):
        return self._harmless() if guarded else nullcontext()

    @contextmanager
    def _harmless(self):
        """What is done for other documents must cost nobody an answer, and no other kind its run; they go at the next Sync now."""
        try:
            with self.env.cr.savepoint():
                yield
        except (OperationalError, UniqueViolation):
            raise
        except Exception:  # noqa: BLE001 - see above
            _logger.exception("xero: other documents could not be looked at")
