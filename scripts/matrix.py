#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the support matrix: which rows can this machine build, and with what.

matrix.py targets                      the Rust targets, one a line
matrix.py boards [--quick]
    "run VARIANT BOARD" or "skip BOARD REASON" for each row, parted by tabs, with the Zephyr of
    ZEPHYR_BASE
"""

import argparse
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

import yaml

MATRIX = yaml.safe_load(pathlib.Path(__file__).with_name("matrix.yaml").read_text())


def variant(board, sdk):
    """The toolchain variant for a board, or None."""
    wanted = os.environ.get("ZEPHYR_TOOLCHAIN_VARIANT")
    for name in board["toolchains"]:
        if name.split("/")[0] == wanted:
            return name
    if sdk and "zephyr" in board["toolchains"]:
        return "zephyr"
    for name in board["toolchains"]:
        tools = tools_of(name)
        if tools and all(map(shutil.which, tools)):
            return name
    return None


def tools_of(name):
    """The commands of a toolchain; none for a Zephyr SDK."""
    toolchain = MATRIX["toolchains"][name]
    return [toolchain["compiler"], *toolchain.get("with", [])] if toolchain else []


def sdk_present():
    places = [(pathlib.Path.home(), ".cmake/packages/Zephyr-sdk/*"), (pathlib.Path.home(), "zephyr-sdk-*"),
              (pathlib.Path("/opt"), "zephyr-sdk-*")]
    return bool(os.environ.get("ZEPHYR_SDK_INSTALL_DIR")) or any(
        any(folder.glob(pattern)) for folder, pattern in places)


def absent_modules():
    """The modules that Zephyr's own manifest names, and that do not lie beside it."""
    zephyr = pathlib.Path(os.environ["ZEPHYR_BASE"])
    command = [sys.executable, "scripts/zephyr_module.py", "--cmake-out", "/dev/stdout"]
    for option, variable in (("--modules", "ZEPHYR_MODULES"), ("--extra-modules", "EXTRA_ZEPHYR_MODULES")):
        if os.environ.get(variable):
            command += [option, *os.environ[variable].split(";")]
    # As Zephyr's build finds them.
    found = subprocess.run(command, cwd=zephyr, stdout=subprocess.PIPE, text=True).stdout
    manifest = yaml.safe_load((zephyr / "west.yml").read_text())["manifest"]
    named = {project["name"] for project in manifest["projects"]}
    return named - set(re.findall(r'^"([^"]+)":', found, re.MULTILINE))


def missing(board, sdk, absent):
    """Why a board cannot be built here, or None."""
    if board.get("machine", platform.machine()) != platform.machine():
        return f"builds only on {board['machine']}"
    if not variant(board, sdk):
        compilers = [" with ".join(tools_of(name)) or "a Zephyr SDK" for name in board["toolchains"]]
        return f"no compiler: {' or '.join(compilers)}"
    emulator = board.get("emulator")
    # The SDK brings its own emulators.
    if emulator and not sdk and not shutil.which(emulator):
        return f"no {emulator}"
    for module in board.get("modules", []):
        if module in absent:
            return f"this Zephyr has no module {module}; `west update {module}` brings it"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["targets", "boards"])
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()

    if args.what == "targets":
        print("\n".join(sorted({board["rust"] for board in MATRIX["boards"]})))
        return
    sdk, absent = sdk_present(), absent_modules()
    for board in MATRIX["boards"]:
        if args.quick and not board.get("quick"):
            continue
        reason = missing(board, sdk, absent)
        if reason:
            print("skip", board["name"], reason, sep="\t")
        else:
            print("run", variant(board, sdk), board["name"], sep="\t")


if __name__ == "__main__":
    main()
