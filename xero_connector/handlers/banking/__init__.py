from . import transfer
from . import bank_transaction
