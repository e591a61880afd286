//===- OpTables.cpp - Operators that are imported -------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Looks through the tables of all categories.
//
//===----------------------------------------------------------------------===//

#include "OpTables.h"

using namespace thimble::tflite;

const OpRow *thimble::tflite::findRow(BuiltinOperator code) {
  for (llvm::ArrayRef<OpRow> rows :
       {activationRows(), arithmeticRows(), contractionRows(), joinRows(),
        poolRows(), quantizationRows(), shapeRows(), sliceRows()})
    for (const OpRow &row : rows)
      if (row.code == code)
        return &row;
  return nullptr;
}
