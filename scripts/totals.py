#!/usr/bin/env python3
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
"""Sums what scripts/test.sh recorded, and ends with the line of totals.

The record has a line for each step, its fields parted by tabs:
    check   NAME STATUS LOG         one case
    cargo   NAME STATUS LOG         the cases of `test result:` lines
    tap     NAME STATUS LOG         the cases of `ok` and `not ok` lines
    twister NAME STATUS FOLDER      the cases of FOLDER/twister.json
    skip    NAME REASON             one case that was not run
"""

import collections
import json
import pathlib
import re
import sys

# What the linker of Debian says of every Zephyr image, whatever is in it.
# Twister itself gives CMake a variable that no image reads.
FOREIGN_WARNINGS = re.compile(
    r"\.note\.GNU-stack|RWX permissions|/bin/ld(\.bfd)?: warning|^CMake Warning:$")
LINES_SHOWN = 15
WHY_SKIPPED = {"ztest skip": "does not apply to this configuration, says the test"}


def text_of(log):
    path = pathlib.Path(log)
    return path.read_text(errors="replace") if path.exists() else ""


def last_words(log, case=None):
    """What a failed build or run, or one case of it, printed last."""
    log = log.replace("\r", "")
    if case:
        cut = re.search(rf"^START - {case}$.*?^ FAIL - {case} ", log, re.M | re.S)
        log = cut[0] if cut else log
    return "".join(f"\n    {line}" for line in log.splitlines()[-LINES_SHOWN:])


class Totals:
    def __init__(self):
        self.passed = self.failed = 0
        self.skips = []
        self.failures = []
        self.notes = []

    def fail(self, name, count=1):
        self.failed += count
        self.failures.append(name)

    def step(self, name, status, passed, failed):
        """A step that failed without a failed case (it did not compile, say) is a case itself."""
        self.passed += passed
        if failed:
            self.fail(name, failed)
        elif status != "0" or not passed:
            self.fail(f"{name} (no failed case, but the step ended with status {status})")

    def check(self, name, status, _log):
        if status == "0":
            self.passed += 1
        else:
            self.fail(name)

    def cargo(self, name, status, log):
        passed = failed = 0
        text = text_of(log)
        for line in re.finditer(r"^test result: .*?(\d+) passed; (\d+) failed; (\d+) ignored", text, re.M):
            passed += int(line[1])
            failed += int(line[2])
        for line in re.finditer(r"^test (.+) \.\.\. ignored(?:, (.+))?$", text, re.M):
            self.skips.append((f"{name}: {line[1]}", line[2] or "marked as ignored"))
        self.step(name, status, passed, failed)

    def tap(self, name, status, log):
        text = text_of(log)
        skips = re.findall(r"^ok - (.+?) # SKIP (.+)$", text, re.M)
        self.skips += [(f"{name}: {case}", reason) for case, reason in skips]
        passed = len(re.findall(r"^ok - ", text, re.M)) - len(skips)
        self.step(name, status, passed, len(re.findall(r"^not ok - ", text, re.M)))

    def twister(self, name, status, folder):
        passed = failed = 0
        suites_of = collections.Counter()
        cases_of = collections.Counter()
        report = pathlib.Path(folder, "twister.json")
        suites = json.loads(report.read_text())["testsuites"] if report.exists() else []
        for suite in suites:
            # Filtered: the test's own testcase.yaml does not want this board.
            if suite.get("status") == "filtered":
                continue
            where = f"{name}: {suite['platform']} {suite['name']}"
            suites_of[suite["platform"]] += 1
            bad = 0
            for case in suite["testcases"]:
                state = case.get("status")
                name_of_case = f"{name}: {suite['platform']} {case['identifier']}"
                if state == "passed":
                    passed += 1
                    cases_of[suite["platform"]] += 1
                elif state == "skipped":
                    reason = case.get("reason") or suite.get("reason") or "no reason given"
                    self.skips.append((name_of_case, WHY_SKIPPED.get(reason, reason)))
                else:
                    bad += 1
                    # Twister names a case without its ZTEST suite, so two of one name share a result.
                    what = state or "no result (did it run? does another suite have a test of this name?)"
                    case_in_log = "test_" + case["identifier"].rpartition(".")[2]
                    self.failures.append(f"{name_of_case}: {what}"
                                         + last_words(suite.get("log", ""), case_in_log))
            if not bad and suite.get("status") not in ("passed", "skipped"):
                bad = 1
                self.failures.append(f"{where}: {suite.get('reason', suite.get('status'))}"
                                     + last_words(suite.get("log", "")))
            failed += bad
        self.notes += [f"{name}: {board}: {cases_of[board]} cases of {count} builds passed"
                       for board, count in sorted(suites_of.items())]
        self.warnings(name, folder)
        if failed:
            self.passed += passed
            self.failed += failed
        else:
            self.step(name, status, passed, 0)

    def warnings(self, name, folder):
        """Twister runs with -W for the sake of Debian's linker; what else warns is told here."""
        found = set()
        for log in pathlib.Path(folder).glob("**/build.log"):
            for line in log.read_text(errors="replace").splitlines():
                if "warning:" in line.lower() and not FOREIGN_WARNINGS.search(line):
                    found.add(line.strip())
        self.notes += [f"{name}: {line}" for line in sorted(found)]

    def skip(self, name, reason):
        self.skips.append((name, reason))


def main():
    totals = Totals()
    for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
        kind, *fields = line.split("\t")
        getattr(totals, kind)(*fields)
    for note in totals.notes:
        print(note)
    for name, reason in totals.skips:
        print(f"skipped: {name}: {reason}")
    for name in totals.failures:
        print(f"failed: {name}")
    print(f"{totals.passed} passed, {totals.failed} failed, {len(totals.skips)} skipped")
    return 1 if totals.failed or not totals.passed else 0


if __name__ == "__main__":
    sys.exit(main())
