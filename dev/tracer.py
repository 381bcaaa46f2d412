"""Which functions of the product a piece of work goes through, in order, and how often it changes the file."""

import dis
import functools
import inspect
import sys
import threading
from pathlib import Path


class Trace:
    """Records calls of functions whose file lies below ``root`` (and not below one of ``without``) while its ``with`` block runs.

    ``entered``: the functions in order of their first call, as ``(depth, file, name)`` with the number of their calls.
    ``changes``: calls from one file of the product into another one, however much of Odoo lies between.
    """

    def __init__(self, root, without=()):
        self._root, self._without = f"{Path(root).resolve()}/", tuple(without)
        self._lock = threading.Lock()
        self.calls, self.entered, self.changes = 0, {}, 0

    @property
    def files(self):
        return {file for _depth, file, _name in self.entered}

    def __enter__(self):
        threading.setprofile(self._on_event)
        sys.setprofile(self._on_event)
        return self

    def __exit__(self, *_error):
        sys.setprofile(None)
        threading.setprofile(None)

    def _on_event(self, frame, event, _argument):
        if event != "call" or not (file := self._file(frame.f_code)) or frame.f_lasti > _first_instruction(frame.f_code):
            return
        above = self._above(frame)
        with self._lock:
            self.calls += 1
            self.changes += bool(above) and above[0] != file
            first = next((key for key in self.entered if key[1:] == (file, frame.f_code.co_qualname)), None)
            key = first or (len(above), file, frame.f_code.co_qualname)
            self.entered[key] = self.entered.get(key, 0) + 1

    def _above(self, frame):
        """The files of the product's functions that called, the nearest first."""
        found = []
        while frame := frame.f_back:
            if file := self._file(frame.f_code):
                found.append(file)
        return found

    @functools.cache  # noqa: B019 a trace lives for one piece of work
    def _file(self, code):
        """The file relative to the root; ``""`` for what is not the product's, or only part of a function (comprehensions)."""
        name = code.co_filename
        if not name.startswith(self._root) or code.co_name in {"<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>", "<module>"}:
            return ""
        relative = name.removeprefix(self._root)
        return "" if relative.startswith(self._without) else relative

    def told(self):
        """Lines of text: one per function, indented by how deep it was called first."""
        for (depth, file, name), count in self.entered.items():
            yield f"{'  ' * depth}{name}  [{file}]{f' x{count}' if count > 1 else ''}"


@functools.cache
def _first_instruction(code):
    """Where a function begins; a generator that goes on is not called again."""
    generator = code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE)
    resumed = (instruction.offset for instruction in dis.get_instructions(code) if instruction.opname == "RESUME")
    return next(resumed, 0) if generator else sys.maxsize
