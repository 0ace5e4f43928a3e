#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Looks for circles among the imports of src/: a folder, or a file beside the folders, is one part."""

import graphlib
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"
# The host's port calls the library itself where Zephyr's is called by the glue (src/ffi/glue.rs).
UPWARDS = {"port/host_calls.rs"}


def part(path):
    return path.parts[0].removesuffix(".rs")


def imports(text):
    """What follows `crate::` in code: names, and the first names of a group."""
    text = re.sub(r"//.*", "", text).split("#[cfg(test)]")[0]
    yield from re.findall(r"crate::(\w+)", text)
    for group in re.findall(r"crate::\{([^;]*)\};", text):
        while "{" in group:
            group = re.sub(r"\{[^{}]*\}", "", group)
        yield from re.findall(r"\w+", re.sub(r"::\w+|\bas \w+", "", group))


def main():
    files = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.rs") if path.name != "lib.rs"]
    below = {part(path): set() for path in files}
    for path in files:
        if path.as_posix() not in UPWARDS:
            found = set(imports((SOURCE / path).read_text())) & below.keys()
            below[part(path)] |= found - {part(path)}
    try:
        graphlib.TopologicalSorter(below).prepare()
    except graphlib.CycleError as error:
        return f"a circle: {' imports '.join(reversed(error.args[1]))}"
    return 0


if __name__ == "__main__":
    sys.exit(main())
