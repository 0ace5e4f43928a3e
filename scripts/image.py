# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Builds images for figures, on qemu_cortex_m3."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARD = "qemu_cortex_m3"


def _run(command, log):
    with open(log, "ab") as out:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
    if status != 0:
        sys.exit(f"{' '.join(map(str, command[:3]))} ... failed; see {log}")


def build(app, folder, arguments=()):
    """Builds the application and returns its image and the bytes of (flash, RAM) that it takes."""
    os.environ.setdefault("CCACHE_NOHASHDIR", "1")
    os.environ.setdefault("CCACHE_BASEDIR", str(ROOT))
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    log.unlink(missing_ok=True)
    elf = folder / "zephyr/zephyr.elf"
    _run(
        ["cmake", "-GNinja", "-S", ROOT / app, "-B", folder, f"-DBOARD={BOARD}",
         f"-DEXTRA_ZEPHYR_MODULES={ROOT}", *arguments],
        log,
    )
    # So that the linker runs, and says how much it has used.
    elf.unlink(missing_ok=True)
    _run(["cmake", "--build", folder], log)
    regions = re.findall(r"^\s*(FLASH|RAM):\s+(\d+) (B|KB)", log.read_text(errors="replace"), re.MULTILINE)
    used = {name: int(number) * (1024 if unit == "KB" else 1) for name, number, unit in regions}
    return elf, (used["FLASH"], used["RAM"])
