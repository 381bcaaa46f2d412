from . import xero_problem
from . import xero_job
from . import xero_binding
from . import xero_version
from . import xero_call
from . import xero_document_mixin
from . import xero_document
from . import xero_journal_summary
