# reader.py - The little that callers must know of a .tflite file
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Counts what a model takes and gives, with no package but numpy.

Everything else about a file is the compiler's business; it also has the better
messages, so a file that cannot be read here counts as one output and is left to
the compiler to refuse.
"""

from __future__ import annotations

import struct

from .schema import Slots


def _field(data: bytes, table: int, slot: int) -> int:
    """Where the field in ``slot`` of the table at ``table`` is; 0 if absent."""
    (back,) = struct.unpack_from("<i", data, table)
    vtable = table - back
    (size,) = struct.unpack_from("<H", data, vtable)
    entry = 4 + 2 * slot
    if vtable < 0 or entry + 2 > size:
        return 0
    (offset,) = struct.unpack_from("<H", data, vtable + entry)
    return table + offset if offset else 0


def _follow(data: bytes, at: int) -> int:
    (offset,) = struct.unpack_from("<I", data, at)
    return at + int(offset)


def _count(data: bytes, slot: int) -> int:
    try:
        model = _follow(data, 0)
        subgraphs = _follow(data, _field(data, model, Slots.MODEL_SUBGRAPHS))
        graph = _follow(data, subgraphs + 4)
        (count,) = struct.unpack_from(
            "<I", data, _follow(data, _field(data, graph, slot))
        )
    except struct.error:
        return 1
    return int(count) if 1 <= count <= len(data) // 4 else 1


def count_outputs(data: bytes) -> int:
    """Outputs of the first graph in the file."""
    return _count(data, Slots.SUBGRAPH_OUTPUTS)
