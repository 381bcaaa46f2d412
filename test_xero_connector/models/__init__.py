from . import test_xero_accrual
