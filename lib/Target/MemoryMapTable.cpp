//===- MemoryMapTable.cpp - RAM over time for people ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time goes down, addresses go from left to right. A line says in letters what
// all bytes of the arena are used for while its layer runs, and in numbers
// where the layer's own buffers are.
//
//===----------------------------------------------------------------------===//

#include "TextTable.h"
#include "thimble/Target/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <vector>

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;
using llvm::StringRef;

/// Characters of a bar.
static constexpr uint64_t barWidth = 40;
/// Lines that a terminal shows at once.
static constexpr size_t maxLines = 40;
/// Buffers that are named because they only wait for a later layer.
static constexpr size_t maxKeptNames = 3;

namespace {
/// What bytes are used for, as in the bars.
enum Use : char {
  freeBytes = '.',
  written = 'w',
  read = 'r',
  replaced = 'x', ///< read, then written
  waiting = 'k',
  scratch = 's',
  streamed = '#',
};

/// Bytes of the arena and what they are used for.
struct Span {
  uint64_t begin, end;
  Use use;
};

struct Line {
  std::string name;
  std::string live;
  std::string bar;
  std::string buffers;
  uint64_t bytes; ///< how much it matters
};

class MapWriter {
public:
  explicit MapWriter(const ModelInfo &model) : model(model) {}
  void write(llvm::raw_ostream &os);

private:
  void addInputs(bool areStreamed);
  void addLayer(unsigned layer);
  void addStream(const StreamRange &stream);
  void addOwn(std::string name, int layer, int input);
  /// Whether only some rows of an input exist at a time.
  bool isStreamed(int input) const;
  /// While one layer runs that is in no stream, and while a stream does.
  Use useOf(const ArenaBuffer &buffer, unsigned layer) const;
  Use useOf(const ArenaBuffer &buffer, const StreamRange &stream) const;
  bool isRead(const ArenaBuffer &buffer, unsigned first, unsigned last) const;
  /// The arena from its first to its last byte; `rest` is for bytes in no span.
  std::string drawBar(llvm::ArrayRef<Span> spans, char rest) const;
  std::string describe(const ArenaBuffer &buffer) const;
  std::string describeWaiting(unsigned layer) const;
  /// All lines, or those of the most bytes.
  void print(llvm::raw_ostream &os) const;
  void printLegend(llvm::raw_ostream &os) const;

  const ModelInfo &model;
  const MemoryMap &map = model.memory;
  SmallVector<Line, 0> lines;
};
} // namespace

static bool isRows(BufferKind kind) {
  return kind != BufferKind::scratch && kind != BufferKind::sums &&
         kind != BufferKind::decoded && kind != BufferKind::position;
}

bool MapWriter::isRead(const ArenaBuffer &buffer, unsigned first,
                       unsigned last) const {
  for (unsigned layer = first; layer <= last; ++layer)
    for (const PlacementInfo &placement : model.layers[layer].placements)
      if (!placement.isResult && placement.arenaOffset == buffer.offset &&
          placement.bytes == buffer.bytes)
        return true;
  return false;
}

Use MapWriter::useOf(const ArenaBuffer &buffer, unsigned layer) const {
  if (!isRows(buffer.kind))
    return scratch;
  if (buffer.layer == int(layer))
    return written;
  return isRead(buffer, layer, layer) ? read : waiting;
}

Use MapWriter::useOf(const ArenaBuffer &buffer,
                     const StreamRange &stream) const {
  auto [first, last] = stream;
  bool isFed = buffer.input >= 0 && buffer.kind != BufferKind::input;
  if (isFed || (buffer.layer >= int(first) && buffer.layer <= int(last)))
    return streamed;
  return isRead(buffer, first, last) ? read : waiting;
}

/// What bytes of all these uses are called.
static char combine(llvm::ArrayRef<Use> uses, char rest) {
  if (llvm::is_contained(uses, written) && llvm::is_contained(uses, read))
    return replaced;
  for (Use use : {streamed, scratch, written, read, waiting})
    if (llvm::is_contained(uses, use))
      return use;
  return rest;
}

std::string MapWriter::drawBar(llvm::ArrayRef<Span> spans, char rest) const {
  uint64_t width = std::min(barWidth, model.arenaBytes);
  auto boundary = [&](uint64_t slice) {
    return slice * model.arenaBytes / width;
  };
  std::string bar = "|";
  for (uint64_t slice = 0; slice < width; ++slice) {
    uint64_t begin = boundary(slice), end = boundary(slice + 1);
    SmallVector<uint64_t> cuts = {begin, end};
    for (const Span &span : spans)
      for (uint64_t cut : {span.begin, span.end})
        if (begin < cut && cut < end)
          cuts.push_back(cut);
    llvm::sort(cuts);
    // The use of most bytes; free only if all are.
    std::map<char, uint64_t> bytes;
    for (auto [from, to] : llvm::zip(cuts, llvm::drop_begin(cuts))) {
      SmallVector<Use, 2> uses;
      for (const Span &span : spans)
        if (span.begin <= from && from < span.end)
          uses.push_back(span.use);
      if (char use = combine(uses, rest); use != rest)
        bytes[use] += to - from;
    }
    auto most = llvm::max_element(
        bytes, [](auto a, auto b) { return a.second < b.second; });
    bar += most == bytes.end() ? rest : most->first;
  }
  return bar + "|";
}

std::string MapWriter::describe(const ArenaBuffer &buffer) const {
  std::string text;
  if (buffer.kind == BufferKind::ring)
    text = group(buffer.rows) + (buffer.rows == 1 ? " row " : " rows ");
  else if (!isRows(buffer.kind) || buffer.kind == BufferKind::newest)
    text = getBufferKindName(buffer.kind).str() + " ";
  return text + group(buffer.bytes) + " at " + group(buffer.offset);
}

std::string MapWriter::describeWaiting(unsigned layer) const {
  SmallVector<std::string> names;
  for (const ArenaBuffer &buffer : map.buffers)
    if (buffer.isLive(layer) && useOf(buffer, layer) == waiting)
      names.push_back(clip(buffer.name));
  if (names.empty())
    return "";
  if (names.size() > maxKeptNames) {
    std::string more = group(names.size() - maxKeptNames + 1) + " more";
    names.resize(maxKeptNames - 1);
    names.push_back(more);
  }
  return "; keeps " + llvm::join(names, ", ");
}

/// The buffers of a layer or of an input, without the others.
void MapWriter::addOwn(std::string name, int layer, int input) {
  SmallVector<std::string> texts;
  SmallVector<Span> spans;
  uint64_t bytes = 0;
  for (const ArenaBuffer &buffer : map.buffers) {
    if (buffer.layer != layer || buffer.input != input)
      continue;
    texts.push_back(describe(buffer));
    spans.push_back({buffer.offset, buffer.getEnd(),
                     isRows(buffer.kind) ? written : scratch});
    bytes += buffer.bytes;
  }
  if (!spans.empty())
    lines.push_back({std::move(name), "", drawBar(spans, ' '),
                     llvm::join(texts, ", "), bytes});
}

bool MapWriter::isStreamed(int input) const {
  return llvm::any_of(map.buffers, [&](const ArenaBuffer &buffer) {
    return buffer.input == input && (buffer.kind == BufferKind::ring ||
                                     buffer.kind == BufferKind::newest);
  });
}

void MapWriter::addInputs(bool areStreamed) {
  for (auto [index, input] : llvm::enumerate(model.inputs))
    if (isStreamed(index) == areStreamed)
      addOwn((areStreamed ? "  " : "") + clip(input.name), -1, index);
}

void MapWriter::addLayer(unsigned layer) {
  SmallVector<std::string> own;
  SmallVector<Span> spans;
  for (const ArenaBuffer &buffer : map.buffers) {
    if (!buffer.isLive(layer))
      continue;
    spans.push_back({buffer.offset, buffer.getEnd(), useOf(buffer, layer)});
    if (buffer.layer == int(layer))
      own.push_back(describe(buffer));
  }
  uint64_t live = model.layers[layer].liveBytes;
  lines.push_back({clip(model.layers[layer].id), group(live),
                   drawBar(spans, freeBytes),
                   llvm::join(own, ", ") + describeWaiting(layer), live});
}

void MapWriter::addStream(const StreamRange &stream) {
  auto [first, last] = stream;
  SmallVector<Span> spans;
  uint64_t live = 0;
  for (unsigned layer = first; layer <= last; ++layer)
    live = std::max(live, model.layers[layer].liveBytes);
  for (const ArenaBuffer &buffer : map.buffers)
    if (buffer.firstLayer <= last && buffer.lastLayer >= first)
      spans.push_back({buffer.offset, buffer.getEnd(), useOf(buffer, stream)});
  lines.push_back({"stream", group(live), drawBar(spans, freeBytes),
                   "rows of " + group(last - first + 1) +
                       (first == last ? " layer" : " layers"),
                   live});
  if (first == 0)
    addInputs(/*areStreamed=*/true);
  for (unsigned layer = first; layer <= last; ++layer)
    addOwn("  " + clip(model.layers[layer].id), layer, -1);
}

/// Whether each line is shown: all, or those of the most bytes, so that with
/// the lines that say how many are left out there are not too many.
static std::vector<bool> chooseLines(llvm::ArrayRef<Line> lines) {
  SmallVector<std::pair<uint64_t, size_t>> order;
  for (auto [index, line] : llvm::enumerate(lines))
    order.push_back({UINT64_MAX - line.bytes, index});
  llvm::sort(order);
  std::vector<bool> shown;
  for (size_t most = lines.size(); most > 0; --most) {
    shown.assign(lines.size(), false);
    for (auto [bytes, index] : llvm::ArrayRef(order).take_front(most))
      shown[index] = true;
    size_t printed = 0;
    for (size_t line = 0; line < lines.size(); ++line)
      printed += shown[line] || line == 0 || shown[line - 1];
    if (printed <= maxLines)
      break;
  }
  return shown;
}

void MapWriter::print(llvm::raw_ostream &os) const {
  std::string title = "arena, " +
                      group(llvm::divideCeil(model.arenaBytes, barWidth)) +
                      " B a character";
  title.resize(std::max(title.size(), lines.front().bar.size()), ' ');
  TextTable table;
  table.addRow({"layer", "live B", title, "bytes at offset"});
  table.addRule();
  size_t left = 0;
  auto addLeft = [&] {
    if (left > 0)
      table.addRow({"...", "", "", group(left) + " lines of fewer bytes"});
    left = 0;
  };
  for (auto [line, isShown] : llvm::zip_equal(lines, chooseLines(lines))) {
    if (!isShown) {
      ++left;
      continue;
    }
    addLeft();
    table.addRow({line.name, line.live, line.bar, line.buffers});
  }
  addLeft();
  table.print(os);
}

void MapWriter::printLegend(llvm::raw_ostream &os) const {
  std::pair<char, StringRef> uses[] = {
      {written, "written"},
      {read, "read"},
      {replaced, "read and overwritten row by row"},
      {waiting, "kept for later layers"},
      {scratch, "scratch, sums, decoded weights"},
      {streamed, "used by the stream"},
      {freeBytes, "free"}};
  SmallVector<std::string> texts;
  for (auto [use, meaning] : uses)
    if (llvm::any_of(lines, [use = use](const Line &line) {
          return StringRef(line.bar).contains(use);
        }))
      texts.push_back(std::string(1, use) + " " + meaning.str());
  os << llvm::join(texts, "; ") << '\n';
}

void MapWriter::write(llvm::raw_ostream &os) {
  addInputs(/*areStreamed=*/false);
  for (unsigned layer = 0; layer < model.layers.size(); ++layer)
    if (const StreamRange *stream = map.findStream(layer)) {
      addStream(*stream);
      layer = stream->lastLayer;
    } else {
      addLayer(layer);
    }
  print(os);
  printLegend(os);
}

static void writeSummary(const ModelInfo &model, llvm::raw_ostream &os) {
  const MemoryMap &map = model.memory;
  os << "\nRAM over time: ";
  if (model.stateBytes > 0)
    os << "the state has " << group(model.stateBytes) << " B at all times; ";
  os << "the arena has " << group(model.arenaBytes) << " B";
  if (map.livePeak) {
    os << "; " << group(*map.livePeak) << " are live at the peak, ";
    if (map.peakLayer)
      os << "in " << clip(model.layers[*map.peakLayer].id);
    else
      os << "before the first layer";
  }
  if (map.bound)
    os << "; no order of " << (map.streams.empty() ? "layers" : "rows")
       << " needs fewer than " << group(*map.bound);
  if (map.rowBound && *map.rowBound < model.arenaBytes)
    os << ", no order of rows (--max-ram) fewer than " << group(*map.rowBound);
  os << ".\n";
}

void thimble::writeMemoryMap(const ModelInfo &model, llvm::raw_ostream &os) {
  if (model.memory.buffers.empty())
    return;
  writeSummary(model, os);
  os << '\n';
  MapWriter(model).write(os);
}
