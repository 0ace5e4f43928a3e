#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Compares what the consoles of two ports answer to the same script.

transcripts.py SCRIPT BOARD HOST

SCRIPT has the lines that scripts/console.py typed; BOARD and HOST are the files in which it has put
what it saw. Prints a line "ok - COMMAND" or "not ok - COMMAND" for each command, with both answers
behind one that differs, and likewise for each of the differences below, which must all occur.
"""

import re
import sys

PROMPT = "uart:~$ "

# What is not the same twice in a row on one port: addresses, times and what follows them, sizes of
# stacks, figures of heaps.
MASKS = [
    (r"\b0x[0-9a-f]+", "ADDRESS"),
    (r"from [0-9a-f]+:", "from ADDRESS:"),
    (r"^\[[0-9:.,]+\]", "[TIME]"),
    (r"\b\d+ (ms|cycles|primes)\b", r"N \1"),
    (r"timer interrupt: \d+ scheduled, \d+ ran", "timer interrupt: N scheduled, N ran"),
    (r"accepted: \d+, run: \d+", "accepted: N, run: N"),
    (r"refused: [1-9]\d*, joined", "refused: N, joined"),
    (r"in \d+ interrupts:", "in N interrupts:"),
    (r"queue full \d+ times", "queue full N times"),
    (r"^stack: \d+", "stack: N"),
    (r"^\d+$", "N"),
    (r"^(\S+) +(\d+|\?) +(\d+|\?) +(\d+|\?)$", r"\1 N N N"),
    (r"^GC: total: \d+, used: \d+, free: \d+", "GC: total: N, used: N, free: N"),
    (r"^ No\. of .*", " No. of BLOCKS"),
    (r"^peak: \d+, allocated: \d+", "peak: N, allocated: N"),
    (r"n_total_bytes=\d+", "n_total_bytes=N"),
    (r"^([0-9a-f]{8}: [h=.]+| +\(\d+ lines all free\))$", "MAP"),
]

# What a port cannot: (side, pattern, replacement or None for the whole line, reason).
DIFFERENCES = [
    ("board", r"^    ADDRESS$", None, "the host port does not walk the stack for return addresses"),
    ("board", r"interrupt \d+ of", "interrupt of", "interrupts have no number on the host"),
    ("board", r" out of \d+$", "", "the host does not know the size of a stack"),
    ("board", r"^(main|micrort|interrupts) N N N$", None,
     "the host port knows the stack of the caller only"),
    ("board", r'File "[^"]*main\.c", line \d+', "File", "the twin has a source of its own"),
    ("host", r'File "[^"]*app\.rs", line \d+', "File", "the twin has a source of its own"),
    ("board", r'File "[^"]*main\.c"', "File", "the twin has a source of its own"),
    ("host", r'File "[^"]*app\.rs"', "File", "the twin has a source of its own"),
    *((side, *what, "on the host the executor runs beside the interrupt")
      for what in ((r"\d+ joined, \d+ runs", "N joined, N runs"),
                   (r"joined: \d+, at most queued: \d+", "joined: N, at most queued: N"))
      for side in ("board", "host")),
]


def commands_of(script):
    """The lines that are typed and echoed."""
    lines = [line.rstrip("\r\n") for line in script]
    return [line for line in lines
            if line.split() and not line.startswith(("#", ">")) and line != "^C"
            and not re.fullmatch(r"sleep [0-9.]+", line)]


def answers(commands, transcript):
    """The lines behind each command, with what is explained there; a log's line may stand behind a
    prompt, too."""
    found, rest = [], list(commands)
    for line in transcript:
        line = line.rstrip("\r\n")
        while line.startswith(PROMPT):
            line = line.removeprefix(PROMPT)
        if rest and line == rest[0]:
            found.append([])
            rest.pop(0)
        elif found and line and line != PROMPT.rstrip():
            found[-1].append(line)
    return found


def masked(side, lines, used):
    """The lines without what may differ; notes in used which differences there were."""
    result = []
    for line in lines:
        for pattern, replacement in MASKS:
            line = re.sub(pattern, replacement, line)
        for number, (where, pattern, replacement, _) in enumerate(DIFFERENCES):
            if line is not None and where == side and re.search(pattern, line):
                used.add(number)
                line = None if replacement is None else re.sub(pattern, replacement, line)
        # Rows of a map are as many as the heap is large.
        if line is not None and not (line == "MAP" and result and result[-1] == "MAP"):
            result.append(line)
    return result


def main():
    script, *files = sys.argv[1:]
    with open(script, encoding="utf-8") as lines:
        commands = commands_of(lines)
    found = []
    for name in files:
        with open(name, encoding="utf-8", errors="replace") as lines:
            found.append(answers(commands, lines))
    used, failed = set(), 0
    for number, command in enumerate(commands):
        sides = [masked(side, all_answers[number] if number < len(all_answers) else ["NO ANSWER"], used)
                 for side, all_answers in zip(("board", "host"), found)]
        same = sides[0] == sides[1] and sides[0] != ["NO ANSWER"]
        failed += not same
        print("ok -" if same else "not ok -", command)
        if not same:
            for side, answer in zip(("board", "host"), sides):
                print("".join(f"# {side}: {line}\n" for line in answer), end="")
    for number, (side, pattern, _, reason) in enumerate(DIFFERENCES):
        failed += number not in used
        print("ok -" if number in used else "not ok -", f"difference of the {side}, {pattern}: {reason}")
    raise SystemExit(failed != 0)


if __name__ == "__main__":
    main()
