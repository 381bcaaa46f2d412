from . import seen
from . import booking
from . import undoing
from . import taking
from . import payments
from . import on_account
from . import allocations
from . import twice
