//===- EmulatorToolchain.cpp - What it takes to emulate a core ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which cores there are is known by the folders of the boards only.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/EmulatorToolchain.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace thimble;
namespace path = llvm::sys::path;

static std::string childPath(StringRef folder, StringRef name) {
  SmallString<128> result(folder);
  path::append(result, name);
  return result.str().str();
}

/// The first of `names` that PATH holds; empty if it holds none.
static std::string findProgram(ArrayRef<StringRef> names) {
  for (StringRef name : names)
    if (auto found = llvm::sys::findProgramByName(name))
      return *found;
  return "";
}

static std::string listBoards(StringRef boards) {
  SmallVector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(boards, error), end;
       it != end && !error; it.increment(error))
    names.push_back(path::filename(it->path()).str());
  llvm::sort(names);
  return llvm::join(names, ", ");
}

/// Reads board.json: which machine and which compiler runtime.
static LogicalResult readBoard(Location location, StringRef folder,
                               EmulatorToolchain &toolchain) {
  std::string file = childPath(folder, "board.json");
  auto fail = [&](const llvm::Twine &why) -> LogicalResult {
    return emitError(location) << "cannot use the board '" << file
                               << "': " << why << "; build Thimble again";
  };
  auto buffer = llvm::MemoryBuffer::getFile(file);
  if (!buffer)
    return fail(buffer.getError().message());
  auto value = llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return fail(llvm::toString(value.takeError()));
  const llvm::json::Object *board = value->getAsObject();
  auto get = [&](StringRef key) {
    return board ? board->getString(key).value_or("").str() : std::string();
  };
  toolchain.machine = get("machine");
  toolchain.libgcc = get("libgcc");
  toolchain.archive = childPath(folder, get("archive"));
  toolchain.linkerScript = childPath(folder, get("linker_script"));
  if (toolchain.machine.empty() || toolchain.libgcc.empty())
    return fail("expected a machine and a libgcc in it");
  for (StringRef needed :
       {StringRef(toolchain.archive), StringRef(toolchain.linkerScript),
        StringRef(toolchain.libgcc)})
    if (!llvm::sys::fs::exists(needed))
      return fail("'" + needed + "' is missing");
  return success();
}

static LogicalResult findBoard(Location location, StringRef prefix,
                               StringRef cpu, EmulatorToolchain &toolchain) {
  std::string boards = childPath(prefix, "share/thimble/boards");
  std::string known = listBoards(boards);
  if (known.empty())
    return emitError(location)
           << "found no boards to emulate in '" << boards
           << "': build Thimble with arm-none-eabi-gcc (Debian packages "
              "gcc-arm-none-eabi and libnewlib-arm-none-eabi)";
  std::string folder = childPath(boards, cpu);
  if (!llvm::sys::fs::is_directory(folder))
    return emitError(location)
           << "expected a core that can be emulated, found '" << cpu
           << "': there are " << known << ", and host";
  return readBoard(location, folder, toolchain);
}

FailureOr<EmulatorToolchain> EmulatorToolchain::find(Location location,
                                                     StringRef prefix,
                                                     StringRef cpu,
                                                     bool withCycleCounter) {
  EmulatorToolchain toolchain;
  if (failed(findBoard(location, prefix, cpu, toolchain)))
    return failure();
  toolchain.emulator = findProgram({"qemu-system-arm"});
  if (toolchain.emulator.empty())
    return emitError(location)
           << "cannot find qemu-system-arm in PATH, the emulator (Debian "
              "package qemu-system-arm)";
  toolchain.linker = findProgram({"ld.lld-22", "ld.lld"});
  if (toolchain.linker.empty())
    return emitError(location) << "cannot find ld.lld-22 or ld.lld in PATH, "
                                  "the linker (package lld-22)";
  if (!withCycleCounter)
    return toolchain;
  toolchain.cycleCounter =
      childPath(prefix, "lib/thimble/libthimble-cycles.so");
  if (!llvm::sys::fs::exists(toolchain.cycleCounter))
    return emitError(location)
           << "cannot find the cycle counter '" << toolchain.cycleCounter
           << "': build the target thimble-cycles, or leave out --profile";
  return toolchain;
}
