//===- HeaderEmitter.cpp - The C header of a compiled model ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints macros, accessors and the entry point.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/HeaderEmitter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
using llvm::StringRef;

/// C99 compilers need to accept no more than 4095 characters (5.2.4.1), and an
/// escaped byte takes four.
static constexpr size_t maxNameBytes = 1000;

/// A string literal that is the same in C99 and C++ whatever the bytes are:
/// always three octal digits, so that no digit behind is taken for a fourth,
/// and no trigraphs.
static std::string quote(StringRef text) {
  std::string literal = "\"";
  for (unsigned char c : text.take_front(maxNameBytes)) {
    if (c == '"' || c == '\\' || c == '?') {
      literal += '\\';
      literal += char(c);
    } else if (llvm::isPrint(c)) {
      literal += char(c);
    } else {
      literal += '\\';
      for (int shift : {6, 3, 0})
        literal += char('0' + ((c >> shift) & 7));
    }
  }
  return literal + '"';
}

/// A float constant that reads back as the same number.
static std::string floatLiteral(float value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.9g", double(value));
  if (StringRef(text).find_first_of(".e") == StringRef::npos)
    text += ".0";
  return text + "f";
}

/// INT32_MIN as a plain literal would be a negated long.
static std::string intLiteral(int32_t value) {
  if (value == INT32_MIN)
    return "(-2147483647 - 1)";
  return value < 0 ? "(" + std::to_string(value) + ")" : std::to_string(value);
}

static StringRef getCType(ElementKind kind) {
  switch (kind) {
  case ElementKind::int8:
    return "int8_t";
  case ElementKind::int16:
    return "int16_t";
  case ElementKind::int32:
    return "int32_t";
  case ElementKind::float32:
    return "float";
  }
  llvm_unreachable("covered switch");
}

namespace {
/// The header of one model.
class HeaderPrinter {
public:
  HeaderPrinter(const ModelInfo &model, llvm::raw_ostream &os)
      : model(model), os(os), macros(StringRef(model.name).upper()) {}

  void print(uint64_t stackBytes);

private:
  void printMemory(uint64_t stackBytes);
  void printTensors(llvm::ArrayRef<TensorInfo> tensors, StringRef side);
  void printAccessors(llvm::ArrayRef<TensorInfo> tensors, bool isOutput);
  void printInvoke();
  void printRowFunctions();

  llvm::raw_ostream &define(const llvm::Twine &name) {
    return os << "#define " << macros << '_' << name << ' ';
  }

  const ModelInfo &model;
  llvm::raw_ostream &os;
  std::string macros; ///< prefix of the macros
};
} // namespace

void HeaderPrinter::printMemory(uint64_t stackBytes) {
  define("ABI_VERSION") << "1u\n";
  os << "\n/* RAM: activations and scratch"
     << (model.ioMode == IOMode::pointers ? "" : ", inputs and outputs")
     << ". */\n";
  define("ARENA_BYTES") << model.arenaBytes << "u\n";
  define("ARENA_ALIGNMENT") << model.arenaAlignment << "u\n";
  if (model.stateBytes > 0) {
    os << "/* RAM that is the model's between calls, too. */\n";
    define("STATE_BYTES") << model.stateBytes << "u\n";
    define("STATE_ALIGNMENT") << model.stateAlignment << "u\n";
  }
  os << "/* Bound on the stack of "
     << llvm::join(llvm::map_range(model.getEntries(),
                                   [&](StringRef entry) {
                                     return model.name + entry.str();
                                   }),
                   ", ")
     << ". */\n";
  define("STACK_BYTES") << stackBytes << "u\n";
}

void HeaderPrinter::printTensors(llvm::ArrayRef<TensorInfo> tensors,
                                 StringRef side) {
  os << '\n';
  define(side + "_COUNT") << tensors.size() << "u\n";
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    std::string prefix = (side + "_" + llvm::Twine(index)).str();
    define(prefix + "_BYTES") << tensor.bytes << "u\n";
    if (side == "INPUT" && model.isFed(index)) {
      define(prefix + "_ROWS") << tensor.rows << "u\n";
      define(prefix + "_ROW_BYTES") << tensor.bytes / tensor.rows << "u\n";
    }
    define(prefix + "_RANK") << tensor.shape.size() << "u\n";
    // An empty initializer is not C99: a scalar has the shape {1}.
    define(prefix + "_SHAPE")
        << '{' << (tensor.shape.empty() ? "1" : "")
        << llvm::join(llvm::map_range(
                          tensor.shape,
                          [](int64_t size) { return std::to_string(size); }),
                      ", ")
        << "}\n";
    define(prefix + "_SCALE") << floatLiteral(tensor.scale) << '\n';
    define(prefix + "_ZERO_POINT") << intLiteral(tensor.zeroPoint) << '\n';
    define(prefix + "_NAME") << quote(tensor.name) << '\n';
  }
}

void HeaderPrinter::printAccessors(llvm::ArrayRef<TensorInfo> tensors,
                                   bool isOutput) {
  StringRef qualifier = isOutput ? "const " : "";
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    if (!isOutput && model.isFed(index))
      continue;
    StringRef type = getCType(tensor.element);
    os << "static inline " << qualifier << type << " *" << model.name
       << (isOutput ? "_output_" : "_input_") << index << "(void *arena) {\n"
       << "  return (" << qualifier << type << " *)(void *)((uint8_t *)arena + "
       << tensor.arenaOffset << "u);\n}\n";
  }
}

void HeaderPrinter::printRowFunctions() {
  StringRef type = getCType(model.inputs[0].element);
  os << "/* Begins an inference; it ends early if another one begins. */\n"
     << "void " << model.name << "_begin(void *arena);\n"
     << "/* Delivers the next row of input 0, " << macros
     << "_INPUT_0_ROWS of them from the\n   first to the last. The bytes of "
        "`row` are free when it returns. */\n"
     << "void " << model.name << "_push_row(void *arena, const " << type
     << " *row);\n"
     << "/* After the last row: computes what is left. */\n"
     << "void " << model.name << "_finish(void *arena);\n";
}

void HeaderPrinter::printInvoke() {
  os << "void " << model.name << "_invoke(void *arena";
  if (model.ioMode == IOMode::pointers) {
    for (auto [index, tensor] : llvm::enumerate(model.inputs))
      os << ", const " << getCType(tensor.element) << " *input_" << index;
    for (auto [index, tensor] : llvm::enumerate(model.outputs))
      os << ", " << getCType(tensor.element) << " *output_" << index;
  }
  os << (model.stateBytes > 0 ? ", void *state" : "") << ");\n";
}

void HeaderPrinter::print(uint64_t stackBytes) {
  bool inArena = model.ioMode != IOMode::pointers;
  bool isFed = model.ioMode == IOMode::rows;
  os << "/* " << model.name << ".h - the compiled model `" << model.name
     << "`. Made by thimblec; do not edit. */\n"
     << "#ifndef " << macros << "_H\n#define " << macros << "_H\n\n"
     << "#include <stdint.h>\n\n";
  printMemory(stackBytes);
  printTensors(model.inputs, "INPUT");
  printTensors(model.outputs, "OUTPUT");
  os << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  if (inArena && model.inputs.size() > isFed) {
    os << (isFed ? "/* Other inputs live in the arena: write all of them "
                   "before an inference begins. */\n"
                 : "/* Inputs live in the arena: write all of them before "
                   "every call. */\n");
    printAccessors(model.inputs, /*isOutput=*/false);
    os << '\n';
  }
  if (model.stateBytes > 0)
    os << "/* Begins a stream: before the first call, and when rows were lost. "
          "It is as if\n   all earlier rows had been zeros (in real numbers). "
          "*/\n"
       << "void " << model.name << "_reset(void *state);\n\n";
  os << "/* Runs the model"
     << (model.stateBytes > 0 ? " on the next rows of its stream" : "")
     << ". Re-entrant: it keeps nothing\n   outside `arena`"
     << (model.stateBytes > 0 ? ", `state`" : "")
     << (inArena ? "" : " and the outputs. Pointers are aligned to 8")
     << (isFed ? ", whose bytes are its own until it has finished" : "")
     << ". */\n";
  isFed ? printRowFunctions() : printInvoke();
  if (inArena) {
    os << "\n/* Outputs, readable " << (isFed ? "when it has finished, " : "")
       << "until the next call on this arena. */\n";
    printAccessors(model.outputs, /*isOutput=*/true);
  }
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << macros << "_H */\n";
}

void thimble::emitHeader(const ModelInfo &model, uint64_t stackBytes,
                         llvm::raw_ostream &stream) {
  HeaderPrinter(model, stream).print(stackBytes);
}
