# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""The longest stretches that micrort runs with interrupts masked, in instructions.

    masked.py BUILD-FOLDER [--json FILE]

Builds tests/storm with all controls, runs it in QEMU with a trace of every instruction, and prints
how long each masked section took at most, beside the longest way that the code has through it.
scripts/masked.sh finds Zephyr and calls this.

A section begins behind an `msr BASEPRI_MAX` in a function of micrort's and ends with the
`msr BASEPRI` that undoes it: from the one to the other no interrupt comes. What it calls counts.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import image
import sections

APP = "tests/storm"
# As benches/instructions: no assertions, and the lock inline.
CONFIG = ["-DEXTRA_CONF_FILE=controls.conf", "-DCONFIG_ASSERT=n"]
QEMU = [
    "qemu-system-arm", "-cpu", "cortex-m3", "-machine", "lm3s6965evb", "-nographic", "-vga", "none",
    "-net", "none", "-icount", "shift=6,align=off,sleep=off", "-rtc", "clock=vm", "-monitor", "none",
    "-serial", "stdio", "-singlestep", "-d", "exec,nochain",
]
LIMIT = 40
SECONDS = 170
# How often a loop is gone through at most that begins in such a function.
ROUNDS = [
    (r"Threads<.*>::(deepen|lessen)|::heap_lock::|refuse$|thread_ended$|heap_locked$", "CONFIG_MICRORT_THREADS_MAX"),
    (r"link_slots$", "CONFIG_MICRORT_SCHEDULE_DEPTH"),
]
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
        kinds = {b"%08x" % address: kind for address, kind in self.code.events().items()}
        for addresses in executed(trace):
            for at, address in enumerate(addresses, self.instructions):
                if address in kinds:
                    self.event(at, int(address, 16), kinds[address])
            self.instructions += len(addresses)

    def event(self, at, address, kind):
        if self.start is None:
            if kind == "mask" and self.code.is_ours(address):
                self.start = at, address
                self.depth = 1
        elif kind == "mask":
            self.depth += 1
        elif kind == "unmask":
            self.depth -= 1
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
    with tempfile.TemporaryDirectory() as folder:
        fifo = Path(folder) / "trace"
        os.mkfifo(fifo)
        qemu = subprocess.Popen(
            [*QEMU, "-D", fifo, "-kernel", elf],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        late = threading.Timer(SECONDS, qemu.kill)
        late.start()
        output = []

        def watch():
            for line in qemu.stdout:
                output.append(line)
                if line.startswith("PROJECT EXECUTION"):
                    qemu.kill()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            with open(fifo, "rb", buffering=0) as trace:
                found.follow(trace)
        finally:
            qemu.kill()
            watcher.join()
            late.cancel()
    if not any("PROJECT EXECUTION SUCCESSFUL" in line for line in output):
        sys.exit(f"masked: the run of {elf} did not end as it should:\n{''.join(output)}")
    return found



def bound(code, folder, way):
    """The longest way with its loops gone through as often as they can be; None if not known."""
    config = (folder / "zephyr/.config").read_text()
    length = way.count
    for header, more in way.loops.items():
        rounds = next((rounds for pattern, rounds in ROUNDS if re.search(pattern, code.name(header))), None)
        if isinstance(rounds, str):
            rounds = int(re.search(rf"^{rounds}=(\d+)$", config, re.MULTILINE)[1])
        if rounds is None or way.unknown:
            return None
        length += more * (rounds - 1)
    return length


def report(code, folder, found):
    """Prints the tables; returns the longest traced section."""
    rows = []
    for start in code.starts():
        way = sections.Way(code, start)
        loops = [f"{code.place(header)}: {more} a round" for header, more in way.loops.items()]
        called = sorted({code.name(f) for f in way.called if not code.is_ours(f)})
        notes = [*loops, *(f"calls {name}" for name in called), *(f"leads to {code.place(a)}" for a in way.unknown)]
        most = bound(code, folder, way)
        rows.append((found.longest.get(start, 0), "-" if most is None else most, start, "; ".join(notes)))
    rows.sort(key=lambda row: (-row[0], row[2]))

    def table(rows):
        lines = ["| section | traced | times | longest way | on it |", "| --- | --- | --- | --- | --- |"]
        for traced, most, start, notes in rows:
            lines.append(f"| {code.place(start)} | {traced} | {found.runs[start]} | {most} | {notes} |")
        return "\n".join(lines) + "\n"

    print(f"The ten longest of {len(rows)} masked sections, in {found.instructions} instructions:\n\n{table(rows[:10])}")
    others = [row for row in rows[10:] if row[1] == "-" or row[1] > max(row[0], LIMIT)]
    if others:
        print(f"Others with a way that is longer than {LIMIT}:\n\n{table(others)}")
    functions = {}
    for traced, most, start, _ in rows:
        functions.setdefault(code.name(start), []).append((traced, most))
    print("The longest of each function:\n\n| function | traced | longest way |\n| --- | --- | --- |")
    for name, lengths in sorted(functions.items(), key=lambda item: -max(t for t, _ in item[1])):
        traced, ways = zip(*lengths)
        print(f"| {name} | {max(traced)} | {'-' if '-' in ways else max(ways)} |")
    return rows[0][0]


def write(path, longest):
    """Adds the figure to the file of scripts/bench.sh, or makes one."""
    figures = json.loads(path.read_text()) if path.exists() else {}
    figures.setdefault("instructions", {})["masked_longest"] = longest
    path.write_text(json.dumps(figures, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    elf, _ = (arguments.folder / "zephyr/zephyr.elf", 0) if os.environ.get("MASKED_NO_BUILD") else image.build(APP, arguments.folder, CONFIG)
    code = sections.Code(elf)
    longest = report(code, arguments.folder, run(elf, code))
    print(f"\nmasked_longest: {longest} (limit {LIMIT})")
    if arguments.json:
        write(arguments.json, longest)


main()
