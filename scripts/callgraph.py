# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""What a function of a linked image calls, its loops, and its stack.

It is followed from its entry, as the CPU would. Whatever cannot be followed is an error, so nothing is
left out unseen.
"""

import functools
import re

import networkx

import disassembly

STACK = re.compile(rf"(?P<what>push|pop|stmdb|ldmia|sub|add|mov)w?{disassembly.CONDITION}(\.[nw])?$")
STACK_MAX = 1 << 16


@functools.cache
def follow(image, function):
    return Followed(image, function)


class Followed:
    """A function's body."""

    def __init__(self, image, function):
        self._image, self._function = image, function
        self._graph = networkx.DiGraph()
        self._calls = []
        self._depth = {}
        self._frame_pointers = {}
        self._walk()
        self._find_depths()
        self.instructions = [image.at[address] for address in self._graph]
        # Bytes of stack, without what it calls.
        self.frame = max(self._depth.values())
        # (Instruction, Function, bytes of stack at this place), and the same for calls through pointers.
        calls = [(instruction, callee, self._depth[instruction.address]) for instruction, callee in self._calls]
        self.calls = [call for call in calls if call[1]]
        self.pointers = [(instruction, depth) for instruction, callee, depth in calls if not callee]
        # The last branch back, and all addresses, those of inner loops included.
        self.loops = [
            (max(body.intersection(self._graph.predecessors(begin))), body)
            for begin, body in disassembly.loops(self._graph, function.address)
        ]

    def _cannot(self, what):
        return disassembly.CannotFollow(f"{self._function.name}: {what}")

    def _walk(self):
        todo = [self._function.address]
        self._graph.add_nodes_from(todo)
        seen = set()
        while todo:
            address = todo.pop()
            if address in seen:
                continue
            seen.add(address)
            instruction = self._image.at.get(address)
            if instruction is None:
                raise self._cannot(f"no instruction at {address:#x}")
            if instruction.kind == "unknown":
                raise self._cannot(instruction)
            if instruction.kind == "call":
                self._call(instruction, instruction.target)
            elif instruction.kind in ("indirect", "tail"):
                self._calls.append((instruction, None))
            for successor in self._image.successors(instruction):
                if self._is_mine(instruction, successor):
                    self._graph.add_edge(address, successor)
                    todo.append(successor)

    def _is_mine(self, instruction, address):
        """Whether control stays in the function; another function is jumped to as if called."""
        if self._function.address <= address < self._function.end and address in self._image.at:
            return True
        # What does not return has nothing behind it, or a nop that aligns the function's literals.
        if instruction.kind not in ("call", "indirect") and not instruction.mnemonic.startswith("nop"):
            self._call(instruction, address)
        return False

    def _call(self, instruction, address):
        callee = self._image.functions.get(address)
        if callee is None:
            raise self._cannot(f"{instruction} leads nowhere")
        self._calls.append((instruction, callee))

    def _find_depths(self):
        """Bytes of stack before each instruction."""
        todo = [(self._function.address, 0)]
        while todo:
            address, depth = todo.pop()
            if depth <= self._depth.get(address, -1):
                continue
            if depth > STACK_MAX:
                raise self._cannot("its stack has no end")
            self._depth[address] = depth
            after = depth + self._pushed(self._image.at[address])
            todo += [(successor, after) for successor in self._graph.successors(address)]

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
        raise self._cannot(instruction)
