#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Tries the console of the host port as a person would, at a terminal and without one.

host_console.py COMMAND...

Prints a line "ok - NAME" or "not ok - NAME" for each check, with what the screen shows behind one that
failed.
"""

import contextlib
import subprocess
import sys
import termios
import time

from console import Console

PROMPT = "uart:~$ "
TIMEOUT = 20
UP, LEFT, BACKSPACE, CTRL_C, CTRL_D, CTRL_Z = "\x1b[A", "\x1b[D", "\x7f", "\x03", "\x04", "\x1a"
# Long enough for a command to have started, on a slow machine too.
STARTED = 0.5
# What a person waits for, beside a line with a text and a prompt behind it: that, the end with status 0, and, with
# the rest of the text, the last line.
RUNNING, END, LAST = "running", "end", "last line: "

# What is typed, and what is waited for then.
AT_A_TERMINAL = {
    "completes_words": [
        ("mic\tkbd\t-\t", LAST + PROMPT + "micrort kbd_intr -1"),
        (CTRL_C + "micrort const B\t\r", "BURST_DEFAULT = 100"),
    ],
    "offers_words": [("micrort heap \t\t", "locked")],
    "edits_the_line": [("micrort opt_leval" + LEFT + BACKSPACE + "e\r", "0 (built at 0)")],
    "has_a_history": [("micrort heap locked\r", "depth 0"), (UP + "\r", "depth 0")],
    "ctrl_c_clears_the_line": [
        ("app burst 7" + CTRL_C, LAST + PROMPT), ("micrort schedule stats\r", "joined: 0"),
    ],
    "ctrl_c_stops_a_computation": [("app loop\r", RUNNING), (CTRL_C, "interrupted after")],
    "keeps_what_is_typed_ahead": [
        ("app sleep 30\r", RUNNING), ("micrort heap locked\r" + CTRL_C, "interrupted after", "depth 0"),
    ],
    "begins_the_line_with_what_is_typed_ahead": [
        ("app sleep 30\r", RUNNING), ("micrort heap" + CTRL_C, LAST + PROMPT + "micrort heap"),
        (" locked\r", "depth 0"),
    ],
    "takes_another_character": [
        ("micrort kbd_intr 4\r", "interrupt character: 4"),
        ("app sleep 30\r", RUNNING), (CTRL_D, "interrupted after"),
    ],
    "capture_can_be_off": [
        ("micrort kbd_intr -1\r", "interrupt character: off"),
        ("app sleep 2\r", RUNNING), (CTRL_C, "slept for"),
    ],
    "runs_what_is_pasted_behind": [("app loop 1\rmicrort\r", "stack_use")],
    "shows_what_a_function_prints": [("app raise function hot\r", "ValueError: channel 3: hot")],
    "ctrl_c_passes_4_kb_of_unread_input": [
        ("app loop\r", RUNNING), ("j" * 8192 + CTRL_C, "interrupted after"),
    ],
    "drops_what_is_no_text": [
        ("\xff\xfe\r",), ("micrort opt_leve",), ("l\xc3\r", "0 (built at 0)"),
        ("micrort heap locked\r", "depth 0"),
    ],
    "ctrl_z_is_nothing": [("micrort heap" + CTRL_Z + " locked\r", "depth 0")],
    "a_storm_runs_in_order": [("app storm\r", "1000 ran, 1000 in order")],
    "ctrl_c_stops_a_storm": [
        ("app storm 10000\r", RUNNING), (CTRL_C,), ("app storm 50\r", "50 ran, 50 in order"),
    ],
    "takes_a_task_back": [
        ("app cancel\r", "queued, taken back, 0 runs; queued again, 1 runs"),
        ("micrort schedule stats\r", "cancelled: 1"),
    ],
    "exit_leaves": [("exit\r", END)],
    "ctrl_d_leaves": [(CTRL_D, END)],
}


class Person:
    """Types at a console and looks at its screen."""

    def __init__(self, command, **environment):
        self.raw = b""
        # The terminal of a person echoes, and makes a signal of Ctrl-C.
        command = ["env", *(f"{name}={value}" for name, value in environment.items()), *command]
        self.console = Console(command, PROMPT, TIMEOUT, raw=False)
        # What it shows is looked at here, and not to be printed.
        self.console.show = lambda unfinished=False: None
        feed = self.console.screen.feed
        self.console.screen.feed = lambda data: (self.keep(data), feed(data))

    def keep(self, data):
        self.raw += data

    def do(self, keys, *waited_for):
        """Types, and waits for it all."""
        self.seen = len(self.console.screen.done)
        self.console.send(keys.encode("latin-1"))
        for what in waited_for:
            if what == RUNNING:
                self.console.wait(STARTED)
            elif what == END:
                with contextlib.suppress(SystemExit):
                    self.console.wait(TIMEOUT)
                assert self.console.process.wait(TIMEOUT) == 0
            elif what.startswith(LAST):
                line = what.removeprefix(LAST).rstrip()
                self.console.wait_for(lambda line=line: self.console.screen.lines()[-1].rstrip() == line, what)
            else:
                self.console.wait_for(lambda text=what: self.sees(text), f"'{what}' and a prompt behind it")

    def sees(self, text):
        lines = self.console.screen.lines(self.seen)
        at = next((i for i, line in enumerate(lines) if text in line), len(lines))
        return any(line.startswith(PROMPT.rstrip()) for line in lines[at:])

    def sees_in_order(self, texts):
        text = "\n".join(self.console.screen.lines())
        places = [text.find(part) for part in texts]
        assert -1 not in places and places == sorted(places), places


def runs_a_paste_in_order(person):
    person.do("".join(f"app intern w{i}\r" for i in range(300)), "w299, ")
    person.sees_in_order(f": w{i}, " for i in range(300))


def keeps_the_order_of_what_is_typed_ahead(person):
    person.do("app sleep 1\rmicrort opt_level\r", RUNNING)
    person.do("micrort heax" + BACKSPACE + "p locked\r", "depth 0")
    person.sees_in_order(["0 (built at 0)", "depth 0"])


def colours_the_prompt(person):
    assert b"\x1b[1;32muart:~$ " in person.raw, person.raw


def leaves_the_terminal_as_it_was(person):
    signals = termios.ISIG | termios.ECHO
    assert person.console.modes[3] & signals == signals
    assert termios.tcgetattr(person.console.master)[3] & signals == 0
    person.do("exit\r", END)
    assert termios.tcgetattr(person.console.master) == person.console.modes


def no_colour_on_demand(person):
    assert b"\x1b[1;32m" not in person.raw, person.raw


def works_on_a_dumb_terminal(person):
    person.do("micrort heap locked\r", "depth 0")
    assert b"\x1b" not in person.raw, person.raw
    person.do("exit\r", END)


# Further checks at a terminal, each with its environment.
MORE_AT_A_TERMINAL = {
    runs_a_paste_in_order: {}, keeps_the_order_of_what_is_typed_ahead: {}, colours_the_prompt: {},
    leaves_the_terminal_as_it_was: {}, no_colour_on_demand: {"NO_COLOR": "1"},
    works_on_a_dumb_terminal: {"TERM": "dumb"},
}

# Input without a terminal, and what is in the output.
WITHOUT_ONE = {
    "plain_text_without_a_terminal": (
        "micrort heap locked\nnope\nexit\nmicrort\n",
        f"^{PROMPT}micrort heap locked\ndepth 0\n{PROMPT}nope\nnope: command not found\n{PROMPT}exit\n$",
    ),
    "end_of_input_leaves": ("micrort heap locked", "depth 0"),
    "text_that_is_none_ends_nothing": ("\xff\xfe\nmicrort heap locked\n", "depth 0"),
    "prints_what_a_function_raised_last": ("app raise function late\n", "ValueError: channel 3: late"),
}


def answers(command, keys, expected):
    done = subprocess.run(command, input=keys.encode("latin-1"), capture_output=True, timeout=TIMEOUT, check=True)
    # With marks of where it begins and ends.
    assert expected in f"^{done.stdout.decode()}$", done.stdout


def a_reader_may_be_gone(command):
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as console:
        console.stdout.close()
        time.sleep(STARTED)
        with contextlib.suppress(BrokenPipeError):
            console.stdin.write(b"micrort\nmicrort mem_info -v\n" * 100)
            console.stdin.close()
        assert console.wait(TIMEOUT) == 0


def check(name, attempt, screen=lambda: []):
    try:
        attempt()
    except (AssertionError, SystemExit, OSError, subprocess.SubprocessError) as error:
        print(f"not ok - {name}: {error}")
        for line in screen():
            print(f"# {line}")
        return False
    print(f"ok - {name}", flush=True)
    return True


def check_person(name, attempt, command, environment):
    person = Person(command, **{"TERM": "xterm", **environment})
    try:
        return check(name, lambda: (person.do("", ""), attempt(person)), person.console.screen.lines)
    finally:
        person.console.close()


def main():
    command = sys.argv[1:]
    results = [
        check_person(name, lambda person, steps=steps: [person.do(*step) for step in steps], command, {})
        for name, steps in AT_A_TERMINAL.items()
    ]
    results += [
        check_person(attempt.__name__, attempt, command, environment)
        for attempt, environment in MORE_AT_A_TERMINAL.items()
    ]
    results += [check(name, lambda case=case: answers(command, *case)) for name, case in WITHOUT_ONE.items()]
    results.append(check(a_reader_may_be_gone.__name__, lambda: a_reader_may_be_gone(command)))
    raise SystemExit(not all(results))


if __name__ == "__main__":
    main()
