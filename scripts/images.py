# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Proofs on linked images. scripts/images.sh finds Zephyr and calls this.

    images.py BUILD-FOLDER

Images that share a configuration are built in one folder, one after the other: only the
application is compiled anew.
"""

import re
import sys
from pathlib import Path

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

import image

# Two lines of checks.c, to 1048575.
LINES = 1111, 782071

# Each feature: its part of benches/footprint, and what its symbols are called, in C and in Rust. The ends of
# an empty list are names without a byte.
FEATURES = {
    "EXCEPTION": ("exception", r"exception|emergency|micrort_raise|micrort_exc_|micrort6format"),
    "MEM_INFO": ("mem_info", r"mem_info|heap_walk|micrort_heap_info|micrort_port_heap_"),
    "STACK_USE": ("stack_use", r"stack_us(e|age)|micrort_port_stack|micrort_port_interrupt_stack"),
    "QSTR": ("qstr", r"qstr(?!_list_(start|end)$)"),
    "CONST": ("const", r"micrort_const(?!_list_(start|end)$)|micrort9constants"),
    "KBD_UART": (None, r"kbd_uart"),
}


class Image:
    def __init__(self, elf, sizes):
        self.flash, self.ram = sizes
        with open(elf, "rb") as file:
            elf = ELFFile(file)
            symbols = elf.get_section_by_name(".symtab")
            self.symbols = {symbol.name for symbol in symbols.iter_symbols() if symbol.name}
            self.sections = {
                section.name: section.data()
                for section in elf.iter_sections()
                if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_type"] != "SHT_NOBITS"
            }

    def names(self, pattern):
        return sorted(name for name in self.symbols if re.search(pattern, name))

    def has(self, text):
        return any(text in data for data in self.sections.values())


class Proofs:
    """Builds, and says of each claim whether it holds."""

    def __init__(self, folder):
        self.folder = folder
        self.failed = False
        self.rows = []
        self.notes = []

    def build(self, what, app, uses, config=(), defines=(), overlay=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        folder = self.folder / Path(app).name
        conf = folder.with_suffix(".conf")
        conf.write_text("".join(f"CONFIG_{option}\n" for option in config))
        arguments = [
            f"-DUSES={';'.join(uses)}", f"-DDEFINES={';'.join(defines)}", f"-DEXTRA_CONF_FILE={conf}",
        ]
        if overlay:
            arguments.append(f"-DEXTRA_DTC_OVERLAY_FILE={image.ROOT / overlay}")
        built = Image(*image.build(app, folder, arguments))
        self.rows.append((what, built.flash, built.ram))
        return built

    def claim(self, name, holds, why=""):
        print(f"{'ok' if holds else 'not ok'} - {name}", flush=True)
        if not holds:
            self.failed = True
            print(f"    {why}", flush=True)

    def absent(self, name, without, with_it, pattern="", texts=()):
        """Nothing of it is in one image, and all of it in another, so that this can fail."""
        left = without.names(pattern) if pattern else []
        left += [text for text in texts if without.has(text)]
        self.claim(name, not left, f"left: {left}")
        looked_for = (with_it.names(pattern) if pattern else [True]) and all(map(with_it.has, texts))
        self.claim(f"{name}: it is seen where it is", bool(looked_for))

    def constants(self):
        app = "tests/images"
        none, hidden, public = (
            self.build(what, app, ["constants"], defines=defines)
            for what, defines in (
                ("numbers in place of constants", ()),
                ("five `_HIDDEN` constants", ["HIDDEN_NAMES"]),
                ("five `PUBLIC` constants", ["PUBLIC_NAMES"]),
            )
        )
        pattern = "_(SAMPLES|CORRECTION|BIT_PATTERN|IS_FAST|VENDOR)$"
        self.notes += [f"nm, hidden: {hidden.names(pattern)}", f"nm, public: {public.names(pattern)}"]
        self.absent("hidden constants leave no symbol and no text", hidden, public, pattern,
                    [b"SAMPLES", b"CORRECTION", b"BIT_PATTERN", b"IS_FAST", b"VENDOR", b"text of a constant"])
        self.claim("an image with hidden constants is the image with none",
                   hidden.sections == none.sections and (hidden.flash, hidden.ram) == (none.flash, none.ram))
        self.claim("public constants cost flash and no RAM",
                   public.flash > none.flash and public.ram == none.ram)

    def levels(self):
        app = "tests/images"
        images = {
            (level, line): self.build(f"opt_level {level}, line {line}", app, ["checks", "condition"],
                                      [f"MICRORT_OPT_LEVEL={level}"], [f"LINE={line}"])
            for level in (0, 1, 3) for line in LINES
        }
        first = LINES[0]
        for level in (1, 3):
            self.absent(f"level {level}: no condition, no text and no call of a check",
                        images[level, first], images[0, first],
                        "condition_of_the_check|micrort_exc_assertion_error", [b"text of the check"])
            self.claim(f"level {level} is smaller than level 0",
                       images[level, first].flash < images[0, first].flash)
        same = {level: len({tuple(images[level, line].sections.items()) for line in LINES}) == 1
                for level in (0, 1, 3)}
        self.claim("level 3: the image is the same whatever the line", same[3])
        self.claim("levels 0 and 1: the line is in the image", not same[0] and not same[1])

    def features(self):
        """Each is off in one of two images, and used in the other: so none can hide behind another
        one that is off as well."""
        parts = list(FEATURES)
        halves = parts[::2], parts[1::2]
        images = [
            self.build(
                "without " + ", ".join(off), "benches/footprint",
                ["services", "heap", *(FEATURES[part][0] for part in on if FEATURES[part][0])],
                ["MICRORT=y", "HEAP_MEM_POOL_SIZE=1024", *(f"MICRORT_{part}=n" for part in off)],
                overlay="tests/images/kbd_uart.overlay",
            )
            for off, on in (halves, halves[::-1])
        ]
        self.claim("the compiler's functions are its own, not those of Rust's archive",
                   all("__aeabi_uldivmod" in built.symbols for built in images) and
                   not any(built.names("compiler_builtins") for built in images),
                   f"from Rust: {images[0].names('compiler_builtins')}")
        for half, (without, with_it) in zip(halves, (images, images[::-1])):
            for part in half:
                self.absent(f"CONFIG_MICRORT_{part}=n leaves no symbol", without, with_it, FEATURES[part][1])

    def table(self):
        print("\n| image | flash | RAM |\n| --- | --- | --- |")
        for row in self.rows:
            print("| {} | {} | {} |".format(*row))
        print("", *self.notes, sep="\n")


def main():
    proofs = Proofs(Path(sys.argv[1]))
    proofs.constants()
    proofs.levels()
    proofs.features()
    proofs.table()
    return proofs.failed


sys.exit(main())
