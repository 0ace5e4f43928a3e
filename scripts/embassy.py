# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""What an async task costs on qemu_cortex_m3, in micrort's pass and beside embassy's own ways to poll.

    embassy.py BUILD-FOLDER [--write]

Builds benches/embassy for each executor, runs it in QEMU with one instruction a microsecond, and prints a table;
--write puts it into docs/performance.md. scripts/zephyr.sh finds Zephyr and calls this.
"""

import argparse
from pathlib import Path

import bench
import document
import image

APP = "benches/embassy"
# Row: arguments of the build, and its figures.
ROWS = {
    "a scheduled function, work queue": ((), "function"),
    "a scheduled function, thread": (("-DCONFIG_MICRORT_EXECUTOR_THREAD=y",), "function"),
    "async in micrort's pass, work queue": (("-DWHERE=micrort",), "signal", "channel"),
    "async in micrort's pass, thread": (("-DWHERE=micrort", "-DCONFIG_MICRORT_EXECUTOR_THREAD=y"), "signal", "channel"),
    "embassy's executor in a thread, semaphore": (("-DWHERE=thread",), "signal", "channel"),
    "embassy's executor in an interrupt": (("-DWHERE=interrupt",), "signal", "channel"),
}


def table(folder):
    lines = [
        "| | call, Signal | to the task, Signal | call, Channel | to the task, Channel | flash, more | RAM, more |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    without = {}
    for number, (row, (arguments, *keys)) in enumerate(ROWS.items()):
        elf, used = image.build(APP, folder / str(number), arguments)
        figures = bench.run(elf)
        configuration = [argument for argument in arguments if "CONFIG" in argument]
        if keys == ["function"]:
            without[str(configuration)] = used
        base = without[str(configuration)]
        cells = [str(figures[f"{key}{part}"]) for key in keys for part in ("_call", "")]
        cells += [""] * (4 - len(cells)) + [str(more - less) for more, less in zip(used, base, strict=True)]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    measured = table(arguments.folder)
    print(measured)
    if arguments.write:
        document.fill("docs/performance.md", f"embassy {bench.zephyr_version()}", measured)


if __name__ == "__main__":
    main()
