# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Shows from a linked image what micrort promises of the code that runs in interrupts.

    proofs.py BUILD-FOLDER [--write]

Builds benches/footprint with all of micrort, follows every call from the functions that
include/micrort marks \\isr_ok, and prints "ok - NAME" or "not ok - NAME" for each promise. What is
taken as given stands in proofs.yaml. scripts/proofs.sh finds Zephyr and calls this.

Prints also the stack that each public function needs; --write writes that into docs/stack.md.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import networkx
import yaml

import callgraph
import disassembly
import document
import image

USES = ["services", "heap", "mem_info", "qstr", "stack_use", "exception", "opt_level", "const"]
COMMON = ["MICRORT=y", "HEAP_MEM_POOL_SIZE=1024", "POLL=y", "UART_INTERRUPT_DRIVEN=y"]
IMAGES = {
    "as it comes": COMMON,
    "other options, for speed": [
        *COMMON,
        "SPEED_OPTIMIZATIONS=y",
        "INIT_STACKS=y",
        "THREAD_MONITOR=y",
        "THREAD_NAME=y",
        "MICRORT_EXECUTOR_POLL=y",
        "MICRORT_SCHEDULE_TIMING=y",
        "MICRORT_HEAP_ARENA=y",
        "MICRORT_HEAP_LOCK_ISR=y",
        "MICRORT_EXCEPTION_HEAP_REFUSED=y",
        "MICRORT_EXCEPTION_QUEUE_FULL=y",
    ],
    "functions in an interrupt": [*COMMON, "MICRORT_EXECUTOR_INTERRUPT=y", "MICRORT_EXECUTOR_IRQ=25"],
}

# By the names of functions, those that the compiler has inlined included.
FORBIDDEN = {
    "no panic": r"panic|unwrap_failed|expect_failed|_fail$|^abort$|assert_post_action"
    r"|z_fatal_error|rust_begin_unwind",
    "no formatting": r"^<?core::fmt|printk|printf|^z_log_|^log_|micrort::format::render"
    r"|micrort::print::|ffi::print",
    "no allocation": r"^(micrort_real_)?(k_|z_impl_k_)?(heap_)?(m|c|re|aligned_)alloc$"
    r"|^(micrort_real_)?(k_heap_alloc|reallocarray|memalign|z_thread_.*alloc)$|^sys_heap_.*alloc"
    r"|^micrort_malloc$|linked_list_allocator|GlobalAlloc>?::(re)?alloc",
    "no floating point": r"^__aeabi_(c?[fd]\w+|u?[il]2[fd])$|^__(\w+[sd]f[23]?|fix\w+)$",
}
FORBIDDEN = {promise: re.compile(pattern) for promise, pattern in FORBIDDEN.items()}
TRAP = re.compile(r"(svc|udf|bkpt)")
FLOATING = re.compile(r"v[a-z]")
CANNOT_UNWIND = 1
CALLS, LOOPS = "no other call", "no loop without a bound"


def public_functions():
    """Functions of the headers: whether interrupts may call them, and whether they are inline."""
    functions = {}
    comment = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*", re.DOTALL)
    declaration = re.compile(r"([^;{/#]*?)\b(micrort_\w+)\([^;{]*?\)\s*[;{]")
    for header in sorted((image.ROOT / "include/micrort").glob("*.h")):
        text = re.sub(r"^#(if|else|endif).*\n", "", header.read_text(), flags=re.MULTILINE)
        for found in comment.finditer(text):
            in_interrupts = r"\isr_ok" in found[1]
            if declared := declaration.match(text, found.end()):
                functions[declared[2]] = (in_interrupts, "inline" in declared[1])
            elif in_interrupts and not text.startswith("#define", found.end()):
                sys.exit(f"{header.name}: what is \\isr_ok here?\n{found[0]}")
    return functions


def build(folder, config, functions):
    """Builds an image that has all of the functions, and says where the inlined ones are."""
    wanted = " ".join(f"-Wl,-u,{prefix}{name}" for name in functions for prefix in ("", "z_impl_"))
    elf, _ = image.build(
        "benches/footprint",
        folder,
        [
            f"-DUSES={';'.join(USES)}",
            *(f"-DCONFIG_{option}" for option in config),
            f"-DEXTRA_DTC_OVERLAY_FILE={image.ROOT / 'benches/footprint/kbd_uart.overlay'}",
            f"-DEXTRA_LDFLAGS={wanted}",
        ],
    )
    return disassembly.Image(elf)


class Given:
    """What proofs.yaml says, and what of it is used."""

    def __init__(self):
        given = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
        self._interrupts, self._pointers = given["interrupts"], given["pointers"]
        self._entries = {
            "absent": given["absent"],
            "cuts": {(cut["from"], cut["to"]) for cut in given["cuts"]},
            "outside": given["outside"],
            "pointers": self._pointers,
        }
        self._loops = {place: len(bounds) for place, bounds in given["loops"].items()}
        self._used = set()
        self._most_loops = Counter()

    def interrupts(self, config):
        """Those that an image of this configuration has."""
        return [name for name, how in self._interrupts.items() if isinstance(how, str) or how["with"] in config]

    def has(self, kind, entry):
        """Whether an entry is there; of a cut both functions."""
        self._used.add((kind, entry))
        return entry in self._entries[kind]

    def has_loops(self, place):
        return place in self._loops

    def loops(self, place, found):
        """How many loops are known in a place; `found` are there."""
        self._most_loops[place] = max(found, self._most_loops[place])
        return self._loops.get(place, 0)

    def targets(self, place, image_):
        """Those that the image has; None where nothing is known."""
        if not self.has("pointers", place):
            return None
        there = [name for name in self._pointers[place]["to"] if name in image_.by_name]
        self._used.update(("targets", name) for name in there)
        return [image_.by_name[name] for name in there]

    def unused(self):
        pointers = {place: pointer for place, pointer in self._pointers.items() if not pointer.get("optional")}
        targets = {name for pointer in pointers.values() for name in pointer["to"]}
        for kind, entries in {**self._entries, "pointers": pointers, "targets": targets}.items():
            yield from (f"{kind}: {entry}" for entry in entries if (kind, entry) not in self._used)
        for place, known in self._loops.items():
            if self._most_loops[place] < known:
                yield f"loops: {place} has {self._most_loops[place]}, not {known}"


def symbol(image_, name):
    return image_.by_name.get(f"z_impl_{name}") or image_.by_name.get(name)


def places_of(function, frames):
    """The functions of micrort's source that an instruction belongs to, the innermost first, each
    with the calls by which it is inlined."""
    names = [name.replace("::{{closure}}", "") for name, _ in frames]
    places = []
    for name in dict.fromkeys(names):
        if re.match(r"<?micrort::", name):
            last = len(names) - names[::-1].index(name)
            places.append((name, tuple(frames[last:])))
    # A part that the compiler has made of a function is no other place.
    return places or [(re.sub(r"\.(part|isra|constprop)\..*", "", function.name), ())]


def place_of(function, frames):
    return places_of(function, frames)[0][0]


def loop_places(image_, function, sources, is_known):
    """For each loop the place that it stands in. The branch back may come from a call in the loop:
    most of the other instructions must belong to the place, too, and a known one is preferred."""
    loops = callgraph.follow(image_, function).loops
    for end, body in loops:
        own = body.difference(*(inner for _, inner in loops if inner < body))
        count = Counter(place for address in own for place in places_of(function, sources[address]))
        places = places_of(function, sources[end])
        likely = [place for place in places if 2 * count[place] > len(own)] or places[-1:]
        yield next((place for place in likely if is_known(place[0])), likely[0])


def is_micrort(function):
    # Its file in the kernel's archive included (cmake/intercept.cmake).
    return re.search(r"libmicrort|\(heap_lock_kernel\.", function.owner)


class Walk:
    """All that interrupts reach."""

    def __init__(self, image_, given):
        self._image, self._given = image_, given
        self.failures = defaultdict(list)
        self._callees = {}
        self._chain = {}

    def run(self, roots):
        self._chain.update((root, [root.name]) for root in roots)
        todo = list(roots)
        while todo:
            function = todo.pop(0)
            if function in self._callees:
                continue
            callees = self._callees[function] = self._look(function)
            for callee in callees:
                self._chain.setdefault(callee, [*self._chain[function], callee.name])
            todo.extend(callees)
        # Calls that lead back are a loop, too.
        for body in disassembly.cycles(networkx.DiGraph(self._callees)):
            for function in body:
                if not self._given.loops(function.name, 1):
                    self._fail(LOOPS, function, f"{function.name}, which is reached again")

    def _fail(self, promise, function, what):
        self.failures[promise].append(" -> ".join([*self._chain[function], what]))

    def _look(self, function):
        try:
            followed = callgraph.follow(self._image, function)
        except disassembly.CannotFollow as error:
            self._fail(CALLS, function, str(error))
            return []
        sources = self._image.sources(i.address for i in followed.instructions)
        for instruction in followed.instructions:
            if TRAP.match(instruction.mnemonic):
                self._fail("no panic", function, f"{instruction.mnemonic} at {instruction.address:#x}")
            if FLOATING.match(instruction.mnemonic):
                self._fail("no floating point", function, instruction.mnemonic)
        for name in sorted({name for frames in sources.values() for name, _ in frames[:-1]}):
            self._check_name(function, name)
        self._check_loops(function, sources)
        callees = []
        for instruction, callee, _ in followed.calls:
            place = place_of(function, sources[instruction.address])
            if not self._given.has("cuts", (place, callee.name)) and self._is_followed(function, callee):
                callees.append(callee)
        for instruction, _ in followed.pointers:
            place = place_of(function, sources[instruction.address])
            targets = self._given.targets(place, self._image)
            if targets is None:
                self._fail(CALLS, function, f"a pointer in {place}")
            callees += [callee for callee in targets or [] if self._is_followed(function, callee)]
        return callees

    def _check_name(self, function, name):
        for promise, pattern in FORBIDDEN.items():
            if pattern.search(name):
                self._fail(promise, function, name)
                return True
        return False

    def _is_followed(self, function, callee):
        if self._check_name(function, callee.name):
            return False
        if is_micrort(callee):
            return True
        if not self._given.has("outside", callee.name):
            self._fail(CALLS, function, callee.name)
        return False

    def _check_loops(self, function, sources):
        for (place, _), count in Counter(loop_places(self._image, function, sources, self._given.has_loops)).items():
            known = self._given.loops(place, count)
            if count > known:
                self._fail(LOOPS, function, f"{count} loops in {place}, {known} are known")


def stacks(image_, given, functions):
    """Bytes that each function needs, with all that it calls; and what keeps them from being known."""
    frames, calls, todo, unknown = {}, {}, list(functions), []
    while todo:
        function = todo.pop()
        if function in frames:
            continue
        frames[function], calls[function] = 0, []
        try:
            followed = callgraph.follow(image_, function)
        except disassembly.CannotFollow as error:
            unknown.append(str(error))
            continue
        frames[function] = followed.frame
        calls[function] += [(callee, depth) for _, callee, depth in followed.calls]
        sources = image_.sources(i.address for i, _ in followed.pointers)
        for instruction, depth in followed.pointers:
            place = place_of(function, sources[instruction.address])
            targets = given.targets(place, image_)
            if targets is None:
                unknown.append(f"{function.name}: a pointer in {place}")
            calls[function] += [(callee, depth) for callee in targets or []]
        todo += [callee for callee, _ in calls[function]]
    graph = networkx.DiGraph({function: [callee for callee, _ in calls[function]] for function in calls})
    recursive = [sorted(function.name for function in body) for body in disassembly.cycles(graph)]
    needs = dict.fromkeys(frames, 0)
    for function in () if recursive else reversed([*networkx.topological_sort(graph)]):
        needs[function] = max([frames[function], *(depth + needs[callee] for callee, depth in calls[function])])
    return needs, unknown + [f"recursion: {', '.join(names)}" for names in recursive]


def unwinding(sections):
    """What the image has for unwinding, other than that nothing can be unwound."""
    table = sections.get(".ARM.exidx", b"")
    entries = [int.from_bytes(table[at + 4 : at + 8], "little") for at in range(0, len(table), 8)]
    count = sum(entry != CANNOT_UNWIND for entry in entries)
    found = [f".ARM.exidx says of {count} functions how to unwind them"] if count else []
    return found + [name for name in (".ARM.extab", ".eh_frame", ".gcc_except_table") if sections.get(name)]


def report(promise, failures):
    failures = sorted(set(failures))
    print(f"{'not ok' if failures else 'ok'} - {promise}")
    for failure in failures:
        print(f"    {failure}")
    return bool(failures)


def prove(linked, given, functions, interrupts, image_name):
    """Prints what holds of an image; returns whether something does not, and the stacks."""
    there = {name: symbol(linked, name) for name, (_, inline) in functions.items() if not inline}
    missing = [
        name for name, function in there.items()
        if function is None and (functions[name][0] or not given.has("absent", name))
    ]
    there = {name: function for name, function in there.items() if function}
    walk = Walk(linked, given)
    walk.run(
        [function for name, function in there.items() if functions[name][0]]
        + [symbol(linked, name) for name in interrupts]
    )
    needs, unknown = stacks(linked, given, there.values())
    results = {
        "every public function is there": missing,
        **{f"{promise} in interrupts": walk.failures[promise] for promise in (*FORBIDDEN, LOOPS, CALLS)},
        "a bound for every stack": unknown,
        "no table for unwinding": unwinding(linked.sections),
    }
    failed = False
    for promise, failures in results.items():
        failed |= report(f"{image_name}: {promise}", failures)
    return failed, {name: needs[function] for name, function in there.items()}


def table(stacks_of):
    lines = [f"| bytes of stack | {' | '.join(IMAGES)} |", "| --- " * (1 + len(IMAGES)) + "|"]
    for name in stacks_of[0]:
        lines.append(f"| `{name}` | {' | '.join(str(needs.get(name, '-')) for needs in stacks_of)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()

    functions = public_functions()
    given = Given()
    failed, tables = False, []
    for number, (name, config) in enumerate(IMAGES.items()):
        interrupts = given.interrupts(config)
        linked = build(arguments.folder / f"image{number}", config, [*functions, *interrupts])
        failed_here, needs = prove(linked, given, functions, interrupts, name)
        failed |= failed_here
        tables.append(needs)
    failed |= report("everything in proofs.yaml is used", given.unused())

    text = table(tables)
    print(f"\n{text}")
    if arguments.write:
        document.fill("docs/stack.md", "stack", text)
    sys.exit(failed)


main()
