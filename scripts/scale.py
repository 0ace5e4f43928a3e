# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""What grows with what: runs benches/scale, prints a table, and draws it.

    scale.py BUILD-FOLDER [--write]

On qemu_cortex_m3 the image counts instructions by itself; on native_sim valgrind's callgrind counts
those of the functions lookups_among_N(). scripts/scale.sh finds Zephyr and calls this. --write makes
docs/scale.json and, from it, docs/scale-*.svg.
"""

import argparse
import collections
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import bench
import image

APP = "benches/scale"
DEPTHS = (8, 64, 512)
LOOKUPS = 1000
DOCS = image.ROOT / "docs"

# file: (title, what lies along the x axis, {name of the figure: legend})
PLOTS = {
    "scale-schedule": (
        "micrort_schedule() and a drained function", "depth of the queue, filled",
        {"schedule": "schedule", "drain": "drain, each"},
    ),
    "scale-tasks": (
        "micrort_task_schedule() and a drained task", "tasks that are queued",
        {"task_schedule": "schedule", "task_drain": "drain, each"},
    ),
    "scale-qstr": (
        "micrort_qstr_find_strn(), native_sim", "interned strings", {"qstr_find": "find"},
    ),
    "scale-mem_info": (
        "micrort_mem_info()", "blocks on the heap",
        {"mem_info": "totals", "mem_info_verbose": "with the map"},
    ),
}


def on_qemu(folder):
    for depth in DEPTHS:
        elf, _ = image.build(APP, folder / f"depth-{depth}", [f"-DCONFIG_MICRORT_SCHEDULE_DEPTH={depth}"])
        yield from re.findall(r"^scale (\w+) (\d+) (\d+)", bench.output(elf), re.MULTILINE)


def on_native_sim(folder):
    os.environ["ZEPHYR_TOOLCHAIN_VARIANT"] = "host"
    program = image.build_program(APP, folder / "native_sim", "native_sim/native/64")
    counts = folder / "callgrind.out"
    subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}", program],
        stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300,
    )
    text = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", counts],
        capture_output=True, text=True, check=True,
    ).stdout
    for count, among in re.findall(r"^ *([\d,]+) \(.*:lookups_among_(\d+) \[", text, re.MULTILINE):
        yield "qstr_find", among, round(int(count.replace(",", "")) / LOOKUPS)


def draw(name, figures):
    """Writes a chart: points joined by lines, the x axis logarithmic unless it begins at 0."""
    title, x_title, lines = PLOTS[name]
    width, height, left, top, bottom = 640, 360, 80, 50, 310
    points = {legend: figures[line] for line, legend in lines.items()}
    xs = sorted({x for line in points.values() for x, _ in line})
    along = (lambda x: math.log10(x)) if xs[0] else (lambda x: x)
    most = max(y for line in points.values() for _, y in line)
    # A round number of instructions between two lines of the grid, so that there are at most five.
    step = next(
        factor * 10**power for power in range(9) for factor in (1, 2, 5) if factor * 10**power * 5 >= most
    )
    rows = math.ceil(most / step)

    def place(x, y):
        share = (along(x) - along(xs[0])) / (along(xs[-1]) - along(xs[0]))
        return left + share * (width - left - 40), bottom - y / (rows * step) * (bottom - top)

    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        'font-size="12" text-anchor="middle">',
        "<!-- SPDX-License-Identifier: Apache-2.0, made by scripts/scale.sh -->",
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{width / 2}" y="22" font-size="15">{title}</text>',
        f'<text x="{width / 2}" y="{height - 12}">{x_title}</text>',
        f'<text transform="translate(18 {(top + bottom) / 2}) rotate(-90)">instructions</text>',
    ]
    for row in range(rows + 1):
        _, y = place(xs[0], row * step)
        svg.append(f'<path d="M{left} {y:.1f}H{width - 40}" stroke="#ddd"/>')
        svg.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{row * step}</text>')
    for x in xs:
        svg.append(f'<text x="{place(x, 0)[0]:.1f}" y="{bottom + 18}">{x}</text>')
    for number, ((legend, line), colour) in enumerate(zip(points.items(), ("#1f5fa8", "#c05020"))):
        places = [place(x, y) for x, y in line]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        svg.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        svg += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        svg.append(
            f'<text x="{left + 10 + 140 * number}" y="42" fill="{colour}" text-anchor="start">{legend}</text>'
        )
    (DOCS / f"{name}.svg").write_text("\n".join([*svg, "</svg>", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    figures = collections.defaultdict(dict)
    for name, x, y in [*on_qemu(arguments.folder), *on_native_sim(arguments.folder)]:
        # Every depth measures the same tasks and heap.
        figures[name][int(x)] = int(y)
    figures = {name: sorted(points.items()) for name, points in figures.items()}
    wanted = {line for _, _, lines in PLOTS.values() for line in lines}
    if set(figures) != wanted:
        sys.exit(f"scale: figures that are missing: {wanted - set(figures)}")
    for name, points in figures.items():
        print(f"{name}: " + ", ".join(f"{x}: {y}" for x, y in points))
    blocks = dict(figures["mem_info"])
    least, most = min(blocks), max(blocks)
    print(f"mem_info: {(blocks[most] - blocks[least]) / (most - least):.1f} instructions a block")
    if arguments.write:
        DOCS.mkdir(exist_ok=True)
        (DOCS / "scale.json").write_text(json.dumps(figures, indent=1) + "\n")
        for name in PLOTS:
            draw(name, figures)


if __name__ == "__main__":
    main()
