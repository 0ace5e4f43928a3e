# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Tables in documents that scripts write."""

import re

import image


def fill(document, mark, text):
    """Puts text between the lines `<!-- mark: begin (command) -->` and `<!-- mark: end -->`."""
    path = image.ROOT / document
    between = re.compile(rf"(<!-- {mark}: begin \(.*?\) -->\n).*?(<!-- {mark}: end -->)", re.DOTALL)
    filled, count = between.subn(lambda found: f"{found[1]}{text}\n{found[2]}", path.read_text())
    if count != 1:
        raise SystemExit(f"{document} has no place for {mark}")
    path.write_text(filled)
