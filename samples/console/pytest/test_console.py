# Copyright (c) 2026 The micrort authors
#
# SPDX-License-Identifier: Apache-2.0

"""The console, driven by bytes on its serial port."""

import re
import time

import pytest
from twister_harness import DeviceAdapter, Shell

CTRL_C = b'\x03'
CTRL_D = b'\x04'

# Seconds; long enough for a command to have started, on a slow machine too.
STARTED = 1.0


class Console:
    """Types, and reads what comes back line by line."""

    def __init__(self, dut: DeviceAdapter):
        self.dut = dut

    def type(self, data: bytes) -> None:
        self.dut.write(data)

    def until(self, regex: str, timeout: float = 10.0) -> str:
        """The first line that matches."""
        return self.dut.readlines_until(regex=regex, timeout=timeout)[-1]

    def run(self, command: str, answer: str, timeout: float = 10.0) -> re.Match:
        """Run a command that answers in one line."""
        self.dut.clear_buffer()
        self.type(command.encode() + b'\r')
        return re.search(answer, self.until(answer, timeout))

    def start(self, command: str, sign: str) -> None:
        """Start a command, and return while it runs."""
        self.run(command, sign)
        time.sleep(STARTED)

    def count(self, name: str) -> int:
        return int(self.run('app stats', rf'(\d+) {name}')[1])


@pytest.fixture
def console(dut: DeviceAdapter, shell: Shell) -> Console:
    console = Console(dut)
    # Whatever the test before has left in the line goes.
    console.type(CTRL_C + b'\r')
    console.run('app kbd_intr 3', 'interrupt character: 3')
    return console


def test_functions_scheduled_by_the_interrupt_run(console: Console):
    first = console.run('app stats', r'(\d+) scheduled, (\d+) ran')
    time.sleep(1)
    second = console.run('app stats', r'(\d+) scheduled, (\d+) ran')

    assert int(second[2]) - int(first[2]) >= 5
    # "Every accepted function runs exactly once"; one may be queued between the two figures.
    assert 0 <= int(second[1]) - int(second[2]) <= 1


def test_burst_joins_one_task(console: Console):
    """"while it is queued, further calls join the one that waits", none is lost."""
    answer = console.run('app burst 1000', r'(\d+) counted, (\d+) joined, (\d+) runs')

    assert int(answer[1]) == 1000
    assert int(answer[2]) + int(answer[3]) == 1000
    assert int(answer[3]) >= 1


def test_ctrl_c_stops_a_computation(console: Console):
    """MicroPython: cmdline/repl_ctrl_c_interrupt_execution.py"""
    console.start('app loop', 'counting primes')
    console.type(CTRL_C)
    console.until('interrupted after', timeout=5)
    console.run('app heap locked', 'depth 0')


def test_ctrl_c_stops_a_sleep(console: Console):
    console.start('app sleep 30', 'sleeping for 30')
    console.type(CTRL_C)
    ms = int(re.search(r'interrupted after (\d+) ms',
                       console.until('interrupted after', timeout=5))[1])

    assert ms < 10000
    console.run('app heap locked', 'depth 0')


@pytest.mark.parametrize('command, sign', [('app loop', 'counting primes'),
                                           ('app sleep 30', 'sleeping for')])
def test_ctrl_c_behind_4_kb_of_unread_input(console: Console, command: str, sign: str):
    """"a full receive buffer cannot lose it": 4 KB wait in front of the character."""
    console.start(command, sign)
    console.type(b'j' * 4096 + CTRL_C)
    console.until('interrupted after', timeout=20)

    # What the shell's buffer had room for is its next line; typing goes on when that is empty.
    time.sleep(STARTED)
    console.type(CTRL_C)
    console.run('app heap locked', 'depth 0')


def test_input_before_ctrl_c_stays(console: Console):
    """"what was received before it stays readable": a command that was typed ahead runs."""
    console.start('app sleep 30', 'sleeping for')
    console.type(b'app heap stats\r' + CTRL_C)
    console.until('interrupted after', timeout=5)
    console.until('refused: ', timeout=5)


def test_capture_off(console: Console):
    """"-1 switches capture off": the command goes on, and the character is data."""
    console.run('app kbd_intr -1', 'interrupt character: off')
    console.start('app sleep 3', 'sleeping for')
    console.type(b'app burst' + CTRL_C + b'app heap locked\r')
    console.until('slept for', timeout=10)
    # The shell got the character: it cleared the line.
    console.until('depth 0', timeout=5)


def test_interrupt_character_is_changed(console: Console):
    console.run('app kbd_intr 4', 'interrupt character: 4')
    console.start('app loop', 'counting primes')
    console.type(CTRL_C)
    time.sleep(1)
    assert not [line for line in console.dut.readlines() if 'interrupted' in line]
    console.type(CTRL_D)
    console.until('interrupted after', timeout=5)


@pytest.mark.parametrize('code', ['256', '-2', 'x'])
def test_character_out_of_range(console: Console, code: str):
    console.run(f'app kbd_intr {code}', 'not a number from -1 to 255')
    console.run('app kbd_intr', 'interrupt character: 3')


def test_ctrl_c_at_the_prompt_clears_the_line(console: Console):
    """"at its prompt the character is data, as in the reference (it clears the line)\""""
    joined = console.count('joined')
    # Until the command has ended: Ctrl-C would be for it.
    time.sleep(STARTED)
    console.type(b'app burst 7')
    console.type(CTRL_C)
    console.type(b'\r')

    assert console.count('joined') == joined


def test_allocation_is_refused_with_a_record(console: Console):
    """"A refused allocation leaves a record: how many, and of the last one its size, [...]\""""
    console.run('app alloc 48', 'allocated 48 bytes')
    first = console.run('app alloc 48 locked',
                        r'refused: (\d+), the last one 48 bytes, '
                        r'called from (0x[0-9a-f]+), by thread (\w+)')
    second = console.run('app alloc 49 locked', r'refused: (\d+), the last one 49 bytes')

    assert int(second[1]) == int(first[1]) + 1
    assert int(first[2], 16) != 0
    assert first[3] == 'shell_uart'
    console.run('app heap stats', rf'refused: {second[1]}, the last one 49 bytes')
    console.run('app alloc 48', 'allocated 48 bytes')
    console.run('app alloc 100000', 'no room for 100000 bytes')


def test_prompt_unlocks_the_heap(console: Console):
    """"A console prompt never stays locked [...] with one warning\""""
    console.dut.clear_buffer()
    console.type(b'app heap lock\r')
    console.until('locked, depth 1')
    time.sleep(STARTED)
    console.type(b'app alloc 32\r')
    lines = console.dut.readlines_until(regex='allocated 32 bytes', timeout=5)

    # On native_sim a second log backend prints the same warning.
    warnings = [re.search(r'\[[\d:.,]+\].*<wrn> micrort: [^\x1b]*', line) for line in lines]
    assert len({warning[0] for warning in warnings if warning}) == 1
    console.run('app heap locked', 'depth 0')


def test_surplus_unlock_is_refused(console: Console):
    """"Unlock at depth 0 is refused with -EPERM and leaves 0\""""
    console.run('app heap unlock', r'not unlocked: error -1\b')
    console.run('app heap locked', 'depth 0')
