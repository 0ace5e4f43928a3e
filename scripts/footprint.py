# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Flash and RAM that each part of micrort adds to an image.

    footprint.py BUILD-FOLDER [--write]

Builds benches/footprint twice for each row, without and with the part, and prints a table of the
differences. scripts/footprint.sh finds Zephyr and calls this. --write puts the table into
docs/performance.md.
"""

import argparse
from pathlib import Path

import document
import image

APP = "benches/footprint"

MICRORT = ["CONFIG_MICRORT=y"]
HEAP = ["CONFIG_HEAP_MEM_POOL_SIZE=1024"]
SHELL = MICRORT + HEAP + ["CONFIG_SHELL=y", "CONFIG_SHELL_STACK_SIZE=2048"]
PARTS = ["mem_info", "qstr", "stack_use", "exception", "opt_level", "const"]


def using(*uses, config=(), overlay=None):
    return {"uses": uses, "config": tuple(config), "overlay": overlay}


SERVICES = using("services", "heap", config=MICRORT + HEAP)
# Whoever reads a UART in its interrupt has Zephyr's driver for that already.
UART = ["CONFIG_UART_INTERRUPT_DRIVEN=y"]

# key: (what, image without, image with)
ROWS = {
    "services": (
        "schedule, heap lock, keyboard interrupt (over a plain `k_work_q`)",
        using("work_queue"),
        using("services", config=MICRORT),
    ),
    "services_interrupt": (
        "the same with functions in an interrupt (instead of a plain `k_work_q`)",
        using("work_queue"),
        using(
            "services",
            config=[*MICRORT, "CONFIG_MICRORT_EXECUTOR_INTERRUPT=y", "CONFIG_MICRORT_EXECUTOR_IRQ=25"],
        ),
    ),
    "kbd_uart": (
        "pass-through UART device (over the interrupt-driven UART)",
        using("services", "heap", config=MICRORT + HEAP + UART),
        using("services", "heap", config=MICRORT + HEAP, overlay="kbd_uart.overlay"),
    ),
    "mem_info": ("memory report", SERVICES, using("services", "heap", "mem_info", config=MICRORT + HEAP)),
    "qstr": ("interned strings", SERVICES, using("services", "heap", "qstr", config=MICRORT + HEAP)),
    "stack_use": ("use of stacks", SERVICES, using("services", "heap", "stack_use", config=MICRORT + HEAP)),
    "exception": ("exceptions", SERVICES, using("services", "heap", "exception", config=MICRORT + HEAP)),
    "opt_level": (
        "an assertion, and the level",
        using("services", "heap", "exception", config=MICRORT + HEAP),
        using("services", "heap", "exception", "opt_level", config=MICRORT + HEAP),
    ),
    "const": ("two constants, and the lookup", SERVICES, using("services", "heap", "const", config=MICRORT + HEAP)),
    "all": (
        "all of it (over a plain `k_work_q`, a heap and the interrupt-driven UART)",
        using("work_queue", "heap", config=HEAP + UART),
        using("services", "heap", *PARTS, config=MICRORT + HEAP, overlay="kbd_uart.overlay"),
    ),
    "shell": (
        "the command `micrort`, with all of it",
        using("services", "heap", *PARTS, config=SHELL + ["CONFIG_MICRORT_SHELL=n"]),
        using("services", "heap", *PARTS, config=SHELL),
    ),
}


def measure(wanted, folder):
    """Bytes of (flash, RAM) of an image."""
    key = (wanted["uses"], wanted["config"], wanted["overlay"])
    if key not in measure.known:
        arguments = [f"-DUSES={';'.join(wanted['uses'])}", *(f"-D{option}" for option in wanted["config"])]
        if wanted["overlay"]:
            arguments.append(f"-DEXTRA_DTC_OVERLAY_FILE={image.ROOT / APP / wanted['overlay']}")
        _, measure.known[key] = image.build(APP, folder / f"image{len(measure.known)}", arguments)
    return measure.known[key]


measure.known = {}


def table(found):
    lines = ["| part | flash | RAM |", "| --- | --- | --- |"]
    lines += [f"| {ROWS[key][0]} | {flash} | {ram} |" for key, (flash, ram) in found.items()]
    return "\n".join(lines)


def figures(folder, keys=tuple(ROWS)):
    """Bytes of (flash, RAM) that each part adds; printed as they come."""
    result = {}
    for key in keys:
        _, without, with_it = ROWS[key]
        before, after = measure(without, folder), measure(with_it, folder)
        result[key] = tuple(b - a for a, b in zip(before, after))
        print(f"{key}: {result[key][0]} B flash, {result[key][1]} B RAM", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    found = figures(arguments.folder)
    if arguments.write:
        document.fill("docs/performance.md", "footprint", table(found))


if __name__ == "__main__":
    main()
