from . import reference
from . import proposal
from . import create
