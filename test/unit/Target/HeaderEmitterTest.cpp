//===- HeaderEmitterTest.cpp - Tests of the C header ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of the header; test/Target/linking.py compiles it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/HeaderEmitter.h"
#include "CompiledNet.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string getHeader(const ModelInfo &model) {
  std::string text;
  llvm::raw_string_ostream os(text);
  emitHeader(model, 312, os);
  return text;
}

TEST(HeaderEmitter, DefinesMemory) {
  std::string text = getHeader(test::describeNet());
  EXPECT_THAT(text, HasSubstr("\n#define NET_ARENA_BYTES 40u\n"));
  EXPECT_THAT(text, HasSubstr("\n#define NET_ARENA_ALIGNMENT 8u\n"));
  EXPECT_THAT(text, HasSubstr("\n#define NET_STACK_BYTES 312u\n"));
}

TEST(HeaderEmitter, DefinesTensors) {
  std::string text = getHeader(test::describeNet());
  EXPECT_THAT(text, HasSubstr("\n#define NET_INPUT_COUNT 1u\n"
                              "#define NET_INPUT_0_BYTES 16u\n"
                              "#define NET_INPUT_0_RANK 3u\n"
                              "#define NET_INPUT_0_SHAPE {1, 4, 4}\n"
                              "#define NET_INPUT_0_SCALE 0.25f\n"
                              "#define NET_INPUT_0_ZERO_POINT (-128)\n"
                              "#define NET_INPUT_0_NAME "
                              "\"serving_default_input:0\"\n"));
  EXPECT_THAT(text, HasSubstr("\n#define NET_OUTPUT_0_SCALE 0.333333343f\n"));
}

TEST(HeaderEmitter, EscapesNames) {
  EXPECT_THAT(
      getHeader(test::describeNet()),
      HasSubstr("_NAME \"dense/\\\"Relu\\\"\\?\\?/\\\\\\012\\303\\2510\""));
}

TEST(HeaderEmitter, KeepsNamesWithinWhatCompilersAccept) {
  ModelInfo model = test::describeNet();
  model.inputs[0].name = std::string(5000, '\xff');
  EXPECT_LT(getHeader(model).size(), 6000u);
}

TEST(HeaderEmitter, DeclaresAccessors) {
  std::string text = getHeader(test::describeNet());
  EXPECT_THAT(text,
              HasSubstr("static inline int8_t *net_input_0(void *arena)"));
  EXPECT_THAT(
      text, HasSubstr("static inline const int8_t *net_output_0(void *arena)"));
  EXPECT_THAT(text, HasSubstr("(uint8_t *)arena + 32u"));
  EXPECT_THAT(text, HasSubstr("\nvoid net_invoke(void *arena);\n"));
}

TEST(HeaderEmitter, TakesRowsOfTheFirstInput) {
  ModelInfo model = test::describeNet();
  model.ioMode = IOMode::rows;
  model.inputs.push_back(model.inputs[0]);
  model.inputs[0].rows = 4;
  std::string text = getHeader(model);
  EXPECT_THAT(text, HasSubstr("\n#define NET_INPUT_0_ROWS 4u\n"
                              "#define NET_INPUT_0_ROW_BYTES 4u\n"));
  EXPECT_THAT(text, Not(HasSubstr("NET_INPUT_1_ROWS")));
  EXPECT_THAT(text, Not(HasSubstr("net_invoke")));
  EXPECT_THAT(text, Not(HasSubstr("net_input_0")));
  EXPECT_THAT(text, HasSubstr("*net_input_1(void *arena)"));
  EXPECT_THAT(text, HasSubstr("\nvoid net_begin(void *arena);\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\nvoid net_push_row(void *arena, const int8_t *row);\n"));
  EXPECT_THAT(text, HasSubstr("\nvoid net_finish(void *arena);\n"));
}

TEST(HeaderEmitter, TakesPointersWithoutAccessors) {
  ModelInfo model = test::describeNet();
  model.ioMode = IOMode::pointers;
  model.inputs.push_back(model.inputs[0]);
  model.outputs[0].element = ElementKind::float32;
  std::string text = getHeader(model);
  EXPECT_THAT(text, HasSubstr("\nvoid net_invoke(void *arena, "
                              "const int8_t *input_0, const int8_t *input_1, "
                              "float *output_0);\n"));
  EXPECT_THAT(text, Not(HasSubstr("static inline")));
}

TEST(HeaderEmitter, WritesScalarsAndExtremes) {
  ModelInfo model = test::describeNet();
  TensorInfo &output = model.outputs[0];
  output.element = ElementKind::int32;
  output.shape.clear();
  output.scale = 2.0f;
  output.zeroPoint = INT32_MIN;
  std::string text = getHeader(model);
  EXPECT_THAT(text, HasSubstr("_RANK 0u\n#define NET_OUTPUT_0_SHAPE {1}\n"));
  EXPECT_THAT(text, HasSubstr("_SCALE 2.0f\n"));
  EXPECT_THAT(text, HasSubstr("_ZERO_POINT (-2147483647 - 1)\n"));
  EXPECT_THAT(text, HasSubstr("const int32_t *net_output_0"));
}

TEST(HeaderEmitter, WritesTinyScales) {
  ModelInfo model = test::describeNet();
  model.inputs[0].scale = 1e-20f;
  EXPECT_THAT(getHeader(model), HasSubstr("_SCALE 9.99999968e-21f\n"));
}

} // namespace
