# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""The masked sections in the code of an image for Armv7-M, and the longest way through each."""

import re
import subprocess

# Unmask however often their callers have masked. 4.x has the first inside of the second.
SWAPS = {"arch_swap", "z_swap_irqlock"}
EXCEPTIONS = {"_isr_wrapper", "z_arm_svc", "z_arm_pendsv", "sys_clock_isr", "z_arm_exc_spurious"}
CONDITIONS = "eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
BRANCH = re.compile(rf"^(bl|bx|blx|b|pop|ldmia|ldr|mov)({CONDITIONS})?$")
KINDS = {
    "bl": "call", "b": "jump", "cbz": "branch", "cbnz": "branch", "blx": "indirect", "tbb": "table",
    "tbh": "table", "udf": "stop", "bkpt": "stop",
}
LINE = re.compile(r"^ *([0-9a-f]+):\t([0-9a-f ]+)\t(\S+)(?:\t([^;@]*))?")
FUNCTION = re.compile(r"^([0-9a-f]{8}) <(.*)>:$")
# What the link map says of a section that micrort's objects have brought.
OURS = re.compile(r"^ \.text\S*\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) modules/micrort/", re.MULTILINE)


class Instruction:
    """Where an instruction leads to: a kind, and a target where it has one.

    Kinds: mask, unmask, swap (unmask all, for another thread to run), call, jump, branch (perhaps), table, return, indirect (a call whose target
    is in a register), stop (a jump of that kind, or the end), and None: merely to the next one.
    """

    def __init__(self, size, name, operands):
        self.size = size
        name = re.sub(r"\.[nw]$", "", name)
        match = BRANCH.match(name)
        base, self.perhaps = (match[1], match[2] is not None) if match else (name, False)
        self.kind = self._kind(base, operands)
        if self.kind == "jump" and self.perhaps:
            self.kind = "branch"
        if self.kind in ("call", "jump", "branch"):
            self.target = int(re.search(r"\b([0-9a-f]+) <", operands)[1], 16)
        elif self.kind == "table":
            self.width = 1 if base == "tbb" else 2

    @staticmethod
    def _kind(base, operands):
        if base == "msr" and operands.startswith("BASEPRI"):
            return "mask" if operands.startswith("BASEPRI_MAX") else "unmask"
        if base in ("pop", "ldmia", "ldr", "mov"):
            writes_pc = operands.startswith("pc") or (base[0] in "pl" and re.search(r"\bpc}", operands))
            if not writes_pc:
                return None
            return "return" if base in ("pop", "ldmia") or "[sp]" in operands else "stop"
        if base == "bx":
            return "return" if operands.strip() == "lr" else "stop"
        return KINDS.get(base)


class Code:
    """The code of an image."""

    def __init__(self, elf):
        self.instructions = {}
        self.functions = {}
        listing = subprocess.run(
            ["arm-none-eabi-objdump", "--disassemble", "--demangle", elf],
            capture_output=True, text=True, check=True,
        ).stdout
        self.bytes = {}
        function = None
        for line in listing.splitlines():
            if match := FUNCTION.match(line):
                function = re.sub(r"::h[0-9a-f]{16}$", "", match[2]), int(match[1], 16)
            elif match := LINE.match(line):
                self._add(function, *match.groups())
        text = elf.with_suffix(".map").read_text(errors="replace")
        self.ours = [
            range(int(start, 16), int(start, 16) + int(size, 16))
            for start, size in OURS.findall(text) if int(start, 16) in self.instructions
        ]

    def _add(self, function, address, code, name, operands):
        address = int(address, 16)
        # Groups of four digits are halfwords, in the order of the memory.
        data = b"".join(int(part, 16).to_bytes(len(part) // 2, "little") for part in code.split())
        self.bytes.update(enumerate(data, address))
        self.functions[address] = function
        if not name.startswith("."):
            instruction = self.instructions[address] = Instruction(len(data), name, operands or "")
            if instruction.kind == "unmask" and function[0] in SWAPS:
                instruction.kind = "swap"

    def is_ours(self, address):
        return any(address in part for part in self.ours)

    def name(self, address):
        return self.functions[address][0]

    def starts_function(self, address):
        return self.functions[address][1] == address

    def place(self, address):
        name, start = self.functions[address]
        return f"{name}+{address - start:#x}"

    def events(self):
        """Address to kind, of all that masks or unmasks and of where exceptions begin."""
        found = {
            address: instruction.kind
            for address, instruction in self.instructions.items()
            if instruction.kind in ("mask", "unmask", "swap")
        }
        for address, (name, start) in self.functions.items():
            if address == start and name in EXCEPTIONS:
                found[address] = "exception"
        return found

    def starts(self):
        """Addresses at which micrort masks."""
        events = self.events().items()
        return sorted(address for address, kind in events if kind == "mask" and self.is_ours(address))

    def table(self, address):
        """Targets of the table behind a tbb or tbh: halves of distances, up to the first target."""
        instruction = self.instructions[address]
        at = base = address + instruction.size
        targets = set()
        while at < min(targets, default=at + 1):
            entry = bytes(self.bytes[at + byte] for byte in range(instruction.width))
            targets.add(base + 2 * int.from_bytes(entry, "little"))
            at += instruction.width
        return targets


class Way:
    """The longest way through a section that goes through each of its loops once."""

    def __init__(self, code, start):
        self.code = code
        self.called = set()
        # Where the way is not known.
        self.unknown = set()
        self._follow = {}
        self._finished = []
        self._backward = {}
        first = (start + code.instructions[start].size, 1, ())
        self.count = self._explore(first)
        # Beginning of a loop to the instructions of one more round.
        self.loops = {}
        for header, sources in self._backward.items():
            distances = self._distances(header)
            more = max(distances[source] for source in sources)
            self.loops[header[0]] = max(self.loops.get(header[0], 0), more)

    def _next(self, state):
        """States that follow a state, which is an address, the depth and where calls return to."""
        address, depth, stack = state
        instruction = self.code.instructions[address]
        after = address + instruction.size
        kind = instruction.kind
        if kind in ("mask", "unmask"):
            depth += 1 if kind == "mask" else -1
            return [(after, depth, stack)] if depth else []
        if kind == "swap":
            return []
        follow = []
        if kind == "call":
            follow.append((instruction.target, depth, (*stack, after)))
        elif kind in ("jump", "branch"):
            follow.append((instruction.target, depth, stack))
        elif kind == "return" and stack:
            follow.append((stack[-1], depth, stack[:-1]))
        elif kind == "table":
            follow += [(target, depth, stack) for target in self.code.table(address)]
        elif kind is not None:
            self.unknown.add(address)
        if kind in (None, "branch", "indirect") or instruction.perhaps:
            follow.append((after, depth, stack))
        if kind in ("call", "jump") and self.code.starts_function(instruction.target):
            self.called.add(instruction.target)
        return follow

    def _explore(self, first):
        """Looks at all that follows, depth first; returns the length of the longest way."""
        length = {}
        path = set()
        todo = [first]
        while todo:
            state = todo[-1]
            if state in length:
                todo.pop()
            elif state in path:
                todo.pop()
                path.remove(state)
                forward = [s for s in self._follow[state] if s not in path and s != state]
                self._follow[state] = forward
                length[state] = 1 + max((length[s] for s in forward), default=0)
                self._finished.append(state)
            else:
                path.add(state)
                self._follow[state] = self._next(state)
                for following in self._follow[state]:
                    if following in path:
                        self._backward.setdefault(following, set()).add(state)
                    elif following not in length:
                        todo.append(following)
        return length[first]

    def _distances(self, header):
        """Instructions from the beginning of a loop up to each state of one round."""
        distances = {header: 1}
        for state in reversed(self._finished):
            if state in distances:
                for following in self._follow[state]:
                    distances[following] = max(distances.get(following, 0), distances[state] + 1)
        return distances
