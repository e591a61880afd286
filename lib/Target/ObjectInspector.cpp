//===- ObjectInspector.cpp - What an emitted object contains --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes come from the symbol table, calls from the relocations of the
// executable sections, frames from LLVM's section .stack_sizes. A function
// that uses the address of another one counts as calling it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/ObjectInspector.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace thimble;
namespace object = llvm::object;

const ObjectFunction *ObjectContents::find(StringRef name) const {
  auto *found = llvm::find_if(functions, [&](const ObjectFunction &function) {
    return function.name == name;
  });
  return found == functions.end() ? nullptr : found;
}

namespace {
/// Where a function is in its section.
struct FunctionRange {
  uint64_t begin, end;
  unsigned index; ///< in ObjectContents::functions

  bool contains(uint64_t address) const {
    return address >= begin && address < end;
  }
};

/// What a relocation refers to.
struct Target {
  SmallVector<unsigned, 1> functions; ///< of this object
  std::string external;               ///< or a symbol defined elsewhere
  bool isSection = false; ///< a place in a section rather than a symbol
};

class Inspector {
public:
  explicit Inspector(const object::ELFObjectFileBase &file) : file(file) {}

  llvm::Error run();
  ObjectContents contents;

private:
  llvm::Error readSections();
  llvm::Error readSymbols();
  llvm::Error readSymbol(const object::ELFSymbolRef &symbol);
  llvm::Error readCalls(const object::SectionRef &text,
                        const object::SectionRef &relocations);
  llvm::Error readFrames(const object::SectionRef &sizes,
                         const object::SectionRef &relocations);
  llvm::Expected<Target> resolve(const object::RelocationRef &relocation);

  const object::ELFObjectFileBase &file;
  /// The functions of each section, which are numbered as in the file.
  llvm::DenseMap<uint64_t, SmallVector<FunctionRange, 1>> ranges;
};
} // namespace

llvm::Error Inspector::readSections() {
  for (object::ELFSectionRef section : file.sections()) {
    if (!(section.getFlags() & llvm::ELF::SHF_ALLOC) || !section.getSize())
      continue;
    llvm::Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    if (section.getFlags() & llvm::ELF::SHF_WRITE)
      return llvm::createStringError(
          "expected no writable data, but the section '" + *name + "' holds " +
          llvm::Twine(section.getSize()) +
          " bytes of it; this is an error of the lowering");
    if (section.isText())
      contents.codeBytes += section.getSize();
    else if (name->starts_with(".rodata"))
      contents.dataBytes += section.getSize();
  }
  return llvm::Error::success();
}

llvm::Error Inspector::readSymbol(const object::ELFSymbolRef &symbol) {
  llvm::Expected<StringRef> name = symbol.getName();
  if (!name)
    return name.takeError();
  llvm::Expected<uint32_t> flags = symbol.getFlags();
  if (!flags)
    return flags.takeError();
  if (*flags & object::SymbolRef::SF_Undefined) {
    if (!name->empty())
      contents.undefinedSymbols.push_back(name->str());
    return llvm::Error::success();
  }
  if (symbol.getELFType() == llvm::ELF::STT_OBJECT)
    contents.tables.push_back({name->str(), symbol.getSize()});
  if (symbol.getELFType() != llvm::ELF::STT_FUNC)
    return llvm::Error::success();
  llvm::Expected<object::section_iterator> section = symbol.getSection();
  if (!section)
    return section.takeError();
  llvm::Expected<uint64_t> value = symbol.getAddress();
  if (!value)
    return value.takeError();
  // Bit 0 of the address of Arm code says that it is Thumb code.
  uint64_t begin =
      file.getEMachine() == llvm::ELF::EM_ARM ? *value & ~1ull : *value;
  unsigned index = contents.functions.size();
  ranges[(*section)->getIndex()].push_back(
      {begin, begin + symbol.getSize(), index});
  ObjectFunction &function = contents.functions.emplace_back();
  function.name = name->str();
  function.codeBytes = symbol.getSize();
  return llvm::Error::success();
}

llvm::Error Inspector::readSymbols() {
  for (object::ELFSymbolRef symbol : file.symbols())
    if (llvm::Error error = readSymbol(symbol))
      return error;
  llvm::sort(contents.undefinedSymbols);
  return llvm::Error::success();
}

llvm::Expected<Target>
Inspector::resolve(const object::RelocationRef &relocation) {
  Target target;
  object::symbol_iterator reference = relocation.getSymbol();
  if (reference == file.symbol_end())
    return target; // R_ARM_NONE and its kin
  object::ELFSymbolRef symbol(*reference);
  llvm::Expected<uint32_t> flags = symbol.getFlags();
  if (!flags)
    return flags.takeError();
  if (*flags & object::SymbolRef::SF_Undefined) {
    llvm::Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    target.external = name->str();
    return target;
  }
  llvm::Expected<object::section_iterator> section = symbol.getSection();
  if (!section)
    return section.takeError();
  llvm::Expected<uint64_t> value = symbol.getAddress();
  if (!value)
    return value.takeError();
  target.isSection = symbol.getELFType() == llvm::ELF::STT_SECTION;
  if (*section == file.section_end())
    return target; // an absolute symbol
  // Which place of a section is meant depends on the relocation's type; taking
  // every function of it for the target keeps the bound safe.
  for (const FunctionRange &range : ranges.lookup((*section)->getIndex()))
    if (target.isSection || range.contains(*value))
      target.functions.push_back(range.index);
  return target;
}

template <typename Container, typename Value>
static void insertSorted(Container &container, Value value) {
  auto *place = llvm::lower_bound(container, value);
  if (place == container.end() || *place != value)
    container.insert(place, std::move(value));
}

llvm::Error Inspector::readCalls(const object::SectionRef &text,
                                 const object::SectionRef &relocations) {
  ArrayRef<FunctionRange> functions = ranges[text.getIndex()];
  for (const object::RelocationRef &relocation : relocations.relocations()) {
    auto *caller = llvm::find_if(functions, [&](const FunctionRange &function) {
      return function.contains(relocation.getOffset());
    });
    llvm::Expected<Target> target = resolve(relocation);
    if (!target)
      return target.takeError();
    if (caller == functions.end())
      return llvm::createStringError(
          "expected every relocation of code to be inside a function");
    ObjectFunction &function = contents.functions[caller->index];
    if (!target->external.empty())
      insertSorted(function.externalCallees, target->external);
    for (unsigned callee : target->functions)
      // The section's own places are the jump tables of the function.
      if (!target->isSection || callee != caller->index)
        insertSorted(function.callees, callee);
  }
  return llvm::Error::success();
}

llvm::Error Inspector::readFrames(const object::SectionRef &sizes,
                                  const object::SectionRef &relocations) {
  llvm::Expected<StringRef> bytes = sizes.getContents();
  if (!bytes)
    return bytes.takeError();
  llvm::DataExtractor data(*bytes, file.isLittleEndian(),
                           file.getBytesInAddress());
  for (const object::RelocationRef &relocation : relocations.relocations()) {
    llvm::Expected<Target> target = resolve(relocation);
    if (!target)
      return target.takeError();
    // An entry is the address of a function, then the size of its frame.
    llvm::DataExtractor::Cursor cursor(relocation.getOffset() +
                                       file.getBytesInAddress());
    uint64_t frame = data.getULEB128(cursor);
    if (!cursor)
      return cursor.takeError();
    for (unsigned function : target->functions)
      contents.functions[function].frameBytes =
          std::max(contents.functions[function].frameBytes.value_or(0), frame);
  }
  return llvm::Error::success();
}

llvm::Error Inspector::run() {
  if (llvm::Error error = readSections())
    return error;
  if (llvm::Error error = readSymbols())
    return error;
  for (const object::SectionRef &relocations : file.sections()) {
    llvm::Expected<object::section_iterator> section =
        relocations.getRelocatedSection();
    if (!section)
      return section.takeError();
    if (*section == file.section_end())
      continue;
    llvm::Expected<StringRef> name = (*section)->getName();
    if (!name)
      return name.takeError();
    llvm::Error error = (*section)->isText() ? readCalls(**section, relocations)
                        : *name == ".stack_sizes"
                            ? readFrames(**section, relocations)
                            : llvm::Error::success();
    if (error)
      return error;
  }
  return llvm::Error::success();
}

FailureOr<ObjectContents> thimble::inspectObject(ModuleOp module,
                                                 StringRef bytes) {
  auto fail = [&](llvm::Error error) {
    module.emitError("cannot inspect the object: ")
        << llvm::toString(std::move(error));
    return failure();
  };
  llvm::Expected<std::unique_ptr<object::ObjectFile>> file =
      object::ObjectFile::createELFObjectFile(
          llvm::MemoryBufferRef(bytes, "object"));
  if (!file)
    return fail(file.takeError());
  Inspector inspector(cast<object::ELFObjectFileBase>(**file));
  if (llvm::Error error = inspector.run())
    return fail(std::move(error));
  return std::move(inspector.contents);
}
