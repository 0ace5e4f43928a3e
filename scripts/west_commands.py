# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""`west micrort COMMAND` calls the script of that name."""

import argparse
import pathlib
import subprocess
import sys

from west.commands import WestCommand

SCRIPTS = pathlib.Path(__file__).resolve().parent
COMMANDS = {
    "bench": "instructions of each call, flash and RAM, beside Zephyr's own",
    "footprint": "flash and RAM of each feature",
    "masked": "the longest section with interrupts masked",
    "package": "make a package for an SDK: the module, with the library for each CPU",
    "proofs": "what interrupts can reach, and the stack of each function",
}


class Micrort(WestCommand):
    def __init__(self):
        super().__init__("micrort", "measure, prove and package micrort",
                         "\n".join(f"{name}: {what}" for name, what in COMMANDS.items()),
                         accepts_unknown_args=True)

    def do_add_parser(self, parser_adder):
        parser = parser_adder.add_parser(self.name, help=self.help, description=self.description,
                                         formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("command", choices=COMMANDS)
        return parser

    def do_run(self, args, unknown):
        sys.exit(subprocess.run([SCRIPTS / f"{args.command}.sh", *unknown], check=False).returncode)
