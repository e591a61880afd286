//===- OutputFiles.cpp - All files or none --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporary files beside their destinations, renamed when all are complete.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/OutputFiles.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace thimble;
namespace fs = llvm::sys::fs;

namespace {
/// The files of one call; its destructor removes what was not finished.
class FileSet {
public:
  ~FileSet();
  llvm::Error write(const OutputFile &file);
  /// Moves every file to its place.
  llvm::Error finish();

private:
  struct Pending {
    fs::TempFile temporary;
    std::string path;
  };
  SmallVector<Pending, 0> pending;
  SmallVector<std::string> renamed;
  bool isFinished = false;
};
} // namespace

static llvm::Error fail(StringRef path, const llvm::Twine &why) {
  return llvm::createStringError("cannot write '" + path + "': " + why);
}

/// Writes and reports what went wrong, also when the bytes reach the disk.
static llvm::Error writeBytes(int descriptor, bool close,
                              const OutputFile &file) {
  llvm::raw_fd_ostream stream(descriptor, close, /*unbuffered=*/true);
  stream << file.bytes;
  if (close)
    stream.close();
  std::error_code error = stream.error();
  stream.clear_error(); // or its destructor would end the process
  return error ? fail(file.path, error.message()) : llvm::Error::success();
}

llvm::Error FileSet::write(const OutputFile &file) {
  if (llvm::any_of(pending, [&](const Pending &other) {
        return other.path == file.path;
      }))
    return fail(file.path, "two outputs have this name");
  fs::file_status status;
  if (!fs::status(file.path, status)) {
    if (fs::is_directory(status))
      return fail(file.path, "it is a directory");
    if (!fs::is_regular_file(status)) {
      int descriptor;
      if (std::error_code error = fs::openFileForWrite(
              file.path, descriptor, fs::CD_OpenExisting, fs::OF_None))
        return fail(file.path, error.message());
      return writeBytes(descriptor, /*close=*/true, file);
    }
    // Renaming needs no permission on the file itself; ask for it.
    if (std::error_code error = fs::access(file.path, fs::AccessMode::Write))
      return fail(file.path, error.message());
  }
  llvm::Expected<fs::TempFile> temporary =
      fs::TempFile::create(file.path + ".%%%%%%.tmp");
  if (!temporary)
    return fail(file.path, llvm::toString(temporary.takeError()));
  int descriptor = temporary->FD;
  pending.push_back({std::move(*temporary), file.path});
  return writeBytes(descriptor, /*close=*/false, file);
}

llvm::Error FileSet::finish() {
  for (Pending &file : pending) {
    if (llvm::Error error = file.temporary.keep(file.path))
      return fail(file.path, llvm::toString(std::move(error)));
    renamed.push_back(file.path);
  }
  isFinished = true;
  return llvm::Error::success();
}

FileSet::~FileSet() {
  if (isFinished)
    return;
  // One that is already in its place has no meaning without the others.
  for (Pending &file : MutableArrayRef(pending).drop_front(renamed.size()))
    llvm::consumeError(file.temporary.discard());
  for (const std::string &path : renamed)
    fs::remove(path);
}

LogicalResult thimble::writeFiles(Location location,
                                  ArrayRef<OutputFile> files) {
  FileSet set;
  llvm::Error error = llvm::Error::success();
  for (const OutputFile &file : files)
    if (!error)
      error = set.write(file);
  if (!error)
    error = set.finish();
  if (!error)
    return success();
  return emitError(location) << llvm::toString(std::move(error));
}
