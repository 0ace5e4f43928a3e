#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Draws what a terminal shows at the end of a recording as an SVG, with fonts of the reader's machine.

picture.py CAST SVG FIRST [END]

CAST is an asciicast. The lines from the one that begins with FIRST to the one before END, or to the last, are drawn.
"""

import io
import itertools
import json
import pathlib
import re
import sys

import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
# Nothing scrolls out of the picture.
ROWS = 1000
# What rich calls a colour of pyte's.
COLOURS = {"brown": "yellow"}


def lines_of(cast):
    """The header, and the lines of the screen."""
    header, *events = [json.loads(line) for line in cast.splitlines()]
    screen = pyte.Screen(header["width"], ROWS)
    pyte.Stream(screen).feed("".join(data for _, kind, data in events if kind == "o"))
    lines = []
    for row in range(screen.cursor.y + 1):
        line = Text()
        cells = [screen.buffer[row][column] for column in range(header["width"])]
        for (colour, bold), run in itertools.groupby(cells, key=lambda cell: (cell.fg, cell.bold)):
            line.append("".join(cell.data for cell in run), Style(color=COLOURS.get(colour, colour), bold=bold))
        line.rstrip()
        lines.append(line)
    return header, lines


def main():
    cast, svg, *ends = sys.argv[1:]
    header, lines = lines_of(pathlib.Path(cast).read_text(encoding="utf-8"))
    bounds = [next(number for number, line in enumerate(lines) if line.plain.startswith(text)) for text in ends]
    console = Console(record=True, width=header["width"], file=io.StringIO(), force_terminal=True,
                      color_system="standard", highlight=False)
    shown = Text("\n").join(lines[slice(*bounds, *[None] * (2 - len(bounds)))])
    shown.rstrip()
    console.print(shown)
    drawn = console.export_svg(title=header["title"], theme=MONOKAI, unique_id=pathlib.Path(svg).stem)
    # Nothing is loaded from elsewhere.
    drawn = re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.S)
    drawn = drawn.replace("Fira Code, monospace", FONTS)
    drawn = drawn.replace(">", ">\n<!-- SPDX-License-Identifier: Apache-2.0, made by scripts/tour.sh -->", 1)
    drawn = "".join(line.rstrip() + "\n" for line in drawn.splitlines() if line.strip())
    pathlib.Path(svg).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
