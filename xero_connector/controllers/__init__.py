from . import oauth
from . import pay_online
from . import webhook
