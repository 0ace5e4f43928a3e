# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Functions of a linked image for Cortex-M, from its disassembly: what each calls, its loops, and
its stack.

A function is followed from its entry, as the CPU would. Whatever cannot be followed is an error,
so nothing is left out unseen.
"""

import bisect
import re
import subprocess
from dataclasses import dataclass, field

from elftools.elf.elffile import ELFFile

CONDITION = "(?P<condition>eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"
BRANCH = re.compile(rf"b{CONDITION}(\.[nw])?$")
COMPARE_BRANCH = re.compile(r"cbn?z$")
CALL = re.compile(rf"blx?{CONDITION}(\.w)?$")
EXCHANGE = re.compile(rf"bx{CONDITION}$")
TABLE_BRANCH = re.compile(r"tb([bh])$")
LOAD = re.compile(rf"(pop|ldmia|ldr){CONDITION}(\.[nw])?$")
STACK = re.compile(rf"(?P<what>push|pop|stmdb|ldmia|sub|add|mov)w?{CONDITION}(\.[nw])?$")
STACK_MAX = 1 << 16
TRAP = re.compile(r"(svc|udf|bkpt)")
FLOATING = re.compile(r"v[a-z]")


class CannotFollow(Exception):
    """What this module does not understand."""


@dataclass
class Instruction:
    address: int
    size: int
    mnemonic: str
    operands: str

    def __str__(self):
        return f"{self.address:#x} {self.mnemonic} {self.operands}"

    @property
    def target(self):
        match = re.search(r"\b([0-9a-f]+) <", self.operands)
        return int(match[1], 16) if match else None


@dataclass
class Function:
    name: str
    address: int
    end: int
    owner: str
    """The archive that it comes from."""
    instructions: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    """(Instruction, Function, bytes of stack at this place)"""
    pointers: list = field(default_factory=list)
    """The same for calls through pointers: (Instruction, bytes)"""
    loops: dict = field(default_factory=dict)
    """Address of the first instruction: the first branch back to it, and all addresses, those of
    inner loops included."""
    frame: int = 0
    """Bytes of stack, without what it calls."""


class Image:
    """What the disassembly and the linker's map tell."""

    def __init__(self, elf, tools):
        self._elf, self._tools = elf, tools
        with open(elf, "rb") as file:
            image = ELFFile(file)
            self.sections = {s.name: s.data() for s in image.iter_sections() if s["sh_type"] != "SHT_NULL"}
            self._texts = [
                (s["sh_addr"], s.data())
                for s in image.iter_sections()
                if s["sh_flags"] & 2 and s["sh_type"] != "SHT_NOBITS"
            ]
        self._read_instructions()
        self._read_owners(elf.with_suffix(".map"))
        self._read_symbols()

    def _tool(self, name, *arguments, text=None):
        return subprocess.run(
            [self._tools[name], *arguments], check=True, capture_output=True, text=True, input=text
        ).stdout

    def _read_instructions(self):
        self._at = {}
        line = re.compile(r"^ *([0-9a-f]+):\t([0-9a-f ]+?) *\t([^.\s]\S*)(?:\t([^@\n]*))?", re.MULTILINE)
        for match in line.finditer(self._tool("objdump", "-d", self._elf)):
            address, code, mnemonic, operands = match.groups()
            address = int(address, 16)
            size = len(code.replace(" ", "")) // 2
            self._at[address] = Instruction(address, size, mnemonic, (operands or "").strip())

    def _read_owners(self, path):
        section = re.compile(r"^ \.?text\S*\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)", re.MULTILINE)
        self._owners = sorted(
            (int(begin, 16), int(begin, 16) + int(size, 16), owner)
            for begin, size, owner in section.findall(path.read_text())
            if int(size, 16) != 0 and int(begin, 16) != 0
        )

    def _owner(self, address):
        at = bisect.bisect(self._owners, (address, float("inf"), "")) - 1
        begin, end, owner = self._owners[at]
        return owner if begin <= address < end else ""

    def _read_symbols(self):
        symbol = re.compile(r"^([0-9a-f]+) (.{6})F (\S+)\t([0-9a-f]+) (?:\.hidden )?(.*)$", re.MULTILINE)
        found = {}
        self._functions = {}
        for address, flags, _, size, name in symbol.findall(self._tool("objdump", "-t", "-C", self._elf)):
            address = int(address, 16) & ~1
            found.setdefault(address, []).append(("l" in flags, "w" in flags, name, int(size, 16)))
        starts = sorted(found)
        self.by_name = {}
        for place, address in enumerate(starts):
            names = sorted(found[address])
            following = starts[place + 1] if place + 1 < len(starts) else float("inf")
            size = max(size for *_, size in names)
            end = address + size if size else following
            function = Function(names[0][2], address, end, self._owner(address))
            self._functions[address] = function
            for *_, name, _ in names:
                self.by_name[name] = function

    def word(self, address, size):
        """Reads from the image."""
        for begin, data in self._texts:
            if begin <= address < begin + len(data):
                return int.from_bytes(data[address - begin : address - begin + size], "little")
        raise CannotFollow(f"nothing lies at {address:#x}")

    def follow(self, function):
        """Reads the function's instructions, once."""
        if not function.instructions:
            _Follower(self._at, self._functions, self.word, function).run()
        return function

    def sources(self, addresses):
        """For each address the functions of the source, the innermost first, with their files."""
        addresses = sorted(set(addresses))
        text = self._tool(
            "addr2line", "-a", "-f", "-i", "-C", "-e", self._elf,
            text="".join(f"{address:#x}\n" for address in addresses),
        )
        result, frames = {}, None
        lines = iter(text.splitlines())
        for line in lines:
            if re.fullmatch(r"0x[0-9a-f]+", line):
                frames = result.setdefault(int(line, 16), [])
            else:
                frames.append((line, next(lines)))
        return result


class _Follower:
    def __init__(self, at, functions, word, function):
        self._at, self._functions, self._word, self._function = at, functions, word, function
        self._successors_of = {}
        self._calls = []
        """(Instruction, Function); None for a pointer"""
        self._depth = {}
        self._frame_pointers = {}

    def run(self):
        function = self._function
        self._walk()
        self._find_depths()
        self._find_loops()
        function.frame = max(self._depth.values())
        for instruction, callee in self._calls:
            depth = self._depth[instruction.address]
            if callee:
                function.calls.append((instruction, callee, depth))
            else:
                function.pointers.append((instruction, depth))

    def _walk(self):
        todo = [self._function.address]
        while todo:
            address = todo.pop()
            if address in self._successors_of:
                continue
            instruction = self._at.get(address)
            if instruction is None:
                raise CannotFollow(f"{self._function.name}: no instruction at {address:#x}")
            self._function.instructions.append(instruction)
            successors = [a for a in self._successors(instruction) if self._is_mine(instruction, a)]
            self._successors_of[address] = successors
            todo += successors

    def _is_mine(self, instruction, address):
        """Whether control stays in the function; another function is jumped to as if called."""
        function = self._function
        if function.address <= address < function.end and address in self._at:
            return True
        # What does not return has nothing behind it, or a nop that aligns the function's literals.
        if CALL.match(instruction.mnemonic) or instruction.mnemonic == "nop":
            return False
        self._call(instruction, address)
        return False

    def _call(self, instruction, address):
        callee = self._functions.get(address)
        if callee is None:
            raise CannotFollow(f"{self._function.name}: {instruction} leads nowhere")
        self._calls.append((instruction, callee))

    def _find_depths(self):
        """Bytes of stack before each instruction."""
        todo = [(self._function.address, 0)]
        while todo:
            address, depth = todo.pop()
            if depth <= self._depth.get(address, -1):
                continue
            if depth > STACK_MAX:
                raise CannotFollow(f"{self._function.name}: its stack has no end")
            self._depth[address] = depth
            after = depth + self._pushed(self._at[address])
            todo += [(successor, after) for successor in self._successors_of[address]]

    def _successors(self, instruction):
        mnemonic, operands = instruction.mnemonic, instruction.operands
        following = instruction.address + instruction.size
        if match := BRANCH.match(mnemonic):
            return [instruction.target] + ([following] if match["condition"] else [])
        if COMPARE_BRANCH.match(mnemonic):
            return [following, instruction.target]
        if match := CALL.match(mnemonic):
            if instruction.target is None:
                self._calls.append((instruction, None))
            else:
                self._call(instruction, instruction.target)
            return [following]
        if match := EXCHANGE.match(mnemonic):
            if operands != "lr":
                self._calls.append((instruction, None))
            return [following] if match["condition"] else []
        if mnemonic == "udf":
            return []
        if match := TABLE_BRANCH.match(mnemonic):
            size = 1 if match[1] == "b" else 2
            return self._table(following, size, lambda entry: following + 2 * entry)
        if re.search(r"\bpc\b", operands.split("[")[0]):
            return self._load(instruction, following)
        return [following]

    def _load(self, instruction, following):
        mnemonic, operands = instruction.mnemonic, instruction.operands
        match = LOAD.match(mnemonic)
        if match and (operands.startswith("{") or re.search(r"\[?sp", operands)):
            return [following] if match["condition"] else []
        if match and re.fullmatch(r"pc, \[\w+, \w+, lsl #2\]", operands):
            # The table lies behind it.
            return self._table(following, 4, lambda entry: entry & ~1)
        if mnemonic.startswith(("add", "adr", "mov", "sub")) and not operands.startswith("pc"):
            return [following]
        raise CannotFollow(f"{self._function.name}: {instruction}")

    def _table(self, begin, size, target):
        """A table ends where instructions begin; a byte of 0 may fill it up."""
        targets = []
        while begin not in self._at:
            if entry := self._word(begin, size):
                targets.append(target(entry))
            begin += size
        return targets

    def _pushed(self, instruction):
        """Bytes that an instruction pushes, less those that it pops."""
        operands = instruction.operands
        match = STACK.match(instruction.mnemonic)
        mnemonic, condition = match.group("what", "condition") if match else ("", None)
        number = int(match[1]) if (match := re.search(r"#(-?\d+)", operands)) else 0
        registers = 4 * len(operands[operands.find("{") :].split(","))
        if mnemonic == "push" or (mnemonic == "stmdb" and operands.startswith("sp!")):
            return registers
        if mnemonic == "pop" or (mnemonic == "ldmia" and operands.startswith("sp!")):
            # The most is wanted: what is popped in one case only is as good as not popped.
            return 0 if condition else -registers
        if re.search(r"\[sp, #-\d+\]!|\[sp\], #\d+", operands):
            return -number
        if match := re.match(r"(\w+), sp(, #\d+)?$", operands):
            if mnemonic in ("mov", "add") and match[1] != "sp":
                self._frame_pointers[match[1]] = self._depth[instruction.address] - number
                return 0
        if not re.match(r"sp(,(?! \{)|!)", operands) or instruction.mnemonic.startswith(("cmp", "tst")):
            return 0
        sign = {"sub": 1, "add": -1, "mov": 0}.get(mnemonic)
        if sign is not None and re.fullmatch(r"sp(, sp)?, #\d+", operands):
            return sign * number
        match = re.fullmatch(r"sp, (\w+)(, #\d+)?", operands)
        if sign is not None and match and match[1] in self._frame_pointers:
            return self._frame_pointers[match[1]] + sign * number - self._depth[instruction.address]
        raise CannotFollow(f"{self._function.name}: {instruction}")

    def _find_loops(self):
        """Each edge that leads back to where the walk has come through closes a loop."""
        predecessors = {}
        for address, successors in self._successors_of.items():
            for successor in successors:
                predecessors.setdefault(successor, []).append(address)
        entry = self._function.address
        open_nodes, done, stack = {entry}, set(), [(entry, iter(self._successors_of[entry]))]
        while stack:
            node, rest = stack[-1]
            for successor in rest:
                if successor in open_nodes:
                    self._add_loop(successor, node, predecessors)
                elif successor not in done:
                    open_nodes.add(successor)
                    stack.append((successor, iter(self._successors_of[successor])))
                    break
            else:
                stack.pop()
                open_nodes.discard(node)
                done.add(node)

    def _add_loop(self, begin, end, predecessors):
        _, body = self._function.loops.setdefault(begin, (end, {begin}))
        todo = [end]
        while todo:
            address = todo.pop()
            if address not in body:
                body.add(address)
                todo += predecessors.get(address, [])
