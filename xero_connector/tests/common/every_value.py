from functools import wraps

from xero_simulator.switches import values


def every_value(*names):
    """Run a test under every value that these switches of the simulator have, each time as if nothing had been before.

    They are turned together, each to its next value, as often as the one with the most has values: a case costs two or three runs,
    however many switches it touches. What the test expects of a value, it asks the switch.
    """

    def under_each(test):
        @wraps(test)
        def run(self):
            for turn in range(max(len(values(name)) for name in names)):
                chosen = {name: values(name)[turn % len(values(name))] for name in names}
                with self.subTest(**chosen), self._undone():
                    self.xero.switches.set(chosen)
                    test(self)

        return run

    return under_each
