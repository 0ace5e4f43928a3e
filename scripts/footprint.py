# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Flash and RAM that each part of micrort adds to an image.

    footprint.py BUILD-FOLDER [--json FILE] [--readme FILE]

Builds benches/footprint twice for each row, without and with the part, and prints a table of the
differences. scripts/footprint.sh finds Zephyr and calls this. --readme writes the table between
the marks of README.md.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "benches/footprint"
BOARD = "qemu_cortex_m3"
BEGIN = "<!-- footprint: begin (scripts/footprint.sh --readme) -->"
END = "<!-- footprint: end -->"

MICRORT = ["CONFIG_MICRORT=y"]
HEAP = ["CONFIG_HEAP_MEM_POOL_SIZE=1024"]
SHELL = MICRORT + HEAP + ["CONFIG_SHELL=y", "CONFIG_SHELL_STACK_SIZE=2048"]
PARTS = ["mem_info", "qstr", "stack_use", "exception", "opt_level", "const"]


def image(*uses, config=(), overlay=None):
    return {"uses": uses, "config": tuple(config), "overlay": overlay}


SERVICES = image("services", "heap", config=MICRORT + HEAP)

# key: (what, image without, image with)
ROWS = {
    "services": (
        "schedule, heap lock, keyboard interrupt (over a plain `k_work_q`)",
        image("work_queue"),
        image("services", config=MICRORT),
    ),
    "kbd_uart": (
        "pass-through UART device",
        SERVICES,
        image("services", "heap", config=MICRORT + HEAP, overlay="kbd_uart.overlay"),
    ),
    "mem_info": ("memory report", SERVICES, image("services", "heap", "mem_info", config=MICRORT + HEAP)),
    "qstr": ("interned strings", SERVICES, image("services", "heap", "qstr", config=MICRORT + HEAP)),
    "stack_use": ("use of stacks", SERVICES, image("services", "heap", "stack_use", config=MICRORT + HEAP)),
    "exception": ("exceptions", SERVICES, image("services", "heap", "exception", config=MICRORT + HEAP)),
    "opt_level": (
        "an assertion, and the level",
        image("services", "heap", "exception", config=MICRORT + HEAP),
        image("services", "heap", "exception", "opt_level", config=MICRORT + HEAP),
    ),
    "const": ("two constants, and the lookup", SERVICES, image("services", "heap", "const", config=MICRORT + HEAP)),
    "all": (
        "all of it (over a plain `k_work_q` and a heap)",
        image("work_queue", "heap", config=HEAP),
        image("services", "heap", *PARTS, config=MICRORT + HEAP, overlay="kbd_uart.overlay"),
    ),
    "shell": (
        "the command `micrort`, with all of it",
        image("services", "heap", *PARTS, config=SHELL + ["CONFIG_MICRORT_SHELL=n"]),
        image("services", "heap", *PARTS, config=SHELL),
    ),
}


def run(command, log):
    with open(log, "ab") as out:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
    if status != 0:
        sys.exit(f"footprint: {' '.join(map(str, command[:3]))} ... failed; see {log}")


def measure(built, folder):
    """Bytes of (flash, RAM) of an image, by the linker's own account."""
    key = (built["uses"], built["config"], built["overlay"])
    if key in measure.known:
        return measure.known[key]
    build = folder / f"image{len(measure.known)}"
    log = folder / f"image{len(measure.known)}.log"
    log.unlink(missing_ok=True)
    arguments = [f"-D{option}" for option in built["config"]]
    if built["overlay"]:
        arguments.append(f"-DEXTRA_DTC_OVERLAY_FILE={APP / built['overlay']}")
    run(
        ["cmake", "-GNinja", "-S", APP, "-B", build, f"-DBOARD={BOARD}", f"-DUSES={';'.join(built['uses'])}",
         f"-DEXTRA_ZEPHYR_MODULES={ROOT}", *arguments],
        log,
    )
    (build / "zephyr/zephyr.elf").unlink(missing_ok=True)
    run(["cmake", "--build", build], log)
    regions = re.findall(r"^\s*(FLASH|RAM):\s+(\d+) (B|KB)", log.read_text(errors="replace"), re.MULTILINE)
    used = {name: int(number) * (1024 if unit == "KB" else 1) for name, number, unit in regions}
    measure.known[key] = used["FLASH"], used["RAM"]
    return measure.known[key]


measure.known = {}


def table(figures):
    lines = ["| part | flash | RAM |", "| --- | --- | --- |"]
    lines += [f"| {ROWS[key][0]} | {flash} | {ram} |" for key, (flash, ram) in figures.items()]
    return "\n".join(lines)


def write_readme(path, text):
    readme = path.read_text()
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--readme", type=Path)
    arguments = parser.parse_args()

    os.environ.setdefault("CCACHE_BASEDIR", str(ROOT))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    for key, (_, without, with_it) in ROWS.items():
        before, after = measure(without, arguments.folder), measure(with_it, arguments.folder)
        figures[key] = tuple(b - a for a, b in zip(before, after))
        print(f"{key}: {figures[key][0]} B flash, {figures[key][1]} B RAM", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    if arguments.readme:
        write_readme(arguments.readme, table(figures))


main()
