#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Draws lines of a recording as an SVG, with fonts of the reader's machine.

picture.py CAST SVG FIRST END

CAST is an asciicast (of asciinema) that is read line by line, not as a screen. The lines
from the one that begins with FIRST to the one before END are drawn.
"""

import io
import json
import pathlib
import re
import sys

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def lines_of(cast):
    header, *events = [json.loads(line) for line in cast.splitlines()]
    text = "".join(data for _, kind, data in events if kind == "o")
    # rich takes what stands behind the last carriage return for the line.
    text = re.sub(r"\r*\n", "\n", text.replace("\0", ""))
    return header, Text.from_ansi(text).split("\n", allow_blank=True)


def main():
    cast, svg, first, end = sys.argv[1:]
    header, lines = lines_of(pathlib.Path(cast).read_text(encoding="utf-8"))
    starts = [next(number for number, line in enumerate(lines) if line.plain.startswith(text))
              for text in (first, end)]
    console = Console(record=True, width=header["width"], file=io.StringIO(), force_terminal=True,
                      color_system="standard", highlight=False)
    shown = Text("\n").join(lines[slice(*starts)])
    shown.rstrip()
    console.print(shown)
    drawn = console.export_svg(title=header["title"], theme=MONOKAI, unique_id="tour")
    # Nothing is loaded from elsewhere.
    drawn = re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.S)
    drawn = drawn.replace("Fira Code, monospace", FONTS)
    drawn = drawn.replace(">", ">\n<!-- SPDX-License-Identifier: Apache-2.0, made by scripts/tour.sh -->", 1)
    drawn = "".join(line.rstrip() + "\n" for line in drawn.splitlines() if line.strip())
    pathlib.Path(svg).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
