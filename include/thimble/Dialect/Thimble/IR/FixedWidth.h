//===- FixedWidth.h - How symbols of few bits are stored --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The outermost symbols of a stack that does not end in a byte stream are
// stored at their width. Two layouts:
//
// Planar, the default: 32 symbols in `bits` words, so that a core without any
// vector unit unpacks four symbols at a time into the bytes of a word. The
// width is split into planes of 4, 2 and 1 bits, the plane of the highest bits
// first; a plane of w bits takes w words, and field f of word v (f of 32 / w
// fields is 4 lanes of 8 / w shifts) holds symbol 4 * (v * 8 / w + s) + lane at
// bit 8 * lane + w * s. The symbols after the last 32 follow, plane by plane,
// in sequence from the lowest bits of each byte. Signed symbols are stored plus
// 2^(bits - 1), which costs an operation less to undo than a sign to extend.
//
// Sequential, for schemes that read the stored symbols themselves: symbol i at
// bit i * bits.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_FIXEDWIDTH_H
#define THIMBLE_DIALECT_THIMBLE_IR_FIXEDWIDTH_H

#include "thimble/Dialect/Thimble/IR/Symbols.h"

namespace thimble {
class StepBuilder;
struct TargetInfo;

/// Bytes of `count` symbols of 1 to 8 bits, planar.
int64_t planarBytes(int64_t count, unsigned bits);
std::vector<uint8_t> packPlanar(llvm::ArrayRef<uint8_t> symbols, unsigned bits,
                                bool isSigned);
/// `count` symbols, sign- or zero-extended; `stored` has planarBytes bytes.
std::vector<uint8_t> unpackPlanar(llvm::ArrayRef<uint8_t> stored, int64_t count,
                                  unsigned bits, bool isSigned);
/// Bytes of `count` symbols of 1 to 8 bits in sequence.
int64_t sequentialBytes(int64_t count, unsigned bits);
std::vector<uint8_t> packSequential(llvm::ArrayRef<uint8_t> symbols,
                                    unsigned bits);
std::vector<uint8_t> unpackSequential(llvm::ArrayRef<uint8_t> stored,
                                      int64_t count, unsigned bits,
                                      bool isSigned);

/// Emits the unpacking of `count` (an i32) planar symbols at `from`, 4-byte
/// aligned, to bytes at `to`. Returns the address behind the stored symbols.
mlir::Value buildUnpackPlanar(StepBuilder &b, mlir::Value from, mlir::Value to,
                              mlir::Value count, unsigned bits, bool isSigned,
                              unsigned toAlignment);

/// Emits the reading of a field of 1 to 8 bits that are stored in sequence from
/// `from` on; `bit` (an i32) is where it begins, a multiple of `bits`. Reads no
/// byte but those that the field is in.
mlir::Value buildSequentialField(StepBuilder &b, mlir::Value from,
                                 mlir::Value bit, unsigned bits);
/// sequentialBytes on the target.
mlir::Value buildSequentialBytes(StepBuilder &b, mlir::Value count,
                                 int64_t bits);

/// Cycles of buildUnpackPlanar for one symbol.
double planarCyclesPerSymbol(unsigned bits, bool isSigned,
                             const TargetInfo &target);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_FIXEDWIDTH_H
