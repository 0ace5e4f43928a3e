# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""The code of a linked image for Armv7-M: its instructions, where each leads to, and its functions."""

import bisect
import re
import subprocess
from dataclasses import dataclass

import networkx
from elftools.elf.elffile import ELFFile

CONDITION = "(?P<condition>eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"
# What an instruction is: the first that fits its text.
KINDS = [
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("mask", "msr BASEPRI_MAX,"),
        ("unmask", "msr BASEPRI,"),
        ("jump", rf"b{CONDITION} "),
        ("jump", "cb(?P<condition>n?z) "),
        ("call", rf"blx?{CONDITION} [0-9a-f]+ <"),
        ("indirect", rf"blx{CONDITION} "),
        ("return", rf"bx{CONDITION} lr$"),
        ("tail", rf"bx{CONDITION} "),
        ("stop", "udf|bkpt"),
        ("table", r"tb[bh] |ldr pc, \[\w+, \w+, lsl #2\]$"),
        ("return", rf"(pop|ldmia|ldr){CONDITION} (.*\{{.*\bpc\b|pc, \[sp)"),
        # They read it.
        (None, r"(add|adr|mov|sub)\w* (?!pc)"),
        ("unknown", r"[^\[]*\bpc\b"),
    )
]
# Unmask however often their callers have masked. 4.x has the first inside of the second.
SWAPS = {"arch_swap", "z_swap_irqlock"}


class CannotFollow(Exception):
    """What is not understood of the code."""


@dataclass
class Instruction:
    """Kinds: mask, unmask, swap (unmask all, for another thread to run), call, jump, table (a jump to one
    of many), return, indirect (a call whose target is in a register), tail (a jump of that kind), stop
    (the end), unknown, and None: merely to the next one."""

    address: int
    end: int
    mnemonic: str
    operands: str

    def __post_init__(self):
        text = f"{re.sub(r'[.][nw]$', '', self.mnemonic)} {self.operands}"
        found = ((kind, match) for kind, pattern in KINDS if (match := pattern.match(text)))
        self.kind, match = next(found, (None, None))
        self.conditional = bool(match and match.groupdict().get("condition"))
        target = re.search(r"\b([0-9a-f]+) <", self.operands) if self.kind in ("call", "jump") else None
        self.target = target and int(target[1], 16)

    def __str__(self):
        return f"{self.address:#x} {self.mnemonic} {self.operands}"


@dataclass(eq=False)
class Function:
    name: str
    address: int
    end: int
    owner: str
    """The archive that it comes from, or the object."""


class Image:
    """What the disassembly, the symbols and the linker's map tell."""

    def __init__(self, elf):
        self._elf = elf
        with open(elf, "rb") as file:
            image = ELFFile(file)
            self.sections = {s.name: s.data() for s in image.iter_sections() if s["sh_type"] != "SHT_NULL"}
            self._texts = [
                (s["sh_addr"], s.data())
                for s in image.iter_sections()
                if s["sh_flags"] & 2 and s["sh_type"] != "SHT_NOBITS"
            ]
        self._read_owners(elf.with_suffix(".map"))
        self._read_functions()
        self._read_instructions()

    def _tool(self, name, *arguments, text=None):
        command = [f"arm-none-eabi-{name}", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout

    def _read_owners(self, path):
        section = re.compile(r"^ \.?text\S*\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S+)", re.MULTILINE)
        self._owners = sorted(
            (int(begin, 16), int(begin, 16) + int(size, 16), owner)
            for begin, size, owner in section.findall(path.read_text(errors="replace"))
            if int(size, 16) != 0 and int(begin, 16) != 0
        )

    def _owner(self, address):
        at = bisect.bisect(self._owners, (address, float("inf"), "")) - 1
        begin, end, owner = self._owners[at]
        return owner if begin <= address < end else ""

    def _read_functions(self):
        symbol = re.compile(r"^([0-9a-f]+) (.{6})F (\S+)\t([0-9a-f]+) (?:\.hidden )?(.*)$", re.MULTILINE)
        found = {}
        for address, flags, _, size, name in symbol.findall(self._tool("objdump", "-t", "-C", self._elf)):
            name = re.sub(r"::h[0-9a-f]{16}$", "", name)
            found.setdefault(int(address, 16) & ~1, []).append(("l" in flags, "w" in flags, name, int(size, 16)))
        self._starts = sorted(found)
        self.functions, self.by_name = {}, {}
        for address, following in zip(self._starts, [*self._starts[1:], float("inf")]):
            names = sorted(found[address])
            size = max(size for *_, size in names)
            end = address + size if size else following
            function = Function(names[0][2], address, end, self._owner(address))
            self.functions[address] = function
            for *_, name, _ in names:
                self.by_name[name] = function

    def _read_instructions(self):
        self.at = {}
        line = re.compile(r"^ *([0-9a-f]+):\t([0-9a-f ]+?) *\t([^.\s]\S*)(?:\t([^@;\n]*))?", re.MULTILINE)
        for match in line.finditer(self._tool("objdump", "-d", self._elf)):
            address, code, mnemonic, operands = match.groups()
            address = int(address, 16)
            end = address + len(code.replace(" ", "")) // 2
            instruction = self.at[address] = Instruction(address, end, mnemonic, (operands or "").strip())
            if instruction.kind == "unmask" and self.function_of(address).name in SWAPS:
                instruction.kind = "swap"

    def function_of(self, address):
        return self.functions[self._starts[bisect.bisect(self._starts, address) - 1]]

    def place(self, address):
        function = self.function_of(address)
        return f"{function.name}+{address - function.address:#x}"

    def successors(self, instruction):
        """Addresses where the code goes on, of a call that behind it; none for the end of a function."""
        following = [instruction.target] if instruction.kind == "jump" else []
        if instruction.kind == "table":
            following += self._table(instruction)
        if instruction.conditional or instruction.kind in (None, "mask", "unmask", "swap", "call", "indirect"):
            following.append(instruction.end)
        return following

    def _table(self, instruction):
        """The table lies behind it, and ends where instructions begin; a byte of 0 may fill it up."""
        size = {"b": 1, "h": 2}.get(instruction.mnemonic[2:], 4)
        place, targets = instruction.end, []
        while place not in self.at:
            if entry := self._word(place, size):
                targets.append(entry & ~1 if size == 4 else instruction.end + 2 * entry)
            place += size
        return targets

    def _word(self, address, size):
        for begin, data in self._texts:
            if begin <= address < begin + len(data):
                return int.from_bytes(data[address - begin : address - begin + size], "little")
        raise CannotFollow(f"nothing lies at {address:#x}")

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


def cycles(graph):
    """Yields the sets of nodes of which each leads to all others, and to itself."""
    for body in networkx.strongly_connected_components(graph):
        if len(body) > 1 or graph.has_edge(*body, *body):
            yield body


def loops(graph, entry):
    """Yields the loops of what can be reached from an entry, outer ones first: where each is entered, and
    its nodes, those of inner ones included."""
    todo = [graph]
    while todo:
        for body in cycles(todo.pop()):
            begin = next(
                node for node in sorted(body)
                if node == entry or not body.issuperset(graph.predecessors(node))
            )
            yield begin, body
            todo.append(graph.subgraph(body - {begin}))
