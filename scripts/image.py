# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

"""Builds images for figures, on qemu_cortex_m3, others for QEMU, and programs on the host's boards."""

import os
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOARD = "qemu_cortex_m3"
QEMU = [
    "qemu-system-arm", "-cpu", "cortex-m3", "-machine", "lm3s6965evb", "-nographic", "-vga", "none", "-net", "none",
    "-rtc", "clock=vm", "-monitor", "none", "-serial", "stdio",
]


def _run(command, log):
    with open(log, "ab") as out:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
    if status != 0:
        sys.exit(f"{' '.join(map(str, command[:3]))} ... failed; see {log}")


def _make(app, folder, board, arguments, target):
    """Builds the application afresh up to its link, and returns the log."""
    os.environ.setdefault("CCACHE_NOHASHDIR", "1")
    os.environ.setdefault("CCACHE_BASEDIR", str(ROOT))
    folder.parent.mkdir(parents=True, exist_ok=True)
    log = folder.with_suffix(".log")
    log.unlink(missing_ok=True)
    # It would keep options that are no longer asked for.
    (folder / "CMakeCache.txt").unlink(missing_ok=True)
    _run(
        ["cmake", "-GNinja", "-S", ROOT / app, "-B", folder, f"-DBOARD={board}",
         f"-DEXTRA_ZEPHYR_MODULES={ROOT}", *arguments],
        log,
    )
    # So that the linker runs, and says how much it has used.
    target.unlink(missing_ok=True)
    _run(["cmake", "--build", folder], log)
    return log.read_text(errors="replace")


def build(app, folder, arguments=()):
    """Builds the application and returns its image and the bytes of (flash, RAM) that it takes."""
    elf = folder / "zephyr/zephyr.elf"
    log = _make(app, folder, BOARD, arguments, elf)
    regions = re.findall(r"^\s*(FLASH|RAM):\s+(\d+) (B|KB)", log, re.MULTILINE)
    used = {name: int(number) * (1024 if unit == "KB" else 1) for name, number, unit in regions}
    return elf, (used["FLASH"], used["RAM"])


def build_program(app, folder, board):
    """Builds the application for a board of the host's, and returns the program."""
    program = folder / "zephyr/zephyr.exe"
    _make(app, folder, board, (), program)
    return program


def build_for_qemu(app, folder, board, arguments=()):
    """Builds the application for a board, and returns the command that runs it in QEMU."""
    _make(app, folder, board, arguments, folder / "zephyr/zephyr.elf")
    commands = subprocess.run(
        ["ninja", "-C", folder, "-t", "commands", "run"], capture_output=True, text=True, check=True
    ).stdout
    # Without ninja, which a signal may leave behind; the folder before && is for a file that nobody reads.
    command = shlex.split(commands.splitlines()[-1].rpartition(" && ")[2])
    if any("zephyr-qemu" in word for word in command):
        # x86_64's, made from zephyr.elf.
        _run(["cmake", "--build", folder, "--target", "qemu_kernel_target"], folder.with_suffix(".log"))
    return command


def run_until_end(command, seconds, **options):
    """What a test image prints in QEMU up to its last line, or within the time. QEMU ends with this process, however
    that ends."""
    qemu = subprocess.Popen(
        ["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", **options,
    )
    late = threading.Timer(seconds, qemu.kill)
    late.start()
    output = []
    try:
        for line in qemu.stdout:
            output.append(line)
            if line.startswith("PROJECT EXECUTION"):
                break
    finally:
        late.cancel()
        qemu.kill()
        qemu.wait()
    return "".join(output)
