"""The types every document is made of."""

import datetime
from decimal import Decimal

Date = datetime.date
Moment = datetime.datetime
ZERO = Decimal(0)
