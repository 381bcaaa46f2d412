"""Keeping the world in a file between runs (`--state`). The file is ours alone: never open a stranger's."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world import World


def load(path: Path) -> World:
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301 - written by `saver` on this machine


def saver(path: Path) -> Callable[[World], None]:
    """A function that writes the world, whole or not at all."""

    def save(world: World) -> None:
        temporary = path.with_suffix(path.suffix + ".new")
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            pickle.dump(world, file)
        temporary.replace(path)

    return save
