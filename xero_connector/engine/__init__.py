from . import runner
