//===- TFLite.cpp - Reading TensorFlow Lite models ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the model's function: inputs, operators in the file's order, outputs.
//
//===----------------------------------------------------------------------===//

#include "thimble/Import/TFLite.h"
#include "OpTables.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

namespace {

class GraphImporter {
public:
  GraphImporter(const ModelFile &file, StringRef path, MLIRContext *context)
      : file(file), path(path), builder(context), reader(file, context) {}

  OwningOpRef<ModuleOp> import(StringRef name);

private:
  Location place(unsigned line) {
    return FileLineColLoc::get(builder.getStringAttr(path), line, 0);
  }
  Location place(const ImportedTensor &tensor, unsigned line) {
    return NameLoc::get(builder.getStringAttr(tensor.name), place(line));
  }
  LogicalResult readSignature();
  func::FuncOp createFunction(StringRef name);
  LogicalResult importOperator(unsigned index);
  Location operatorPlace(const tflite::Operator &table, unsigned index);
  LogicalResult createReturn();

  const ModelFile &file;
  std::string path;
  OpBuilder builder;
  TensorReader reader;
  FoldedBytes folded;
  SmallVector<ImportedTensor *> inputs, outputs;
};

} // namespace

/// Reads the tensors that are the function's arguments and results.
LogicalResult GraphImporter::readSignature() {
  const SubGraph &graph = file.graph();
  StringRef role = "the model's inputs: ";
  auto report = [&] { return emitError(place(0)) << role; };
  if (graph.inputs()->size() > manyInputs ||
      graph.outputs()->size() > manyInputs)
    return emitError(place(0))
           << "expected at most " << manyInputs
           << " inputs and as many outputs, found " << graph.inputs()->size()
           << " and " << graph.outputs()->size();
  for (int32_t index : *graph.inputs()) {
    inputs.push_back(reader.read(index, report));
    if (!inputs.back())
      return failure();
    ImportedTensor &tensor = *inputs.back();
    if (llvm::is_contained(ArrayRef(inputs).drop_back(), &tensor) ||
        tensor.constant || !(tensor.isFloat() || tensor.isQuantized()))
      return report() << "expected different tensors of FLOAT32, or of INT8 or "
                         "INT16 with one scale, without numbers of their own, "
                         "found '"
                      << tensor.name << "' (" << index << ") of " << tensor.type
                      << (tensor.constant ? ", a constant" : "");
    // A batch of unknown size is run one at a time.
    const auto *signature = graph.tensors()->Get(index)->shape_signature();
    for (size_t d = 0; d < std::min(sizeOf(signature), tensor.shape.size());
         ++d)
      if (signature->Get(d) < 0 && (d > 0 || tensor.shape[0] != 1))
        return report() << "expected static sizes, found shape "
                        << shapeText(toIntegers(signature)) << " of '"
                        << tensor.name << "' (" << index
                        << "); fix the shape of the model's inputs before "
                           "converting it";
  }
  role = "the model's outputs: ";
  for (int32_t index : *graph.outputs()) {
    outputs.push_back(reader.read(index, report));
    if (!outputs.back())
      return failure();
    if (!outputs.back()->isFloat() && !outputs.back()->isQuantized())
      return report()
             << "expected tensors of FLOAT32, or of INT8 or INT16 with "
                "one scale, found '"
             << outputs.back()->name << "' (" << index << ") of "
             << outputs.back()->type;
  }
  return success();
}

func::FuncOp GraphImporter::createFunction(StringRef name) {
  SmallVector<Type> argumentTypes, resultTypes;
  for (ImportedTensor *tensor : inputs)
    argumentTypes.push_back(tensor->type);
  for (ImportedTensor *tensor : outputs)
    resultTypes.push_back(tensor->type);
  auto function =
      func::FuncOp::create(builder, place(0), name,
                           builder.getFunctionType(argumentTypes, resultTypes));
  Block &body = *function.addEntryBlock();
  for (auto [i, tensor] : llvm::enumerate(inputs)) {
    tensor->value = body.getArgument(i);
    tensor->value.setLoc(place(*tensor, 0));
    function.setArgAttr(i, tensorNameAttrName,
                        builder.getStringAttr(tensor->name));
  }
  for (auto [i, tensor] : llvm::enumerate(outputs))
    function.setResultAttr(i, tensorNameAttrName,
                           builder.getStringAttr(tensor->name));
  builder.setInsertionPointToEnd(&body);
  return function;
}

/// The location of an operator: its output's name, its index as the line.
Location GraphImporter::operatorPlace(const tflite::Operator &table,
                                      unsigned index) {
  std::string name = "operator_" + llvm::utostr(index);
  if (sizeOf(table.outputs()) > 0) {
    int32_t output = table.outputs()->Get(0);
    if (output >= 0 && output < int64_t(file.graph().tensors()->size()))
      name = readTensorName(*file.graph().tensors()->Get(output), output);
  }
  return NameLoc::get(builder.getStringAttr(name), place(index));
}

/// The name of an operator, also of one that is not supported.
static std::string operatorName(BuiltinOperator code,
                                const OperatorCode &table) {
  if (code == BuiltinOperator::CUSTOM && table.custom_code())
    return "CUSTOM " + printable(StringRef(table.custom_code()->c_str(),
                                           table.custom_code()->size()));
  const char *name = EnumNameBuiltinOperator(code);
  return *name ? name : "number " + llvm::itostr(static_cast<int32_t>(code));
}

LogicalResult GraphImporter::importOperator(unsigned index) {
  const tflite::Operator &table = *file.graph().operators()->Get(index);
  Location location = operatorPlace(table, index);
  size_t codes = sizeOf(file.model().operator_codes());
  if (table.opcode_index() >= codes)
    return emitError(location)
           << "operator " << index << ": expected the index of one of the "
           << codes << " operator codes, found " << table.opcode_index()
           << "; the file is damaged";
  const OperatorCode &codeTable =
      *file.model().operator_codes()->Get(table.opcode_index());
  auto code = static_cast<BuiltinOperator>(
      std::max<int32_t>(codeTable.deprecated_builtin_code(),
                        static_cast<int32_t>(codeTable.builtin_code())));
  OpImporter op(builder, folded, operatorName(code, codeTable), index, table,
                location);
  const OpRow *row = findRow(code);
  if (!row)
    return op.emitError() << "expected a supported operator, found "
                          << operatorName(code, codeTable)
                          << "; replace the layer that it comes from with "
                             "supported ones";
  if (failed(op.resolve(*row, reader)))
    return failure();
  return row->import(op);
}

/// Returns the outputs. Each result is computed by an op of its own: inputs,
/// constants and values that are returned twice are copied.
LogicalResult GraphImporter::createReturn() {
  unsigned next = sizeOf(file.graph().operators());
  SmallVector<Value> values;
  for (ImportedTensor *tensor : outputs) {
    if (!tensor->value && tensor->constant)
      tensor->value = createConstant(builder, place(*tensor, next), *tensor);
    if (!tensor->value)
      return emitError(place(*tensor, next))
             << "the model's outputs: expected tensors that an operator "
                "computes, found '"
             << tensor->name << "' (" << tensor->index
             << "), which nothing defines; the file is damaged";
    Value value = tensor->value;
    Operation *op = value.getDefiningOp();
    if (!op || isa<ConstantOp>(op) || llvm::is_contained(values, value)) {
      auto copy =
          ReshapeOp::create(builder, place(*tensor, next), tensor->type, value);
      copy->setAttr(idAttrName,
                    builder.getStringAttr("reshape_" + llvm::Twine(next++)));
      value = copy;
    }
    values.push_back(value);
  }
  func::ReturnOp::create(builder, place(next), values);
  return success();
}

OwningOpRef<ModuleOp> GraphImporter::import(StringRef name) {
  if (failed(readSignature()))
    return {};
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, place(0));
  builder.setInsertionPointToEnd(module->getBody());
  createFunction(name);
  for (unsigned i = 0, e = sizeOf(file.graph().operators()); i < e; ++i)
    if (failed(importOperator(i)))
      return {};
  if (failed(createReturn()))
    return {};
  return module;
}

std::string thimble::modelNameFromPath(StringRef path) {
  std::string name = llvm::sys::path::stem(path).str();
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  if (name.empty() || llvm::isDigit(name[0]))
    name.insert(0, "model_");
  return name;
}

OwningOpRef<ModuleOp> thimble::importTFLite(llvm::MemoryBufferRef buffer,
                                            const ImportOptions &options,
                                            MLIRContext *context) {
  context->loadDialect<ThimbleDialect, func::FuncDialect>();
  StringRef path = buffer.getBufferIdentifier();
  ModelFile file;
  if (failed(file.open(buffer, FileLineColLoc::get(context, path, 0, 0))))
    return {};
  return GraphImporter(file, path, context)
      .import(options.name.empty() ? modelNameFromPath(path) : options.name);
}
