# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""A storm of accepted functions, for a night: in pieces, with a record.

    storm.py BUILD-FOLDER [--functions N] [--only TEXT] [--write]

A piece is one run of tests/storm, of one image, under QEMU. As many run at once as there are CPUs here. The image that
has run for the shortest time is the next one, so that all have their share whenever it stops.
BUILD-FOLDER/record.jsonl gets a line when a piece has ended well; of one that has not, the log stays, and as long as
it lies there the storm ends with an error. Only what ran with the source and the Zephyr of today counts. It may be
stopped at any time; the same command goes on.

--functions runs until N accepted functions have run, 100000000 for a night; without it the record is shown. --only
takes the images that have TEXT in their name. --write puts the table into docs/storm.md. scripts/storm.sh finds
Zephyr and calls this.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import yaml
from elftools.elf.elffile import ELFFile

import bench
import document
import image
import matrix

APP = "tests/storm"
# What the images are made of.
SOURCE = (
    "CMakeLists.txt", "Cargo.lock", "Cargo.toml", "Kconfig", "cmake", "dts", "glue", "include", "src", "zephyr",
    "zephyr-sys", "tests/common", APP,
)  # fmt: skip
# Accepted functions of a piece: some minutes where two CPUs are emulated, seconds elsewhere.
PIECE = 200_000
MOST = 10**12
# A piece that takes longer has failed. The test itself gives up after 900 seconds of the board's time.
SECONDS = 3600
FIELDS = ("cpus", "seed", "attempted", "accepted", "refused", "run", "out_of_order", "nested")
RESULT = re.compile("storm: " + " ".join(rf"{field} (\d+)" for field in FIELDS))


def source():
    """Names the source that the images are made of."""
    files = [path for name in SOURCE for path in [image.ROOT / name, *(image.ROOT / name).rglob("*")]]
    total = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        total.update(f"{path.relative_to(image.ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return total.hexdigest()[:12]


def environment(variant):
    """What scripts/zephyr.sh sets for a toolchain."""
    script = 'source scripts/zephyr.sh; use_toolchain "$0"; env -0'
    text = subprocess.run(
        ["bash", "-c", script, variant], cwd=image.ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return dict(line.split("=", 1) for line in text.split("\0") if line)


class Image:
    """One configuration of the suite on one board."""

    def __init__(self, folder, board, executor, cpus, variant, config):
        self.name = f"{board}-{executor}-{cpus}".replace("/", "-")
        self.folder = folder / self.name
        self.board, self.executor, self.cpus, self.variant, self.config = board, executor, cpus, variant, config
        self.command = None
        self.pieces = []

    def total(self, field):
        return sum(piece[field] for piece in self.pieces)

    def build(self, goal):
        options = [f"-D{option}" for option in (*self.config, f"CONFIG_STORM_GOAL={goal}")]
        os.environ.pop("LDFLAGS", None)
        os.environ.update(environment(self.variant))
        self.command = image.build_for_qemu(APP, self.folder, self.board, options)

    def plant(self, seed):
        """Writes the seed into what QEMU loads."""
        names = "zephyr-qemu-main.elf", "zephyr.elf"
        path = next(path for name in names if (path := self.folder / "zephyr" / name).exists())
        with open(path, "r+b") as file:
            elf = ELFFile(file)
            (symbol,) = elf.get_section_by_name(".symtab").get_symbol_by_name("storm_seed")
            section = elf.get_section(symbol["st_shndx"])
            file.seek(section["sh_offset"] + symbol["st_value"] - section["sh_addr"])
            file.write(seed.to_bytes(4, "little"))

    def run(self):
        """Runs the next piece; returns what QEMU printed, and the counts if it ended well."""
        # Each piece is another run, and one that failed is the next one again.
        seed = len(self.pieces) + 1
        self.plant(seed)
        begin = time.monotonic()
        text = image.run_until_end(self.command, SECONDS, cwd=self.folder)
        found = RESULT.search(text)
        counts = dict(zip(FIELDS, map(int, found.groups()))) if found else {}
        good = (
            counts and "PROJECT EXECUTION SUCCESSFUL" in text
            and (counts["cpus"], counts["seed"]) == (self.cpus, seed)
            and counts["accepted"] == counts["run"]
            and counts["accepted"] + counts["refused"] == counts["attempted"]
            and counts["out_of_order"] == counts["nested"] == 0
        )
        return text, {**counts, "seconds": round(time.monotonic() - begin, 1)} if good else None


def images(folder):
    """Those of testcase.yaml: each executor on each board, and on two CPUs where micrort.storm.smp is allowed."""
    suite = yaml.safe_load((image.ROOT / APP / "testcase.yaml").read_text())
    scenarios = {name.rpartition(".")[2]: scenario for name, scenario in suite["tests"].items()}
    smp = scenarios.pop("smp")
    executors = {
        name: [option for option in scenario.get("extra_configs", ()) if "STORM_GOAL" not in option]
        for name, scenario in scenarios.items() if "extra_args" not in scenario
    }
    allowed = [board for scenario in scenarios.values() for board in scenario.get("platform_allow", ())]
    sdk, absent = matrix.sdk_present(), matrix.absent_modules()
    # A board with a row for another compiler is there once, with the first.
    for name, board in {board["name"]: board for board in reversed(matrix.MATRIX["boards"])}.items():
        kinds = [(1, [])] * (name in allowed) + [(2, smp["extra_configs"])] * (name in smp["platform_allow"])
        why = matrix.missing(board, sdk, absent) if kinds else None
        if why:
            print(f"storm: without {name}: {why}")
            continue
        for cpus, config in kinds:
            for executor, chosen in executors.items():
                variant = matrix.variant(board, sdk)
                yield Image(folder, name, executor, cpus, variant, [*chosen, *config])


class Record:
    """The pieces that ended well, a line of JSON each."""

    def __init__(self, path):
        self.path = path
        text = path.read_text() if path.exists() else ""
        # The last line may have been cut short, when the power went off.
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            path.write_text(whole)
        self.pieces = [json.loads(line) for line in whole.splitlines()]

    def append(self, piece):
        with open(self.path, "a") as file:
            file.write(json.dumps(piece) + "\n")
            file.flush()
            os.fsync(file.fileno())


def table(those):
    lines = [
        "| board | CPUs | executor | pieces | accepted = run | refused | attempted | out of order | nested | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    columns = ("run", "refused", "attempted", "out_of_order", "nested", "seconds")

    def row(begin, pieces):
        sums = [round(sum(piece[column] for piece in pieces)) for column in columns]
        lines.append(f"| {' | '.join(map(str, (*begin, len(pieces), *sums)))} |")

    for one in those:
        if not one.pieces:
            continue
        row((one.board, one.cpus, one.executor), one.pieces)
    row(("all", "", ""), [piece for one in those for piece in one.pieces])
    absent = sum(not one.pieces for one in those)
    if absent:
        lines += ["", f"{absent} of {len(those)} images have not run yet."]
    return "\n".join(lines)


def storm(those, functions, today, record, folder):
    """Runs pieces until so many functions have run."""
    running = {}

    def still_wanted():
        return functions - sum(one.total("accepted") for one in those)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        while running or still_wanted() > 0:
            idle = [one for one in those if one not in running.values()]
            if idle and len(running) < os.cpu_count() and still_wanted() > 0:
                one = min(idle, key=lambda one: one.total("seconds"))
                if not one.command:
                    one.build(min(PIECE, -(-functions // len(those))))
                running[pool.submit(one.run)] = one
                continue
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                one = running.pop(ended)
                text, counts = ended.result()
                if not counts:
                    log = folder / f"failed-{today['source']}-{one.name}-{time.strftime('%Y%m%d-%H%M%S')}.log"
                    log.write_text(text)
                    sys.exit(f"storm: a piece on {one.name} failed; see {log}")
                piece = {**today, "board": one.board, "executor": one.executor, **counts}
                record.append(piece)
                one.pieces.append(piece)
                print(f"storm: {one.name}: {counts['run']} functions in {counts['seconds']} s; "
                      f"{functions - still_wanted()} of {functions}", flush=True)


def number(text):
    if not re.fullmatch(r"[0-9]{1,15}", text) or not 1 <= int(text) <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to {MOST}")
    return int(text)


def main():
    # What is wrong is said in one line.
    parser = argparse.ArgumentParser(prog="storm", description=__doc__, usage=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--functions", type=number)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    lock = open(folder / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("storm: another one is at it")

    today = {"source": source(), "zephyr": bench.zephyr_version()}
    record = Record(folder / "record.jsonl")
    those = [one for one in images(folder) if arguments.only in one.name]
    if not those:
        sys.exit(f"storm: no image with {arguments.only!r} in its name can be built here")
    for one in those:
        wanted = {**today, "board": one.board, "executor": one.executor, "cpus": one.cpus}
        one.pieces = [piece for piece in record.pieces if wanted.items() <= piece.items()]
    if arguments.functions:
        try:
            storm(those, arguments.functions, today, record, folder)
        except KeyboardInterrupt:
            sys.exit("\nstorm: stopped; the same command goes on")
    text = table(those)
    print(text, flush=True)
    failed = sorted(folder.glob(f"failed-{today['source']}-*.log"))
    if failed:
        sys.exit(f"storm: failed with this source: {len(failed)}; see {failed[0]}")
    if arguments.write:
        document.fill("docs/storm.md", "storm", f"Zephyr {today['zephyr']}, source {today['source']}:\n\n{text}")


if __name__ == "__main__":
    main()
