# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""The longest stretches that micrort runs with interrupts masked, in instructions.

    masked.py BUILD-FOLDER

Builds tests/storm with all controls, runs it in QEMU with a trace of every instruction, and prints
how long each masked section took at most, beside the longest way that the code has through it.
scripts/masked.sh finds Zephyr and calls this.

A section begins behind an `msr BASEPRI_MAX` in a function of micrort's and ends with the
`msr BASEPRI` that undoes it, or with that of the kernel's switch to another thread: from the one to
the other no interrupt comes. What it calls counts.

A section that lets a thread wait, or wakes those that do, is the kernel's for the most part: it masks for
as long as k_sem_take() does, or k_sem_give() for each thread. These have a table of their own, and do
not count for the limit.
"""

import argparse
import os
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import disassembly
import image
import sections

APP = "tests/storm"
# As benches/instructions: no assertions, and the lock inline.
CONFIG = ["-DEXTRA_CONF_FILE=controls.conf", "-DCONFIG_ASSERT=n"]
QEMU = [*image.QEMU, "-icount", "shift=6,align=off,sleep=off", "-singlestep", "-d", "exec,nochain"]
LIMIT = 45
KERNEL_WAITS = {"z_sched_wait", "z_sched_wake", "z_sched_wake_all"}
SECONDS = 170
# One line is one instruction, unless the next line says that it was not executed.
EXECUTED = re.compile(rb"\[[0-9a-f]+/([0-9a-f]{8})/[^\n]*\n(?!cpu_io|Stoppe)")


def executed(trace):
    """Yields lists of the addresses of executed instructions, as eight hexadecimal digits."""
    rest = b""
    while chunk := trace.read(1 << 20):
        chunk = rest + chunk
        # The last whole line stays: what follows it decides.
        cut = chunk.rfind(b"\n", 0, chunk.rfind(b"\n")) + 1
        rest = chunk[cut:]
        yield EXECUTED.findall(chunk[:cut] + rest[:6])


class Sections:
    """Follows the masked sections of a run."""

    def __init__(self, code):
        self.code = code
        self.longest = {}
        self.runs = Counter()
        self.instructions = 0
        self.depth = 0
        self.start = None

    def follow(self, trace):
        kinds = {b"%08x" % address: kind for address, kind in sections.events(self.code).items()}
        for addresses in executed(trace):
            for at, address in enumerate(addresses, self.instructions):
                if address in kinds:
                    self.event(at, int(address, 16), kinds[address])
            self.instructions += len(addresses)

    def event(self, at, address, kind):
        if self.start is None:
            if kind == "mask" and sections.is_ours(self.code, address):
                self.start = at, address
                self.depth = 1
        elif kind == "mask":
            self.depth += 1
        elif kind in ("unmask", "swap"):
            self.depth = self.depth - 1 if kind == "unmask" else 0
            if self.depth == 0:
                begin, section = self.start
                self.start = None
                self.runs[section] += 1
                self.longest[section] = max(self.longest.get(section, 0), at - begin)
        else:
            sys.exit(f"masked: an exception inside of the section at {self.start[1]:#x}")


def run(elf, code):
    """Traces the image until its tests have ended; returns the sections."""
    found = Sections(code)
    reading, writing = os.pipe()
    with ThreadPoolExecutor() as pool, open(reading, "rb", buffering=0) as trace:
        followed = pool.submit(found.follow, trace)
        command = [*QEMU, "-D", f"/dev/fd/{writing}", "-kernel", elf]
        try:
            output = image.run_until_end(command, SECONDS, pass_fds=[writing])
        finally:
            os.close(writing)
        followed.result()
    if "PROJECT EXECUTION SUCCESSFUL" not in output:
        sys.exit(f"masked: the run of {elf} did not end as it should:\n{output}")
    return found


def report(code, found):
    """Prints the tables; returns the longest traced section of micrort's own."""
    rows, waits = [], []
    for start in sections.starts(code):
        way = sections.Way(code, start)
        notes = [f"loop at {code.place(a)}, {more} a round" for a, more in way.loops.items()]
        notes += [f"calls {name}" for name in sorted({
            function.name for function in way.called if not sections.is_ours(code, function.address)
        })]
        notes += [f"cannot be followed at {code.place(a)}" for a in sorted(way.unknown)]
        # With a loop the walk has gone through it once only.
        most = f"more than {way.count}" if way.loops or way.unknown else str(way.count)
        is_wait = not KERNEL_WAITS.isdisjoint(function.name for function in way.called)
        (waits if is_wait else rows).append((found.longest.get(start, 0), way.count, most, start, "; ".join(notes)))
    for those in rows, waits:
        those.sort(key=lambda row: (-row[0], -row[1], row[3]))

    def table(rows):
        print("| section | traced | times | longest way | on it |\n| --- | --- | --- | --- | --- |")
        for traced, _, most, start, notes in rows:
            print(f"| {code.place(start)} | {traced} | {found.runs[start]} | {most} | {notes} |")

    print(f"The ten longest of {len(rows)} masked sections, in a run of {found.instructions} instructions:\n")
    table(rows[:10])
    if others := [row for row in rows[10:] if row[1] > LIMIT or row[4]]:
        print(f"\nOthers with a call, a loop, or a way that is longer than {LIMIT}:\n")
        table(others)
    if waits:
        print("\nThose in which the kernel lets a thread wait, or wakes threads:\n")
        table(waits)
    print("\nThe longest of each function:\n\n| function | traced | longest way |\n| --- | --- | --- |")
    functions = {}
    for traced, count, most, start, _ in rows:
        functions.setdefault(code.function_of(start).name, []).append((traced, count, most))
    for name, lengths in functions.items():
        traced, (_, most) = lengths[0][0], max(length[1:] for length in lengths)
        print(f"| {name} | {traced} | {most} |")
    return rows[0][0]


def measure(folder):
    """Traces a storm, prints what it found, and returns the instructions of the longest section."""
    elf, _ = image.build(APP, folder, CONFIG)
    code = disassembly.Image(elf)
    return report(code, run(elf, code))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    longest = measure(parser.parse_args().folder)
    print(f"\nmasked_longest: {longest} (limit {LIMIT})")
    if longest > LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
