#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Writes a line FUNCTION(name) for each function that headers declare and whose name matches.

functions.py OUTPUT PATTERN HEADER...
"""

import re
import sys
from pathlib import Path


def functions(pattern, text):
    text = re.sub(r"/\*\* @cond INTERNAL_HIDDEN \*/.*?/\*\* @endcond \*/", "", text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*#(.*\\\n)*.*$", "", text, flags=re.MULTILINE)
    # Bodies, from the innermost; extern "C" alone has none.
    text = text.replace('extern "C" {', "")
    bodies = 1
    while bodies:
        text, bodies = re.subn(r"\{[^{}]*\}", "", text)
    return re.findall(rf"\b({pattern})\s*\(", text)


def main():
    output, pattern, *headers = sys.argv[1:]
    names = sorted({name for header in headers for name in functions(pattern, Path(header).read_text())})
    Path(output).write_text("".join(f"FUNCTION({name})\n" for name in names))


if __name__ == "__main__":
    main()
