# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""What micrort costs on qemu_cortex_m3: instructions of its calls, beside Zephyr's own, and bytes.

    bench.py BUILD-FOLDER [--json FILE] [--write] [--check FILE]

Builds benches/instructions with each executor, runs it in QEMU with one instruction a microsecond,
builds benches/footprint, traces a storm (masked.py), and prints tables. --json writes the figures;
--write puts the tables into docs/performance.md, where the Zephyr has a place. --check compares them
with a file that --json has written, in TAP: a figure that is worse by more than an instruction or 16
bytes fails.
scripts/bench.sh finds Zephyr and calls this.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import document
import footprint
import image
import masked

APP = "benches/instructions"
QEMU = [
    *image.QEMU, "-icount", "shift=10,align=off,sleep=off", "-semihosting-config", "enable=on,target=native",
    "-kernel",
]
OPTIMIZATIONS = {"-Os": "CONFIG_SIZE_OPTIMIZATIONS", "-O2": "CONFIG_SPEED_OPTIMIZATIONS"}

# What has a column of its own; the first is the default, and MICRORT_EXECUTOR_* in Kconfig.
EXECUTORS = ("work_queue", "thread", "poll", "interrupt")

# What an executor needs beside its choice.
NEEDS = {"interrupt": ["-DCONFIG_MICRORT_EXECUTOR_IRQ=25"]}

# key: (limit, figure of Zephyr's that the same run measures, MicroPython's at -Os)
INSTRUCTIONS = {
    "schedule_awake": (24, "zephyr_submit_awake", 51),
    "schedule_awake_isr": (24, "zephyr_submit_awake_isr", 53),
    "schedule_idle": (242, "zephyr_submit_idle", None),
    "schedule_full": (18, None, 17),
    "task_schedule_awake": (28, "zephyr_submit_awake", 48),
    "task_queued": (18, "zephyr_submit_queued", 15),
    "isr_to_function": (395, "zephyr_isr_to_handler", 586),
    "drain_each": (38, "zephyr_drain_each", 155),
    "burst8_each": (80, None, None),
    "critical_pair": (58, "zephyr_sched_lock_pair", 38),
    "poll_empty": (12, None, 13),
    "heap_pair": (36, None, 12),
    "malloc_unlocked_extra": (10, None, 3),
    "malloc_refused": (62, "zephyr_malloc_fails", 16),
    "kbd_feed_plain": (12, None, 21),
    "kbd_feed_match": (50, None, 54),
    "masked_longest": (masked.LIMIT, None, None),
}

# What depends on the executor.
BY_EXECUTOR = (
    "schedule_awake", "schedule_awake_isr", "schedule_idle", "schedule_full", "task_schedule_awake",
    "task_queued", "isr_to_function", "drain_each", "burst8_each", "critical_pair", "poll_empty",
)  # fmt: skip

# Where an executor has a limit of its own.
LIMITS = {"thread": {"schedule_idle": 150, "isr_to_function": 280}, "interrupt": {"isr_to_function": 140}}

# key: (limit, row of footprint.py, 0 for flash and 1 for RAM)
FOOTPRINT = {
    "flash_services": (2700, "services", 0),
    "flash_services_interrupt": (1200, "services_interrupt", 0),
    "flash_kbd_uart": (900, "kbd_uart", 0),
    "ram_services": (192, "services", 1),
    "flash_all": (15200, "all", 0),
}

# By group of the figures: by how much they may be worse.
WORSE = {"instructions": 1, **{f"instructions_{name}": 1 for name in EXECUTORS[1:]}, "footprint": 16}


def output(elf):
    """What an image prints that counts instructions and then leaves QEMU."""
    text = subprocess.run(
        [*QEMU, elf], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    ).stdout
    if "error:" in text or not re.search(r"^end$", text, re.MULTILINE):
        sys.exit(f"bench: the run of {elf} did not end as it should:\n{text}")
    return text


def run(elf):
    """The image's figures: key to the larger of its smallest and largest sample."""
    return {key: int(most) for key, _, most in re.findall(r"^figure (\w+) (\d+) (\d+)", output(elf), re.MULTILINE)}


def instructions(name, folder):
    """Figures of each executor; of the others than the first, what differs by the executor."""
    options = [f"-D{OPTIMIZATIONS[name]}=y"]
    folder = folder / name.strip("-")
    figures = {}
    for executor in EXECUTORS:
        chosen = [*options, f"-DCONFIG_MICRORT_EXECUTOR_{executor.upper()}=y", *NEEDS.get(executor, [])]
        measured = run(image.build(APP, folder / executor, chosen)[0])
        if executor == EXECUTORS[0]:
            plain, _ = image.build(APP, folder / "without-heap-lock", [*chosen, "-DCONFIG_MICRORT_HEAP_LOCK=n"])
            measured["malloc_unlocked_extra"] = measured["k_malloc"] - run(plain)["k_malloc"]
            figures[executor] = measured
        else:
            figures[executor] = {key: measured[key] for key in BY_EXECUTOR if key in measured}
    return figures


def footprints(folder):
    rows = footprint.figures(folder, dict.fromkeys(row for _, row, _ in FOOTPRINT.values()))
    return {key: rows[row][index] for key, (_, row, index) in FOOTPRINT.items()}


def over(figure, limit):
    return f"{figure} (over)" if figure > limit else figure


def instruction_table(figures):
    """A column for each executor, empty where the figure does not depend on it."""
    default = figures[EXECUTORS[0]]
    names = [executor.replace("_", " ") for executor in EXECUTORS]
    lines = [
        f"| key | {' | '.join(names)} | limit | Zephyr | MicroPython |",
        f"| --- {'| --- ' * (len(names) + 3)}|",
    ]
    for key, (limit, zephyr, reference) in INSTRUCTIONS.items():
        if key not in default:
            continue
        columns, limits = [], [str(limit)]
        for executor in EXECUTORS:
            own = LIMITS.get(executor, {}).get(key, limit)
            columns.append(over(figures[executor][key], own) if key in figures[executor] else "")
            if own != limit:
                limits.append(f"{executor} {own}")
        others = default.get(zephyr, "-"), "-" if reference is None else reference
        cells = [key, *columns, ", ".join(limits), *others]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def footprint_table(figures):
    lines = ["| key | bytes | limit |", "| --- | --- | --- |"]
    lines += [f"| {key} | {over(figures[key], limit)} | {limit} |" for key, (limit, _, _) in FOOTPRINT.items()]
    return "\n".join(lines)


def version(*command):
    return subprocess.run([*command, "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def zephyr_version():
    zephyr = dict(
        re.findall(r"^(\w+) *= *(\d+)", Path(os.environ["ZEPHYR_BASE"], "VERSION").read_text(), re.MULTILINE)
    )
    return f"{zephyr['VERSION_MAJOR']}.{zephyr['VERSION_MINOR']}.{zephyr['PATCHLEVEL']}"


def tools():
    """What the figures depend on."""
    return {"compiler": version("arm-none-eabi-gcc"), "rustc": version("rustc"), "zephyr": zephyr_version()}


def check(figures, committed):
    """Says in TAP what has become worse, and whether anything has."""
    print("ok - measured")
    comparable = figures["tools"] == committed["tools"]
    good = True
    for group, margin in WORSE.items():
        for key, old in committed[group].items():
            name = f"{group}, {key}"
            new = figures[group].get(key)
            if not comparable:
                print(f"ok - {name} # SKIP the committed figure is of {committed['tools']}")
                continue
            fits = new is not None and new <= old + margin
            good &= fits
            print(f"{'ok' if fits else 'not ok'} - {name}: {new}, committed {old}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", type=Path)
    arguments = parser.parse_args()

    longest = masked.measure(arguments.folder / "masked")
    print(flush=True)
    results = {}
    # What is committed is the first.
    for name in list(OPTIMIZATIONS)[: 1 if arguments.check else None]:
        results[name] = instructions(name, arguments.folder)
        if name == "-Os":
            results[name][EXECUTORS[0]]["masked_longest"] = longest
        print(f"{name}, instructions:\n\n{instruction_table(results[name])}\n", flush=True)
    measured = results["-Os"][EXECUTORS[0]]
    figures = {
        "instructions": {key: measured[key] for key in INSTRUCTIONS},
        **{f"instructions_{executor}": results["-Os"][executor] for executor in EXECUTORS[1:]},
        "footprint": footprints(arguments.folder / "footprint"),
        "baseline": {key: value for key, value in measured.items() if key.startswith("zephyr_")},
        "tools": tools(),
    }
    print(f"\n-Os, bytes:\n\n{footprint_table(figures['footprint'])}\n", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    if arguments.write:
        zephyr = figures["tools"]["zephyr"]
        for name, mark in (("-Os", "size"), ("-O2", "speed")):
            document.fill("docs/performance.md", f"{mark} {zephyr}", instruction_table(results[name]))
        document.fill("docs/performance.md", f"bytes {zephyr}", footprint_table(figures["footprint"]))
    if arguments.check and not check(figures, json.loads(arguments.check.read_text())):
        sys.exit(1)


if __name__ == "__main__":
    main()
