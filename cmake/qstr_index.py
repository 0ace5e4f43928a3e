#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Makes the index of the strings that lie in an image (MICRORT_QSTR_DEFINE() and its like).

Reads an image that is linked but for the index, and writes the index as C: an open-addressing table
of numbers of entries, by hash, as src/qstr.rs probes it. It holds no addresses, so it stays right when
the final link moves everything.
"""

import argparse
import bisect
import struct
import sys

from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

START = "_micrort_qstr_list_start"
END = "_micrort_qstr_list_end"

TEMPLATE = """\
/* Made by qstr_index.py. */

#include <stdint.h>

extern const uint32_t micrort_qstr_index_slots;
extern const uint16_t micrort_qstr_index[];

const uint32_t micrort_qstr_index_slots = {slots};
const uint16_t micrort_qstr_index[] = {{{table}}};
"""


class Image:
    """An image, with addresses or, where it is to be linked again, with relocations."""

    def __init__(self, file):
        self.elf = ELFFile(file)
        self.symbols = self.elf.get_section_by_name(".symtab")
        self.order = "<" if self.elf.little_endian else ">"
        self.relocatable = self.elf["e_type"] == "ET_REL"
        self.sections = sorted(
            (
                section
                for section in self.elf.iter_sections()
                if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_type"] == "SHT_PROGBITS"
            ),
            key=lambda section: section["sh_addr"],
        )
        self.starts = [section["sh_addr"] for section in self.sections]

    def symbol(self, name):
        found = self.symbols and self.symbols.get_symbol_by_name(name)
        if not found:
            sys.exit(f"qstr_index.py: {name} is missing: is glue/rom_sections.ld linked?")
        return found[0]

    def at_address(self, address, length):
        """Bytes at an address."""
        at = bisect.bisect_right(self.starts, address) - 1
        if at < 0:
            sys.exit(f"qstr_index.py: nothing lies at {address:#x}")
        section = self.sections[at]
        return section.data()[address - section["sh_addr"]:][:length]

    def relocations(self, section_index):
        """Symbol and addend by place in a section."""
        found = {}
        for section in self.elf.iter_sections():
            if not isinstance(section, RelocationSection) or section["sh_info"] != section_index:
                continue
            target = self.elf.get_section(section_index).data()
            for relocation in section.iter_relocations():
                place = relocation["r_offset"]
                symbol = self.symbols.get_symbol(relocation["r_info_sym"])
                if relocation.is_RELA():
                    addend = relocation["r_addend"]
                else:
                    addend, = struct.unpack_from(f"{self.order}I", target, place)
                found[place] = symbol, addend
        return found

    def strings(self):
        """The strings of the entries, in order."""
        start, end = self.symbol(START), self.symbol(END)
        word = self.elf.elfclass // 8
        entries = (end["st_value"] - start["st_value"]) // (2 * word)
        if not entries:
            return []
        pointer = f"{self.order}{'Q' if word == 8 else 'I'}"
        if not self.relocatable:
            data = self.at_address(start["st_value"], entries * 2 * word)
            return [
                self.at_address(struct.unpack_from(pointer, data, entry)[0], data[entry + word])
                for entry in range(0, len(data), 2 * word)
            ]
        index = start["st_shndx"]
        data = self.elf.get_section(index).data()[start["st_value"]:][:entries * 2 * word]
        relocations = self.relocations(index)
        result = []
        for entry in range(0, len(data), 2 * word):
            symbol, addend = relocations[start["st_value"] + entry]
            text_at = symbol["st_value"] + addend
            text = self.elf.get_section(symbol["st_shndx"]).data()
            result.append(text[text_at:][:data[entry + word]])
        return result


def fnv1a(text):
    value = 0x811C9DC5
    for byte in text:
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def make_index(strings):
    """Slots with 0, or one more than the number of an entry; equal strings have the first one's."""
    unique = {}
    for number, text in enumerate(strings):
        unique.setdefault(text, number)
    # At most three of four slots are taken, so that every search ends.
    slots = 1
    while slots * 3 < len(unique) * 4:
        slots *= 2
    table = [0] * slots
    for text, number in unique.items():
        value = fnv1a(text)
        place = value ^ value >> 16
        while table[place % slots]:
            place += 1
        table[place % slots] = number + 1
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--kernel", required=True, help="the image")
    parser.add_argument("--output", required=True, help="the C file to write")
    arguments = parser.parse_args()
    with open(arguments.kernel, "rb") as file:
        strings = Image(file).strings()
    if len(strings) > 65535:
        sys.exit(f"qstr_index.py: {len(strings)} strings in the image, more than 65535")
    table = make_index(strings)
    with open(arguments.output, "w", encoding="ascii") as file:
        file.write(TEMPLATE.format(slots=len(table), table=", ".join(map(str, table))))


if __name__ == "__main__":
    main()
