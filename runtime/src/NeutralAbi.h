//===- NeutralAbi.h - Links with firmware of any ABI variant ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Included in front of every source of a board's archive. No function of it
// passes a float or an enumeration, and its objects say so: they link with
// soft, softfp and hard-float firmware (Tag_ABI_VFP_args = compatible) and with
// either size of enumerations (Tag_ABI_enum_size = unused).
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_NEUTRALABI_H
#define THIMBLE_SRC_NEUTRALABI_H

__asm__(".eabi_attribute 28, 3");
__asm__(".eabi_attribute 26, 0");

#endif // THIMBLE_SRC_NEUTRALABI_H
