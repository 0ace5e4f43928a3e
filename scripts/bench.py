# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Instructions that micrort's calls take on qemu_cortex_m3, beside Zephyr's own.

    bench.py BUILD-FOLDER [--json FILE]

Builds benches/instructions, runs it in QEMU with one instruction a microsecond, and prints a table.
scripts/bench.sh finds Zephyr and calls this.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import image

APP = "benches/instructions"
QEMU = [
    "qemu-system-arm", "-cpu", "cortex-m3", "-machine", "lm3s6965evb", "-nographic", "-vga", "none",
    "-net", "none", "-icount", "shift=10,align=off,sleep=off", "-rtc", "clock=vm",
    "-semihosting-config", "enable=on,target=native", "-monitor", "none", "-serial", "stdio", "-kernel",
]
OPTIMIZATIONS = {"-Os": "CONFIG_SIZE_OPTIMIZATIONS", "-O2": "CONFIG_SPEED_OPTIMIZATIONS"}

# key: (limit, figure of Zephyr's that the same run measures, MicroPython's at -Os)
ROWS = {
    "schedule_awake": (32, "zephyr_submit_awake", 51),
    "schedule_awake_isr": (32, "zephyr_submit_awake_isr", 53),
    "schedule_idle": (136, "zephyr_submit_idle", None),
    "schedule_full": (17, None, 17),
    "task_schedule_awake": (28, "zephyr_submit_awake", 48),
    "task_queued": (12, "zephyr_submit_queued", 15),
    "isr_to_function": (350, "zephyr_isr_to_handler", 586),
    "drain_each": (38, "zephyr_drain_each", 155),
    "burst8_each": (80, None, None),
    "critical_pair": (30, "zephyr_sched_lock_pair", 38),
    "poll_empty": (10, None, 13),
    "heap_pair": (24, None, 12),
    "malloc_unlocked_extra": (8, None, 3),
    "malloc_refused": (55, "zephyr_malloc_fails", 16),
    "kbd_feed_plain": (10, None, 21),
    "kbd_feed_match": (45, None, 54),
}


def run(elf):
    """The image's figures: key to the larger of its smallest and largest sample."""
    output = subprocess.run(
        [*QEMU, elf], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    ).stdout
    if "error:" in output or not re.search(r"^end$", output, re.MULTILINE):
        sys.exit(f"bench: the run of {elf} did not end as it should:\n{output}")
    return {key: int(most) for key, _, most in re.findall(r"^figure (\w+) (\d+) (\d+)", output, re.MULTILINE)}


def measure(option, folder):
    locked, _ = image.build(APP, folder / "with", [f"-D{option}=y"])
    plain, _ = image.build(APP, folder / "without-heap-lock", [f"-D{option}=y", "-DCONFIG_MICRORT_HEAP_LOCK=n"])
    figures = run(locked)
    figures["malloc_unlocked_extra"] = figures["k_malloc"] - run(plain)["k_malloc"]
    return figures


def table(figures):
    lines = ["| key | micrort | limit | Zephyr | MicroPython |", "| --- | --- | --- | --- | --- |"]
    for key, (limit, zephyr, reference) in ROWS.items():
        others = figures.get(zephyr, "-"), "-" if reference is None else reference
        over = "" if figures[key] <= limit else " (over)"
        lines.append(f"| {key} | {figures[key]}{over} | {limit} | {others[0]} | {others[1]} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()

    results = {}
    for name, option in OPTIMIZATIONS.items():
        results[name] = measure(option, arguments.folder / name.strip("-"))
        print(f"{name}, instructions:\n\n{table(results[name])}\n", flush=True)
    if arguments.json:
        instructions = {key: results["-Os"][key] for key in ROWS}
        baseline = {key: value for key, value in results["-Os"].items() if key.startswith("zephyr_")}
        text = json.dumps({"instructions": instructions, "baseline": baseline}, indent=2)
        arguments.json.write_text(text + "\n")


main()
