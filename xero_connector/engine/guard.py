"""The only broad excepts: what goes wrong in our own code with one document is that document's problem and nobody else's."""

import logging
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext

from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from ..handlers.dispatch import Outgoing
from ..handlers.reasons import Held
from ..xero_core import errors
from .fate import Fate

_logger = logging.getLogger(__name__)


def internal_error(env, record):
    """:param record: a job or an outgoing document, by which people know it"""
    return Held(
        "internal",
        env._("The connector could not read this document."),
        key=f"{record.res_model},{record.res_id}",
        help=env._("The server log has the details. Press Retry after an update of the module."),
        record=(record.res_model, record.res_id),
        failed=True,
    )


def mistake_in(action):
    """What ``action`` raised, whatever it is; ``None`` if it went well."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - who asks decides what it means
        return error
    return None


def in_savepoint(env, action):
    """``(what action returned, None)``, or ``(None, our own mistake)`` with all that it wrote undone.

    :raise OperationalError: others are in the way; that is nobody's mistake
    """
    try:
        with env.cr.savepoint():
            return action(), None
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - whichever document it is, the others must not stop for it
        return None, error


def called(function, *arguments):
    """A call made here and now, as if in a thread.

    :rtype: Future
    """
    future = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:  # noqa: BLE001 - as in a thread
        future.set_exception(error)
    return future


def recognised(handler, client, jobs):
    """What these jobs had on the wire, and what became of it: ``(items, {item id: remote or None})``.

    A mistake of ours about one of them counts as a question refused: it is found, and the others go on.

    :raise XeroError: of the call
    """
    try:
        items = [item for job in jobs for item in Outgoing.recalled(job, handler._trace)]
        return items, handler._recognise(client, handler._known_by_now(items))
    except (OperationalError, errors.XeroError):
        raise
    except Exception as error:  # noqa: BLE001 - what is unknown stays unknown, and is never sent again for that
        _logger.exception("xero: what became of %s jobs' documents (%s) could not be asked", len(jobs), handler._kind)
        raise errors.ValidationRefused(handler.env._("An error of the connector; the server log has the details.")) from error


@contextmanager
def one_document(env, item, fates):
    """What goes wrong in our own code with one document is that document's problem."""
    try:
        with env.cr.savepoint():
            yield
    except (OperationalError, UniqueViolation):
        raise
    except Exception:  # noqa: BLE001 - one poisoned document must not stop the others
        _logger.exception("xero: what Xero answered for job %s (%s %s) could not be kept", item.job_id, item.res_model, item.res_id)
        fates[item.id] = Fate(item, held=internal_error(env, item))


@contextmanager
def harmless(env):
    """What is done for other documents must cost nobody an answer, and no other kind its run; they go at the next Sync now."""
    try:
        with env.cr.savepoint():
            yield
    except (OperationalError, UniqueViolation):
        raise
    except Exception:  # noqa: BLE001 - see above
        _logger.exception("xero: other documents could not be looked at")


def harmless_if(guarded, env):
    """``harmless`` after a mistake; before one it would cost a savepoint for nothing."""
    return harmless(env) if guarded else nullcontext()


def one_document_if(guarded, env, item, fates):
    """``one_document``, likewise."""
    return one_document(env, item, fates) if guarded else nullcontext()
