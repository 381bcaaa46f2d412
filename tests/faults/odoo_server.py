"""Odoo's command line as a script: a server with worker processes starts one of them by the path of what started it."""

from odoo.cli.command import main

if __name__ == "__main__":
    main()
