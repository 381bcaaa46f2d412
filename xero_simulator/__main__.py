"""`python -m xero_simulator --port 5055 --org AU --org NZ`: serve until interrupted."""

from __future__ import annotations

import argparse
import gc
import logging
import signal
import sys
from pathlib import Path

from .app import Simulator, create_app
from .persistence import StateFile
from .regions import REGIONS
from .server import serve
from .switches import CHOICES


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="xero_simulator", description="A Xero that runs on your machine.")
    parser.add_argument("--port", type=int, default=5055)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--org", action="append", choices=sorted(REGIONS), help="repeat for several organisations (default: AU)")
    parser.add_argument("--seed", type=int, default=0, help="same seed, same ids")
    parser.add_argument("--state", type=Path, help="file to keep everything in, so that a restart forgets nothing")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="see switches.py")
    parser.add_argument("--quiet", action="store_true", help="no line per request")
    return parser.parse_args()


def _switch(text: str) -> tuple[str, object]:
    name, _, value = text.partition("=")
    words = {"true": True, "false": False, "none": None}
    if value.lower() in words and value not in CHOICES.get(name, ()):  # of some switches "none" is one of the words they take
        return name, words[value.lower()]
    return name, int(value) if value.isdigit() else value


def _application(arguments: argparse.Namespace) -> Simulator:
    switches = dict(_switch(text) for text in arguments.switch)
    app = create_app(tuple(arguments.org or ("AU",)), seed=arguments.seed, **switches)
    if not arguments.state:
        return app
    state = StateFile(arguments.state)
    world = state.load() or app.world
    state.save(world)
    gc.freeze()  # what was loaded stays: looking through all of it for garbage now and then would hold up a request
    return Simulator(world, state.save)


def main() -> None:
    arguments = _arguments()
    logging.basicConfig(level=logging.WARNING if arguments.quiet else logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app = _application(arguments)
    names = ", ".join(organisation.name for organisation in app.world.organisations.values())
    print(f"Xero simulator on http://localhost:{arguments.port} with {names}", flush=True)
    serve(app, arguments.host, arguments.port)


if __name__ == "__main__":
    main()
