#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Types a script into a console that COMMAND opens, and shows what it answers.

console.py --script FILE [--prompt TEXT] [--timeout SECONDS] -- COMMAND...

Lines of the script:
    # ...        a comment; empty lines are left out as well
    ^C           byte 3, at once, without waiting for the prompt
    sleep N      waits N seconds
    anything     is typed, and then Enter, once the prompt is there
After the last line the prompt is awaited once more, and the command is ended.
"""

import argparse
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
import tty

ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
# A UART has a small FIFO: what is typed faster than the guest reads it is lost.
CHUNK = 8
CHUNK_PAUSE = 0.01


class Console:
    def __init__(self, command, prompt, timeout):
        master, slave = pty.openpty()
        # Byte 3 is for the program, from the first moment on.
        tty.setraw(slave)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.master = master
        self.prompt = prompt.encode()
        self.timeout = timeout
        self.answer = b""
        self.unshown = b""

    def read(self, seconds):
        """Shows what comes within the time; false when the program has ended."""
        if not select.select([self.master], [], [], max(seconds, 0))[0]:
            return True
        try:
            data = os.read(self.master, 4096)
        except OSError:
            data = b""
        self.answer += data
        self.show(data)
        return bool(data)

    def show(self, data):
        """A file or a pipe gets the text alone; an escape sequence may come in two parts."""
        if not sys.stdout.isatty():
            data = ESCAPE.sub(b"", (self.unshown + data).translate(None, b"\r\0"))
            start = data.rfind(b"\x1b")
            data, self.unshown = (data, b"") if start < 0 else (data[:start], data[start:])
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def wait(self, seconds):
        """Shows what comes, for the whole time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.read(end - time.monotonic()):
                raise SystemExit("console.py: the program ended")

    def wait_prompt(self):
        """Waits until the prompt was seen after the last line that was typed."""
        end = time.monotonic() + self.timeout
        while self.prompt not in ESCAPE.sub(b"", self.answer):
            if time.monotonic() > end:
                raise SystemExit(f"console.py: no prompt within {self.timeout} s")
            if not self.read(0.2):
                raise SystemExit("console.py: the program ended before its prompt")

    def type(self, line):
        self.wait_prompt()
        self.answer = b""
        data = line.encode() + b"\r"
        for start in range(0, len(data), CHUNK):
            self.send(data[start : start + CHUNK])
            self.wait(CHUNK_PAUSE)

    def send(self, data):
        os.write(self.master, data)

    def close(self):
        """Ends the program and what it started; its group is its own, and nobody else's."""
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
    for line in script:
        line = line.rstrip("\r\n")
        word = line.split()
        if not word or line.startswith("#"):
            continue
        if line == "^C":
            console.send(b"\x03")
        elif word[0] == "sleep" and len(word) == 2:
            console.wait(float(word[1]))
        else:
            console.type(line)
    console.wait_prompt()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--script", required=True, type=argparse.FileType())
    parser.add_argument("--prompt", default="uart:~$ ")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    console = Console(args.command, args.prompt, args.timeout)
    try:
        play(console, args.script)
    finally:
        console.close()
        print(flush=True)


if __name__ == "__main__":
    main()
