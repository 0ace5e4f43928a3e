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

    def start(self):
        self.see("", 0)

    def type(self, keys):
        self.seen = len(self.console.screen.done)
        self.console.send(keys.encode())

    def type_during(self, command, keys):
        self.type(command + "\r")
        self.console.wait(STARTED)
        self.console.send(keys.encode())

    def see(self, text, first=None):
        """Waits until a line has the text, and a prompt stands behind it."""
        first = self.seen if first is None else first

        def shown():
            lines = self.console.screen.lines(first)
            at = next((i for i, line in enumerate(lines) if text in line), len(lines))
            return any(line.startswith(PROMPT.rstrip()) for line in lines[at:])

        self.console.wait_for(shown, f"'{text}' and a prompt behind it")

    def see_line(self, text):
        """Waits until the last line is this one."""
        self.console.wait_for(lambda: self.console.screen.lines()[-1].rstrip() == text.rstrip(), text)

    def ends(self):
        """Waits for the end, and returns how it ended."""
        with contextlib.suppress(SystemExit):
            self.console.wait(TIMEOUT)
        return self.console.process.wait(TIMEOUT)


def completes_words(person):
    person.type("mic\tkbd\t-\t")
    person.see_line(PROMPT + "micrort kbd_intr -1")
    person.type(CTRL_C + "micrort const B\t\r")
    person.see("BURST_DEFAULT = 100")


def offers_words(person):
    person.type("micrort heap \t\t")
    person.console.wait_for(lambda: "locked" in "".join(person.console.screen.lines(person.seen)), "locked")
    person.type(CTRL_C)


def edits_the_line(person):
    person.type("micrort opt_leval" + LEFT + BACKSPACE + "e\r")
    person.see("0 (built at 0)")


def has_a_history(person):
    person.type("micrort heap locked\r")
    person.see("depth 0")
    person.type(UP + "\r")
    person.see("depth 0")


def ctrl_c_clears_the_line(person):
    person.type("app burst 7" + CTRL_C)
    person.see_line(PROMPT)
    person.type("micrort schedule stats\r")
    person.see("joined: 0")


def ctrl_c_stops_a_computation(person):
    person.type_during("app loop", CTRL_C)
    person.see("interrupted after")


def keeps_what_is_typed_ahead(person):
    person.type_during("app sleep 30", "micrort heap locked\r" + CTRL_C)
    person.see("interrupted after")
    person.see("depth 0")


def begins_the_line_with_what_is_typed_ahead(person):
    person.type_during("app sleep 30", "micrort heap" + CTRL_C)
    person.see_line(PROMPT + "micrort heap")
    person.type(" locked\r")
    person.see("depth 0")


def takes_another_character(person):
    person.type("micrort kbd_intr 4\r")
    person.see("interrupt character: 4")
    person.type_during("app sleep 30", CTRL_D)
    person.see("interrupted after")


def capture_can_be_off(person):
    person.type("micrort kbd_intr -1\r")
    person.see("interrupt character: off")
    person.type_during("app sleep 2", CTRL_C)
    person.see("slept for")


def runs_what_is_pasted_behind(person):
    person.type("app loop 1\rmicrort\r")
    person.see("stack_use")


def shows_what_a_function_prints(person):
    person.type("app raise function hot\r")
    person.see("ValueError: channel 3: hot")


def colours_the_prompt(person):
    assert b"\x1b[1;32muart:~$ " in person.raw, person.raw


def a_storm_runs_in_order(person):
    person.type("app storm\r")
    person.see("1000 ran, 1000 in order")


def ctrl_c_stops_a_storm(person):
    person.type_during("app storm 10000", CTRL_C)
    person.type("app storm 50\r")
    person.see("50 ran, 50 in order")


def takes_a_task_back(person):
    person.type("app cancel\r")
    person.see("queued, taken back, 0 runs; queued again, 1 runs")
    person.type("micrort schedule stats\r")
    person.see("cancelled: 1")


def exit_leaves(person):
    person.type("exit\r")
    assert person.ends() == 0


def ctrl_d_leaves(person):
    person.type(CTRL_D)
    assert person.ends() == 0


def leaves_the_terminal_as_it_was(person):
    signals = termios.ISIG | termios.ECHO
    assert person.console.modes[3] & signals == signals
    assert termios.tcgetattr(person.console.master)[3] & signals == 0
    person.type("exit\r")
    person.ends()
    assert termios.tcgetattr(person.console.master) == person.console.modes


def runs_a_paste_in_order(person):
    person.type("".join(f"app intern w{i}\r" for i in range(300)))
    person.see("w299, ")
    text = "\n".join(person.console.screen.lines())
    places = [text.find(f": w{i}, ") for i in range(300)]
    assert -1 not in places and places == sorted(places), places


def keeps_the_order_of_what_is_typed_ahead(person):
    person.type("app sleep 1\rmicrort opt_level\r")
    person.console.wait(STARTED)
    person.console.send(b"micrort heax" + BACKSPACE.encode() + b"p locked\r")
    person.see("depth 0")
    text = "\n".join(person.console.screen.lines())
    assert text.find("0 (built at 0)") < text.find("depth 0"), text


def ctrl_c_passes_4_kb_of_unread_input(person):
    person.type_during("app loop", "j" * 8192 + CTRL_C)
    person.console.wait_for(lambda: "interrupted after" in "".join(person.console.screen.lines()), "interrupted")


def drops_what_is_no_text(person):
    person.console.send(b"\xff\xfe\r")
    person.type("micrort opt_leve")
    person.console.send(b"l\xc3\r")
    person.see("0 (built at 0)")
    person.type("micrort heap locked\r")
    person.see("depth 0")


def ctrl_z_is_nothing(person):
    person.type("micrort heap" + CTRL_Z + " locked\r")
    person.see("depth 0")


AT_A_TERMINAL = [
    completes_words, offers_words, edits_the_line, has_a_history, ctrl_c_clears_the_line,
    ctrl_c_stops_a_computation, keeps_what_is_typed_ahead, begins_the_line_with_what_is_typed_ahead,
    takes_another_character, capture_can_be_off, runs_what_is_pasted_behind, shows_what_a_function_prints,
    runs_a_paste_in_order, keeps_the_order_of_what_is_typed_ahead,
    ctrl_c_passes_4_kb_of_unread_input, drops_what_is_no_text, ctrl_z_is_nothing, colours_the_prompt, a_storm_runs_in_order, ctrl_c_stops_a_storm,
    takes_a_task_back, exit_leaves, ctrl_d_leaves, leaves_the_terminal_as_it_was,
]


def plain_text_without_a_terminal(command):
    done = subprocess.run(command, input="micrort heap locked\nnope\nexit\nmicrort\n", text=True,
                          capture_output=True, timeout=TIMEOUT, check=True)
    assert done.stdout == (f"{PROMPT}micrort heap locked\ndepth 0\n{PROMPT}nope\n"
                           f"nope: command not found\n{PROMPT}exit\n"), done.stdout


def end_of_input_leaves(command):
    done = subprocess.run(command, input="micrort heap locked", text=True, capture_output=True,
                          timeout=TIMEOUT, check=True)
    assert "depth 0" in done.stdout, done.stdout


def a_reader_may_be_gone(command):
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as console:
        console.stdout.close()
        time.sleep(STARTED)
        with contextlib.suppress(BrokenPipeError):
            console.stdin.write(b"micrort\nmicrort mem_info -v\n" * 100)
            console.stdin.close()
        assert console.wait(TIMEOUT) == 0


def text_that_is_none_ends_nothing(command):
    done = subprocess.run(command, input=b"\xff\xfe\nmicrort heap locked\n", capture_output=True,
                          timeout=TIMEOUT, check=True)
    assert b"depth 0" in done.stdout, done.stdout


def prints_what_a_function_raised_last(command):
    done = subprocess.run(command, input="app raise function late\n", text=True, capture_output=True,
                          timeout=TIMEOUT, check=True)
    assert "ValueError: channel 3: late" in done.stdout, done.stdout


WITHOUT_ONE = [
    plain_text_without_a_terminal, end_of_input_leaves, a_reader_may_be_gone,
    text_that_is_none_ends_nothing, prints_what_a_function_raised_last,
]


def no_colour_on_demand(person):
    assert b"\x1b[1;32m" not in person.raw, person.raw


def works_on_a_dumb_terminal(person):
    person.type("micrort heap locked\r")
    person.see("depth 0")
    assert b"\x1b" not in person.raw, person.raw
    person.type("exit\r")
    assert person.ends() == 0


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


def check_person(attempt, command, **environment):
    person = Person(command, **environment)
    try:
        return check(attempt.__name__, lambda: (person.start(), attempt(person)),
                     person.console.screen.lines)
    finally:
        person.console.close()


def main():
    command = sys.argv[1:]
    results = [check_person(attempt, command, TERM="xterm") for attempt in AT_A_TERMINAL]
    results.append(check_person(no_colour_on_demand, command, TERM="xterm", NO_COLOR="1"))
    results.append(check_person(works_on_a_dumb_terminal, command, TERM="dumb"))
    results += [check(attempt.__name__, lambda attempt=attempt: attempt(command))
                for attempt in WITHOUT_ONE]
    raise SystemExit(not all(results))


if __name__ == "__main__":
    main()
