//===- FloatAbi.h - Links with every float ABI ------------------*- C++ -*-===//
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Included in front of every source of a board's archive. No function of it
// passes a float, so that its objects say Tag_ABI_VFP_args = compatible and
// link with soft, softfp and hard-float firmware alike.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_FLOATABI_H
#define THIMBLE_SRC_FLOATABI_H

__asm__(".eabi_attribute 28, 3");

#endif // THIMBLE_SRC_FLOATABI_H
