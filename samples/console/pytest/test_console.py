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

    def enter(self, command: str) -> None:
        """Type a line no faster than the guest takes it: Zephyr's shell on qemu_x86_64 loses bytes of
        one in eighty that comes at once, without micrort's UART as well."""
        data = command.encode() + b'\r'
        for start in range(0, len(data), 8):
            self.type(data[start:start + 8])
            time.sleep(0.01)

    def until(self, regex: str, timeout: float = 10.0) -> str:
        """The first line that matches."""
        return self.dut.readlines_until(regex=regex, timeout=timeout)[-1]

    def run(self, command: str, answer: str, timeout: float = 10.0) -> re.Match:
        """Run a command that answers in one line."""
        self.dut.clear_buffer()
        self.enter(command)
        return re.search(answer, self.until(answer, timeout))

    def start(self, command: str, sign: str) -> None:
        """Start a command, and return while it runs."""
        self.run(command, sign)
        time.sleep(STARTED)

    def count(self, name: str) -> int:
        return int(self.run('micrort schedule stats', rf'{name}: (\d+)')[1])


@pytest.fixture
def console(dut: DeviceAdapter, shell: Shell) -> Console:
    console = Console(dut)
    # Whatever the test before has left in the line goes.
    console.type(CTRL_C + b'\r')
    console.run('micrort kbd_intr 3', 'interrupt character: 3')
    return console


def test_functions_scheduled_by_the_interrupt_run(console: Console):
    first = console.run('app stats', r'(\d+) scheduled, (\d+) ran')
    time.sleep(1)
    second = console.run('app stats', r'(\d+) scheduled, (\d+) ran')

    assert int(second[2]) - int(first[2]) >= 5
    # "Every accepted function runs exactly once"; one may be queued between the two figures.
    assert 0 <= int(second[1]) - int(second[2]) <= 1


def test_storm_runs_in_order(console: Console):
    """"Every accepted function runs exactly once", "in the order in which they were accepted"."""
    answer = console.run('app storm 200', r'(\d+) ran, (\d+) in order; queue full \d+ times')

    assert (answer[1], answer[2]) == ('200', '200')


def test_task_is_taken_back(console: Console):
    cancelled = console.count('cancelled')
    console.run('app cancel', 'queued, taken back, 0 runs; queued again, 1 runs')

    assert console.count('cancelled') == cancelled + 1


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
    console.run('micrort heap locked', 'depth 0')


def test_ctrl_c_stops_a_sleep(console: Console):
    console.start('app sleep 30', 'sleeping for 30')
    console.type(CTRL_C)
    ms = int(re.search(r'interrupted after (\d+) ms',
                       console.until('interrupted after', timeout=5))[1])

    assert ms < 10000
    console.run('micrort heap locked', 'depth 0')


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
    console.run('micrort heap locked', 'depth 0')


def test_input_before_ctrl_c_stays(console: Console):
    """"what was received before it stays readable": a command that was typed ahead runs."""
    console.start('app sleep 30', 'sleeping for')
    console.type(b'micrort heap stats\r' + CTRL_C)
    console.until('interrupted after', timeout=5)
    console.until('refused: ', timeout=5)


def test_capture_off(console: Console):
    """"-1 switches capture off": the command goes on, and the character is data."""
    console.run('micrort kbd_intr -1', 'interrupt character: off')
    console.start('app sleep 3', 'sleeping for')
    console.type(b'app burst' + CTRL_C + b'micrort heap locked\r')
    console.until('slept for', timeout=10)
    # The shell got the character: it cleared the line.
    console.until('depth 0', timeout=5)


def test_interrupt_character_is_changed(console: Console):
    console.run('micrort kbd_intr 4', 'interrupt character: 4')
    console.start('app loop', 'counting primes')
    console.type(CTRL_C)
    time.sleep(1)
    assert not [line for line in console.dut.readlines() if 'interrupted' in line]
    console.type(CTRL_D)
    console.until('interrupted after', timeout=5)


@pytest.mark.parametrize('code', ['256', '-2', 'x'])
def test_character_out_of_range(console: Console, code: str):
    console.run(f'micrort kbd_intr {code}', 'not a number from -1 to 255')
    console.run('micrort kbd_intr', 'interrupt character: 3')


def test_ctrl_c_at_the_prompt_clears_the_line(console: Console):
    """"at its prompt the character is data, as in the reference (it clears the line)\""""
    joined = console.count('joined')
    # Until the command has ended: Ctrl-C would be for it.
    time.sleep(STARTED)
    console.type(b'app burst 7')
    console.type(CTRL_C)
    console.enter('')

    assert console.count('joined') == joined


def test_allocation_is_refused_with_a_record(console: Console):
    """"A refused allocation leaves a record: how many, and of the last one its size, [...]\""""
    stats = (r'refused: (\d+), the last one (\d+) bytes, '
             r'called from (0x[0-9a-f]+), by thread (\w+)')

    console.run('app alloc 48', 'allocated 48 bytes')
    console.run('app alloc 48 locked', 'refused: the heap is locked, 48 bytes')
    first = console.run('micrort heap stats', stats)
    console.run('app alloc 49 locked', 'refused: the heap is locked, 49 bytes')
    second = console.run('micrort heap stats', stats)

    assert int(second[1]) == int(first[1]) + 1
    assert (first[2], second[2]) == ('48', '49')
    assert int(first[3], 16) != 0
    assert first[4] == 'shell_uart'
    console.run('app alloc 48', 'allocated 48 bytes')
    console.run('app alloc 100000', 'no room for 100000 bytes')


def test_prompt_unlocks_the_heap(console: Console):
    """"A console prompt never stays locked [...] with one warning\""""
    console.dut.clear_buffer()
    console.enter('micrort heap lock')
    console.until('locked, depth 1')
    time.sleep(STARTED)
    console.enter('app alloc 32')
    lines = console.dut.readlines_until(regex='allocated 32 bytes', timeout=5)

    # On native_sim a second log backend prints the same warning.
    warnings = [re.search(r'\[[\d:.,]+\].*<wrn> micrort: [^\x1b]*', line) for line in lines]
    assert len({warning[0] for warning in warnings if warning}) == 1
    console.run('micrort heap locked', 'depth 0')


def test_surplus_unlock_is_refused(console: Console):
    """"Unlock at depth 0 is refused with -EPERM and leaves 0\""""
    console.run('micrort heap unlock', 'the heap is not locked')
    console.run('micrort heap locked', 'depth 0')


def test_mem_info(console: Console):
    """MicroPython: micropython/meminfo.py"""
    used = console.run('micrort mem_info', r'GC: total: (\d+), used: (\d+), free: (\d+)')
    assert int(used[2]) + int(used[3]) <= int(used[1])
    console.run('micrort mem_info', r'No\. of 1-blocks: \d+, 2-blocks: \d+, max blk sz: \d+, '
                                    r'max free sz: \d+')
    peak = console.run('micrort mem_info', r'peak: (\d+), allocated: (\d+)')
    assert int(peak[2]) <= int(peak[1]) <= int(used[1])
    console.run('micrort mem_info', r'lock: depth: 0, refused: \d+')
    console.run('micrort mem_info -v', r'GC memory layout; from [0-9a-f]+:')
    console.run('micrort mem_info -x', '-x: not -v')


def test_qstr_info(console: Console):
    """MicroPython: micropython/qstr_info"""
    word = console.run('app intern humidity', r'(\d+): humidity, 8 bytes')[1]
    console.run('app intern humidity', rf'\b{word}: humidity, 8 bytes')
    console.run('micrort qstr_info', r'qstr pool: n_pool=\d+, n_qstr=\d+, n_str_data_bytes=\d+, '
                                     r'n_total_bytes=\d+')
    console.run('micrort qstr_info -v', r'Q\(humidity\)')


def test_stack_use(console: Console):
    used = console.run('micrort stack_use', r'^\s*(\d+)\s*$')
    assert 0 < int(used[1]) < 1 << 20
    console.run('micrort stack_use', r'shell_uart +\d+ ')


def test_exception_in_a_function_is_printed(console: Console):
    console.dut.clear_buffer()
    console.enter('app raise function hot')
    # The shell shows a log's line where its prompt stands.
    console.until(r'Traceback \(most recent call last\):')
    console.until(r'File "[^"]*main\.c", line \d+, in ')
    console.until(r'ValueError: channel 3: hot')


def test_exceptions_wait_to_be_taken(console: Console):
    console.run('micrort emergency 100', 'emergency buffer: 100 bytes')
    console.run('app raise interrupt dry', 'app raise')
    console.run('app raise thread wet', 'app raise')
    console.dut.clear_buffer()
    console.enter('micrort exception show')
    console.until('ValueError: channel 3: dry')
    console.until('ValueError: channel 3: wet')
    console.run('micrort exception clear', 'dropped: 2')
    console.run('micrort exception clear', 'dropped: 0')
    console.run('micrort emergency 0', 'emergency buffer: 0 bytes')
    console.run('micrort emergency -1', '-1: not a number from 0 to')
    console.run('micrort emergency 1000000', 'the old buffer is kept: the heap is locked or has no')


def test_opt_level(console: Console):
    """MicroPython: micropython/opt_level.py"""
    console.run('micrort opt_level', r'0 \(built at 0\)')
    console.run('micrort opt_level 1', r'1 \(built at 0\)')
    console.run('micrort opt_level 4', '4: not a number from 0 to 3')
    console.run('micrort opt_level', r'1 \(built at 0\)')
    console.run('micrort opt_level 0', r'0 \(built at 0\)')


def test_const(console: Console):
    console.run('micrort const BURST_DEFAULT', 'BURST_DEFAULT = 100')
    console.run('micrort const SAMPLE_NAME', 'SAMPLE_NAME = "console"')
    console.run('micrort const', 'HAS_BUTTON = true')
    console.run('micrort const _NUMBERS_PER_STEP', '_NUMBERS_PER_STEP: no such constant')


def test_completion(console: Console):
    console.run('micrort const TICK\t', 'TICK_PERIOD_MS = 100')


def test_unknown_subcommand(console: Console):
    console.run('micrort nope', 'nope: no such subcommand')
    console.run('micrort heap nope', 'nope: no such subcommand')


def test_help(console: Console):
    console.run('micrort', 'Show or set the interrupt character')
    console.run('micrort opt_level -h', r'opt_level \[0\.\.3\]')
