//===- TestEncodings.h - An encoding outside the compiler -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect thimble_test.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_LIB_TESTENCODINGS_H
#define THIMBLE_TEST_LIB_TESTENCODINGS_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"

#include "TestEncodingsDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "TestEncodings.h.inc"

#endif // THIMBLE_TEST_LIB_TESTENCODINGS_H
