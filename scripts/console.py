#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Types a script into a console that COMMAND opens, and shows what it answers.

console.py --script FILE [--prompt TEXT] [--timeout SECONDS] [--pace FACTOR] -- COMMAND...

Lines of the script:
    # ...        a comment; empty lines are left out as well
    > ...        is shown, in place of the prompt and set apart from what COMMAND prints
    ^C           byte 3, at once, without waiting for the prompt
    sleep N      waits N seconds
    anything     is typed, and then Enter, once the prompt is there
After the last line the prompt is awaited once more, and the command is ended.

With --pace 1 a person can follow: it types slower, and pauses before and behind what it shows; 0, the
default, is as fast as COMMAND takes it.
"""

import argparse
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import tty

# A UART has a small FIFO: what is typed faster than the guest reads it is lost.
CHUNK = 8
CHUNK_PAUSE = 0.01
# How long an answer to Enter is awaited at boot before Enter is typed again.
ENTER_PAUSE = 1
QUIET = 0.3
# Seconds at --pace 1: behind each key, before what is shown (the last answer is read), and behind it.
KEY_PAUSE = 0.04
ANSWER_PAUSE = 1.5
SHOWN_PAUSE = 1.5


class Screen:
    """The lines that a terminal shows. Escape sequences move the cursor in the last line, and erase
    in it; those that colour leave no trace, nor do the others."""

    TOKEN = re.compile(r"\x1b\[([0-?]*)[ -/]*([@-~])|\x1b[^\[]|[^\x1b]")
    # A sequence may come in two parts.
    BEGUN = re.compile(r"\x1b(\[[ -?]*)?\Z")

    def __init__(self):
        self.done = []
        self.line = []
        self.column = 0
        self.unread = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data):
        text = self.unread + self.decoder.decode(data)
        begun = self.BEGUN.search(text)
        self.unread = begun[0] if begun else ""
        for token in self.TOKEN.finditer(text.removesuffix(self.unread)):
            if token[2]:
                self.control(token[2], int(token[1]) if token[1].isdigit() else 0)
            elif not token[0].startswith("\x1b"):
                self.put(token[0])

    def put(self, character):
        if character == "\n":
            self.done.append("".join(self.line).rstrip())
            self.line, self.column = [], 0
        elif character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(self.column - 1, 0)
        elif character >= " ":
            self.line += " " * (self.column - len(self.line))
            self.line[self.column : self.column + 1] = character
            self.column += 1

    def control(self, what, number):
        if what == "D":
            self.column = max(self.column - (number or 1), 0)
        elif what == "C":
            self.column += number or 1
        elif what == "G":
            self.column = max(number - 1, 0)
        elif what == "P":
            del self.line[self.column : self.column + (number or 1)]
        elif what in "JK":
            kept = {0: self.line[: self.column], 1: [" "] * self.column + self.line[self.column :]}
            self.line = kept.get(number, [])

    def lines(self, first=0):
        """The lines from this one on, the unfinished one too."""
        return [*self.done[first:], "".join(self.line)]


class Console:
    def __init__(self, command, prompt, timeout, raw=True, pace=0):
        master, slave = pty.openpty()
        if raw:
            # Byte 3 is for the program, from the first moment on.
            tty.setraw(slave)
        # Wide enough for a line editor never to wrap.
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 200, 0, 0))
        self.modes = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.master = master
        self.prompt = prompt
        self.timeout = timeout
        self.pace = pace
        self.screen = Screen()
        self.shown = 0
        self.hidden = False
        # The line of the screen that was typed last, and its text.
        self.typed = (0, "")
        # The last line as it came, with its colours, and whether something was shown in its place.
        self.line = b""
        self.replaced = False

    def read(self, seconds):
        """Shows what comes within the time; false when nothing came."""
        if not select.select([self.master], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self.master, 4096)
        except OSError:
            data = b""
        if not data:
            raise SystemExit("console.py: the program ended")
        self.screen.feed(data)
        self.restore()
        self.line = (self.line + data).rpartition(b"\n")[2]
        if not self.hidden:
            self.draw(data)
        self.show()
        return True

    def drain(self):
        """Reads until nothing comes for a while."""
        deadline = time.monotonic() + self.timeout
        while self.read(QUIET):
            if time.monotonic() > deadline:
                raise SystemExit("console.py: the program is never quiet")

    def draw(self, data):
        """Draws on the terminal, if there is one."""
        if sys.stdout.isatty():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def tell(self, text):
        """Shows a line in place of the prompt, which comes again with the next key. A file or a pipe gets
        the text."""
        blank = "" if self.replaced else "\n"
        erased = "" if self.replaced else "\r\x1b[J"
        coloured = text if os.environ.get("NO_COLOR") else f"\x1b[1;36m{text}\x1b[0m"
        self.draw(f"{erased}{blank}{coloured}\n".replace("\n", "\r\n").encode())
        self.replaced = True
        if not sys.stdout.isatty():
            print(blank + text, flush=True)

    def restore(self):
        """Draws the prompt again that something was shown in place of."""
        if self.replaced:
            self.replaced = False
            self.draw(self.line)

    def show(self, unfinished=False):
        """A file or a pipe gets the text alone, line by line."""
        if sys.stdout.isatty() or self.hidden:
            return
        lines = self.screen.lines(self.shown) if unfinished else self.screen.done[self.shown :]
        self.shown += len(lines)
        sys.stdout.write("".join(line + "\n" for line in lines))
        sys.stdout.flush()

    def wait(self, seconds):
        """Shows what comes, for the whole time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(end - time.monotonic())

    def wait_for(self, condition, what):
        end = time.monotonic() + self.timeout
        while not condition():
            if time.monotonic() > end:
                raise SystemExit(f"console.py: no {what} within {self.timeout} s")
            self.read(0.2)

    def prompts(self):
        return sum(line.count(self.prompt.rstrip()) for line in self.screen.lines())

    def start(self):
        """Waits until a prompt answers. A shell may drop what it has received until just after its
        first prompt, so Enter is typed until there is another. Those further prompts are not shown."""
        self.wait_for(self.prompts, "prompt")
        # A prompt may come in pieces; with one of them hidden, colours would not end.
        self.drain()
        self.hidden = True
        first = len(self.screen.done)
        end = time.monotonic() + self.timeout
        while self.prompts() < 2:
            if time.monotonic() > end:
                raise SystemExit(f"console.py: Enter is not answered within {self.timeout} s")
            self.send(b"\r")
            pause = time.monotonic() + ENTER_PAUSE
            while self.prompts() < 2 and time.monotonic() < pause:
                self.read(pause - time.monotonic())
        # An Enter that was typed twice may be answered twice.
        self.drain()
        empty = self.prompt.rstrip()
        self.screen.done[first:] = [line for line in self.screen.done[first:] if line not in ("", empty)]
        self.hidden = False

    def answered(self):
        """Whether the prompt has come after the last line that was typed. A line editor may write
        the prompt anew with each key, so what is in that line does not count."""
        first, line = self.typed
        text = "\n".join(self.screen.lines(first))
        after = text.rpartition(self.prompt + line)[2] if line else text
        return self.prompt.rstrip() in (after.partition("\n")[2] if line else after)

    def type(self, line):
        self.wait_for(self.answered, "prompt")
        if self.replaced:
            self.wait(SHOWN_PAUSE * self.pace)
        self.typed = (len(self.screen.done), line)
        data = line.encode()
        chunk, pause = (1, KEY_PAUSE * self.pace) if self.pace else (CHUNK, CHUNK_PAUSE)
        for start in range(0, len(data), chunk):
            self.send(data[start : start + chunk])
            self.wait(pause)
        self.wait_for(lambda: any(shown.endswith(line) for shown in self.screen.lines(self.typed[0])),
                      f"complete echo of '{line}'")
        self.send(b"\r")

    def explain(self, text):
        self.wait_for(self.answered, "prompt")
        if not self.replaced:
            self.wait(ANSWER_PAUSE * self.pace)
        self.tell(text)

    def send(self, data):
        os.write(self.master, data)

    def close(self):
        """Ends the program and what it started; its group is its own, and nobody else's."""
        if self.process.poll() is not None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(5)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
            break


def play(console, script):
    console.start()
    for line in script:
        line = line.rstrip("\r\n")
        word = line.split()
        if not word or line.startswith("#"):
            continue
        if word[0] == ">":
            console.explain(line.removeprefix(">").removeprefix(" "))
        elif line == "^C":
            console.send(b"\x03")
        elif word[0] == "sleep" and len(word) == 2:
            console.wait(float(word[1]))
        else:
            console.type(line)
    console.wait_for(console.answered, "prompt")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--script", required=True, type=argparse.FileType())
    parser.add_argument("--prompt", default="uart:~$ ")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--pace", type=float, default=0)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    console = Console(args.command, args.prompt, args.timeout, pace=args.pace)
    try:
        play(console, args.script)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        console.close()
        console.show(unfinished=not console.replaced)
        if sys.stdout.isatty():
            print(flush=True)


if __name__ == "__main__":
    main()
