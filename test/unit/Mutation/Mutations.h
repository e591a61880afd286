//===- Mutations.h - Damage to models ---------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two kinds: damage to bytes, most of which the file's verifier must catch,
// and nonsense in a well-formed file, which the importer must catch.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_MUTATION_MUTATIONS_H
#define THIMBLE_TEST_UNIT_MUTATION_MUTATIONS_H

#include <cstdint>
#include <random>
#include <vector>

namespace thimble {

namespace tflite {
struct BufferT;
struct ModelT;
struct OperatorT;
struct TensorT;
} // namespace tflite

using Bytes = std::vector<uint8_t>;

class Mutator {
public:
  /// `models` are well-formed; every mutation starts from one of them.
  Mutator(std::vector<Bytes> models, uint32_t seed)
      : models(std::move(models)), random(seed) {}

  /// The next damaged file.
  Bytes next();

private:
  size_t below(size_t bound) { return bound ? random() % bound : 0; }
  const Bytes &pick() { return models[below(models.size())]; }
  uint32_t number();

  void flipBits(Bytes &bytes);
  void truncate(Bytes &bytes);
  void overwriteWords(Bytes &bytes);
  void splice(Bytes &bytes);
  void shift(Bytes &bytes);

  Bytes rewrite(const Bytes &bytes);
  void damageTensor(tflite::ModelT &model, tflite::TensorT &tensor);
  void damageOperator(tflite::ModelT &model, tflite::OperatorT &op);
  void damageBuffer(tflite::BufferT &buffer);

  std::vector<Bytes> models;
  std::mt19937 random;
};

} // namespace thimble

#endif // THIMBLE_TEST_UNIT_MUTATION_MUTATIONS_H
