from . import accrual
