# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""The masked sections of micrort in the code of an image, and the longest way through each."""

import networkx

import disassembly

EXCEPTIONS = {"_isr_wrapper", "z_arm_svc", "z_arm_pendsv", "sys_clock_isr", "z_arm_exc_spurious"}


def is_ours(image, address):
    return image.function_of(address).owner.startswith("modules/micrort/")


def events(image):
    """Address to kind, of all that masks or unmasks and of where exceptions begin."""
    found = {
        address: instruction.kind for address, instruction in image.at.items()
        if instruction.kind in ("mask", "unmask", "swap")
    }
    found.update((image.by_name[name].address, "exception") for name in EXCEPTIONS & image.by_name.keys())
    return found


def starts(image):
    """Addresses at which micrort masks."""
    return sorted(address for address, kind in events(image).items() if kind == "mask" and is_ours(image, address))


def distances(graph, start):
    """Of a graph without loops, the nodes of the longest way from one of them to each."""
    longest = {start: 1}
    for node in networkx.topological_sort(graph):
        if node in longest:
            for following in graph.successors(node):
                longest[following] = max(longest.get(following, 0), longest[node] + 1)
    return longest


class Way:
    """The longest way through a section that goes through each of its loops once."""

    def __init__(self, image, start):
        self._image = image
        # Functions, and addresses where the way is not known.
        self.called, self.unknown = set(), set()
        first = (image.at[start].end, 1, ())
        graph, todo = networkx.DiGraph(), [first]
        graph.add_node(first)
        seen = set()
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                following = self._next(state)
                graph.add_edges_from((state, other) for other in following)
                todo += following
        loops = [(begin, body.intersection(graph.predecessors(begin)))
                 for begin, body in disassembly.loops(graph, first)]
        graph.remove_edges_from([(end, begin) for begin, ends in loops for end in ends])
        self.count = max(distances(graph, first).values())
        # Beginning of a loop to the instructions of one more round.
        self.loops = {}
        for begin, ends in loops:
            longest = distances(graph, begin)
            more = max(longest[end] for end in ends)
            self.loops[begin[0]] = max(self.loops.get(begin[0], 0), more)

    def _next(self, state):
        """States that follow a state, which is an address, the depth and where calls return to."""
        address, depth, stack = state
        instruction = self._image.at[address]
        kind = instruction.kind
        if kind in ("call", "jump") and instruction.target in self._image.functions:
            self.called.add(self._image.functions[instruction.target])
        if kind == "swap":
            return []
        if kind in ("mask", "unmask"):
            depth += 1 if kind == "mask" else -1
            return [(instruction.end, depth, stack)] if depth else []
        following = [(successor, depth, stack) for successor in self._image.successors(instruction)]
        if kind == "call":
            following[0] = (instruction.target, depth, (*stack, instruction.end))
            return following[: 1 + instruction.conditional]
        if kind == "return" and stack:
            return [(stack[-1], depth, stack[:-1]), *following]
        if kind not in (None, "jump", "table"):
            self.unknown.add(address)
        return following
