#!/usr/bin/env python3
# runtime_stack.py - measures the stack of the functions that objects may call
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Disassembles the compiler runtime (libgcc) and the C library (newlib, also
# its nano variant) of every M-profile multilib of the installed GCC and bounds
# the stack of each function: all its pushes, whether or not one path meets
# them all, plus its deepest callee. Prints the maximum over the libraries and,
# given the table of the compiler, checks that no allowance is below it.

import argparse
import collections
import re
import subprocess
import sys
import tempfile

TOOLS = "arm-none-eabi-"
HEADER = re.compile(r"^([0-9a-f]+) <(.+)>:$")
SECTION = re.compile(r"^Disassembly of section (.+):$")
SYMBOL = re.compile(r"^([0-9a-f]{8}) .{7} (\S+)\t[0-9a-f]{8} (?:\.hidden )?(\S+)$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\t(\S+)\s*(.*)$")
RELOCATION = re.compile(r"^\s*[0-9a-f]+: R_ARM_(\S+)\s+(\S+)$")
CALLS = ("THM_CALL", "THM_JUMP24", "THM_JUMP19", "THM_JUMP11")
TARGET = re.compile(r"<([^>+]+)(\+0x[0-9a-f]+)?>")
ENTRY = re.compile(r"^RUNTIME_CALLEE\((\w+), (\d+)\)$")


def run(*command):
    return subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout


def count_registers(operands):
    """Registers in a list such as {r0, r4-r7, lr} or {d8-d15}."""
    count = 0
    for item in operands[operands.index("{") + 1 : operands.index("}")].split(","):
        bounds = [int(n) for n in re.findall(r"(?<=[rsd])\d+", item)]
        count += bounds[-1] - bounds[0] + 1 if len(bounds) == 2 else 1
    return count


def pushed_bytes(name, operands):
    """Bytes by which one instruction lowers the stack pointer."""
    name = name.split(".")[0]
    if name in ("push", "vpush", "stmdb", "stmfd", "vstmdb"):
        if name.endswith("push") or operands.startswith("sp!"):
            size = 8 if re.search(r"\{d\d", operands) else 4
            return size * count_registers(operands)
    if name in ("sub", "subw") and operands.startswith("sp, "):
        return int(re.search(r"#(\d+)", operands).group(1))
    if name in ("str", "strd") and (m := re.search(r"\[sp, #-(\d+)\]!", operands)):
        return int(m.group(1))
    return 0


class Library:
    """The functions of some archives, read one member at a time on demand."""

    def __init__(self, archives):
        self.members = {}  # symbol: (archive, member)
        self.read = set()
        self.pushes = collections.Counter()
        self.callees = collections.defaultdict(set)
        for archive in archives:
            index = run(TOOLS + "nm", "-s", archive).split("\n\n")[0]
            for match in re.finditer(r"^(\S+) in (\S+)$", index, re.M):
                self.members.setdefault(match.group(1), (archive, match.group(2)))

    def require(self, symbol):
        """Reads the member that defines `symbol`."""
        place = self.members.get(symbol)
        if not place or place in self.read:
            return
        self.read.add(place)
        with tempfile.NamedTemporaryFile(suffix=".o") as file:
            command = [TOOLS + "ar", "p", *place]
            subprocess.run(command, check=True, stdout=file)
            file.flush()
            self.add(run(TOOLS + "objdump", "-dtr", "--no-show-raw-insn", file.name))

    def add(self, listing):
        names = collections.defaultdict(list)  # (section, address): symbols
        section, current = None, []
        for line in listing.splitlines():
            if match := SYMBOL.match(line):
                address, where, symbol = match.groups()
                names[where, int(address, 16)].append(symbol)
            elif match := SECTION.match(line):
                section = match.group(1)
            elif match := HEADER.match(line):
                current = names.get((section, int(match.group(1), 16)), [])
                current = sorted({*current, match.group(2)})
                self.pushes.update(dict.fromkeys(current, 0))
            else:
                self.add_line(line, current)

    def add_line(self, line, current):
        if match := RELOCATION.match(line):
            called = {match.group(2)} if match.group(1) in CALLS else set()
            pushed = 0
        elif match := INSTRUCTION.match(line):
            mnemonic, operands = match.groups()
            target = TARGET.search(operands) if mnemonic.startswith("b") else None
            called = {target.group(1)} if target else set()
            pushed = pushed_bytes(mnemonic, operands)
        else:
            return
        for name in current:
            self.pushes[name] += pushed
            self.callees[name] |= called.difference(current)

    def depth(self, name, active=()):
        self.require(name)
        if name in active:
            return 0
        active += (name,)
        callees = [self.depth(callee, active) for callee in self.callees[name]]
        return self.pushes[name] + max(callees, default=0)


def measure(names):
    """Worst depth of each name over all multilibs, and where it is."""
    worst = {}
    for line in run(TOOLS + "gcc", "-print-multi-lib").splitlines():
        folder, flags = line.split(";")
        # The code of softfp differs from that of hard in arguments only.
        if not re.match(r"thumb/v(6-m|7-m|7e-m|8-m|8\.1-m)(?!.*softfp)", folder):
            continue
        gcc = [TOOLS + "gcc", *flags.replace("@", " -").split()]
        libgcc = run(*gcc, "-print-libgcc-file-name").strip()
        for libc in ("libc.a", "libc_nano.a"):
            path = run(*gcc, f"-print-file-name={libc}").strip()
            library = Library([libgcc, path])
            for name in names:
                if name in library.members:
                    found = (library.depth(name), f"{folder} {libc}")
                    worst[name] = max(worst.get(name, (0, "")), found)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", help="RuntimeStack.def")
    parser.add_argument("-v", action="store_true", help="print all figures")
    options = parser.parse_args()
    with open(options.table, encoding="utf-8") as file:
        entries = [m.groups() for m in map(ENTRY.match, file) if m]
    allowances = {name: int(size) for name, size in entries}
    if not allowances:
        sys.exit(f"{options.table}: no RUNTIME_CALLEE entries")
    wrong = 0
    worst = measure(allowances)
    for name, allowance in allowances.items():
        depth, where = worst.get(name, (None, "in no library"))
        bad = depth is None or depth > allowance
        wrong += bad
        if bad or options.v:
            print(f"{name}: allowance {allowance}, measured {depth} ({where})")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
