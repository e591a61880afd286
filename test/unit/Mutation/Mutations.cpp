//===- Mutations.cpp - Damage to models -----------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Numbers are drawn from those at which code breaks: limits, signs, sizes.
//
//===----------------------------------------------------------------------===//

#include "Mutations.h"
#include "thimble/Import/TFLite/schema_generated.h"
#include <cstring>

using namespace thimble;
using namespace thimble::tflite;

Bytes Mutator::next() {
  Bytes bytes = pick();
  unsigned kind = below(10);
  if (kind < 5)
    return rewrite(bytes);
  // Several wounds at once reach states that single ones do not.
  for (size_t i = 0, wounds = 1 + below(3); i < wounds; ++i)
    switch ((kind + i) % 5) {
    case 0:
      flipBits(bytes);
      break;
    case 1:
      truncate(bytes);
      break;
    case 2:
      overwriteWords(bytes);
      break;
    case 3:
      splice(bytes);
      break;
    default:
      shift(bytes);
    }
  return bytes;
}

uint32_t Mutator::number() {
  static constexpr uint32_t interesting[] = {
      0,          1,          2,          3,       4,       7,         8,
      16,         127,        128,        255,     256,     65535,     65536,
      0x7fffffff, 0x80000000, 0xffffffff, 1 << 28, 1 << 24, 0xfffffffe};
  if (below(4) == 0)
    return random();
  return interesting[below(std::size(interesting))];
}

void Mutator::flipBits(Bytes &bytes) {
  for (size_t i = 0, flips = 1 + below(8); i < flips && !bytes.empty(); ++i)
    bytes[below(bytes.size())] ^= 1u << below(8);
}

void Mutator::truncate(Bytes &bytes) { bytes.resize(below(bytes.size() + 1)); }

/// Offsets, lengths and enumerators are words; tables are at multiples of 4.
void Mutator::overwriteWords(Bytes &bytes) {
  for (size_t i = 0, words = 1 + below(4); i < words && bytes.size() >= 8;
       ++i) {
    uint32_t word = below(3) ? number() : below(bytes.size());
    std::memcpy(&bytes[below(bytes.size() / 4 - 1) * 4], &word, sizeof word);
  }
}

/// A piece of another model in the place of one of this.
void Mutator::splice(Bytes &bytes) {
  const Bytes &other = pick();
  size_t from = below(other.size() / 4) * 4;
  size_t to = below(bytes.size() / 4) * 4;
  size_t size =
      std::min({1 + below(256), other.size() - from, bytes.size() - to});
  std::memcpy(bytes.data() + to, other.data() + from, size);
}

/// Everything behind a place moves, so that offsets across it go wrong.
void Mutator::shift(Bytes &bytes) {
  size_t at = below(bytes.size() + 1), size = 1 + below(16);
  if (below(2))
    bytes.insert(bytes.begin() + at, size, static_cast<uint8_t>(number()));
  else
    bytes.erase(bytes.begin() + at,
                bytes.begin() + std::min(bytes.size(), at + size));
}

void Mutator::damageTensor(ModelT &model, TensorT &tensor) {
  uint32_t value = number();
  float scale;
  std::memcpy(&scale, &value, sizeof scale);
  QuantizationParametersT *quantization = tensor.quantization.get();
  switch (below(7)) {
  case 0:
    tensor.type = static_cast<TensorType>(below(20));
    break;
  case 1:
    tensor.shape.resize(below(10), value);
    break;
  case 2:
    if (!tensor.shape.empty())
      tensor.shape[below(tensor.shape.size())] = below(2) ? value : below(9);
    break;
  case 3:
    tensor.buffer = below(2) ? value : below(model.buffers.size());
    break;
  case 4:
    if (quantization && !quantization->scale.empty())
      quantization->scale[0] = below(2) ? scale : 1.0f / (1 + below(512));
    break;
  case 5:
    if (quantization)
      quantization->zero_point.assign(below(5), int32_t(value));
    break;
  default:
    if (quantization)
      quantization->scale.resize(below(5), scale);
  }
}

void Mutator::damageOperator(ModelT &model, OperatorT &op) {
  SubGraphT &graph = *model.subgraphs[0];
  std::vector<int32_t> &operands = below(4) ? op.inputs : op.outputs;
  switch (below(4)) {
  case 0:
    if (!operands.empty())
      operands[below(operands.size())] = below(graph.tensors.size() + 2) - 1;
    break;
  case 1:
    operands.resize(below(6), below(graph.tensors.size()));
    break;
  case 2:
    model.operator_codes[below(model.operator_codes.size())]->builtin_code =
        static_cast<BuiltinOperator>(below(130));
    break;
  default:
    std::swap(op.builtin_options,
              graph.operators[below(graph.operators.size())]->builtin_options);
  }
}

/// Numbers of constants, among them axes, paddings and sizes.
void Mutator::damageBuffer(BufferT &buffer) {
  uint32_t value = number();
  if (buffer.data.size() >= sizeof value)
    std::memcpy(&buffer.data[below(buffer.data.size() / 4) * 4], &value,
                sizeof value);
}

/// A model's contents, changed and written again as a well-formed file.
Bytes Mutator::rewrite(const Bytes &bytes) {
  ModelT model;
  GetModel(bytes.data())->UnPackTo(&model);
  SubGraphT &graph = *model.subgraphs[0];
  for (size_t i = 0, changes = 1 + below(3); i < changes; ++i) {
    unsigned kind = below(12);
    if (kind < 7)
      damageTensor(model, *graph.tensors[below(graph.tensors.size())]);
    else if (kind < 11)
      damageOperator(model, *graph.operators[below(graph.operators.size())]);
    else
      damageBuffer(*model.buffers[below(model.buffers.size())]);
  }
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(Model::Pack(builder, &model), ModelIdentifier());
  Bytes written(builder.GetBufferPointer(),
                builder.GetBufferPointer() + builder.GetSize());
  // Options are scalars in tables; only damage to bytes reaches them.
  if (below(2))
    overwriteWords(written);
  return written;
}
