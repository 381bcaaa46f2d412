from . import controllers, handlers, models, wizards
from .hooks import uninstall_hook
