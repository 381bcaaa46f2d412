from . import controllers, engine, handlers, mapping, models, wizards
from .hooks import uninstall_hook
