//===- SymbolTableTest.cpp - The file of functions --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is accepted, and what a mistake is answered with.
//
//===----------------------------------------------------------------------===//

#include "SymbolTable.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace thimble::cycles;

static bool read(const char *text, SymbolTable &symbols, std::string &error) {
  std::istringstream stream(text);
  return symbols.read(stream, error);
}

TEST(SymbolTableTest, reads) {
  SymbolTable symbols;
  std::string error;
  ASSERT_TRUE(read("# functions\n\nI 00001001 1c net_invoke\n"
                   "L 0x2000 40 net.conv_2d.0\n",
                   symbols, error))
      << error;
  ASSERT_EQ(symbols.functions().size(), 2u);
  EXPECT_EQ(symbols.find(0x1000), 0);
  EXPECT_EQ(symbols.find(0x1001), -1);
  EXPECT_EQ(symbols.find(0x2000), 1);
  EXPECT_EQ(symbols.functions()[1].name, "net.conv_2d.0");
  EXPECT_FALSE(symbols.functions()[1].isInvoke);
  EXPECT_TRUE(symbols.hasInvoke());
}

TEST(SymbolTableTest, refusesWhatItCannotRead) {
  for (const char *text : {"X 1000 10 f\n", "L 1000\n", "L 1000 10\n",
                           "L wxyz 10 f\n", "L 100000000 10 f\n"}) {
    SymbolTable symbols;
    std::string error;
    EXPECT_FALSE(read(text, symbols, error)) << text;
    EXPECT_NE(error.find("line 1: expected"), std::string::npos) << error;
  }
}

TEST(SymbolTableTest, refusesTwoFunctionsAtOneAddress) {
  SymbolTable symbols;
  std::string error;
  EXPECT_FALSE(read("L 1000 10 f\nL 1001 10 g\n", symbols, error));
  EXPECT_EQ(error, "line 2: 'g' is at the address of 'f'");
}
