//===- LineBuffers.cpp - When which bytes of a plan are live --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A row is copied out of the newest row's place as soon as every reader that
// uses it before the next row has used it once: waiting longer keeps the shared
// bytes from others. A row that no reader uses before the next one is made goes
// to its own place at once.
//
//===----------------------------------------------------------------------===//

#include "LineBuffers.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>
#include <tuple>

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

static TimeLine makeTimeLine(const RowGraph &graph,
                             const RowSchedule &schedule) {
  TimeLine time;
  time.steps.resize(graph.getNumOps());
  time.streamOf.assign(graph.getNumOps(), -1);
  for (auto [index, segment] : llvm::enumerate(schedule.segments)) {
    if (!segment.isStream()) {
      time.steps[segment.begin].push_back(time.length++);
      continue;
    }
    for (unsigned op = segment.begin; op < segment.end; ++op)
      time.streamOf[op] = index;
    for (unsigned op : orderSteps(graph, segment).ops)
      time.steps[op].push_back(time.length++);
  }
  return time;
}

namespace {
/// The life of one row, in steps of the time line.
struct RowLife {
  int64_t birth = -1; ///< -1 for an input
  int64_t end = -1;   ///< of its last use
  int64_t move = -1;  ///< after which it is copied; -1 if not at `newest`

  bool isDirect() const { return move < 0; }
  bool isHeld() const { return move >= 0 && end > move; }
  /// When it begins to be in its own place.
  int64_t placed() const { return isDirect() ? 2 * birth : 2 * move + 1; }
};

class LayOut {
public:
  LayOut(const StreamProblem &problem, const RowSchedule &schedule,
         LineLayout layout)
      : rows(problem.rows), graph(problem.graph), problem(problem),
        schedule(schedule), layout(layout) {}

  LineBuffers run();

private:
  int addPiece(Piece piece);
  void addTensor(unsigned tensor);
  void addWhole(unsigned tensor, llvm::ArrayRef<RowLife> lives);
  void addLine(unsigned tensor, llvm::ArrayRef<RowLife> lives, int64_t ring);
  void addScratch(unsigned op);
  void addEvents();

  /// Whether the tensor exists in one stream only.
  bool isLine(unsigned tensor) const;
  SmallVector<RowLife, 0> getLives(unsigned tensor) const;
  /// The moments of a reader's first and last use of a row, or -1.
  std::pair<int64_t, int64_t> getUses(RowGraph::Reader reader,
                                      int64_t row) const;
  void chooseMoves(unsigned tensor,
                   llvm::SmallVectorImpl<RowLife> &lives) const;
  static int64_t countSlots(llvm::ArrayRef<RowLife> lives);

  template <typename T>
  using SmallVectorImpl = llvm::SmallVectorImpl<T>;
  const RowGraph &rows;
  const OpGraph &graph;
  const StreamProblem &problem;
  const RowSchedule &schedule;
  LineLayout layout;
  LineBuffers result;
  /// By step of the time line: ops whose newest row is copied behind it; and
  /// whether the step's row goes to its own place.
  SmallVector<SmallVector<unsigned, 1>, 0> holds;
  SmallVector<bool, 0> isDirect;
};
} // namespace

int LayOut::addPiece(Piece piece) {
  if (piece.size == 0 || piece.live.empty())
    return -1;
  llvm::sort(piece.live, [](const LiveBytes &a, const LiveBytes &b) {
    return std::tuple(a.start, a.offset) < std::tuple(b.start, b.offset);
  });
  result.pieces.push_back(std::move(piece));
  return result.pieces.size() - 1;
}

bool LayOut::isLine(unsigned tensor) const {
  int producer = rows.getProducer(tensor);
  if (producer < 0 || rows.getTensor(tensor).isOutput)
    return false;
  int stream = result.time.streamOf[producer];
  return stream >= 0 &&
         llvm::all_of(rows.getReaders(tensor), [&](RowGraph::Reader reader) {
           return result.time.streamOf[reader.op] == stream;
         });
}

std::pair<int64_t, int64_t> LayOut::getUses(RowGraph::Reader reader,
                                            int64_t row) const {
  const RowTable &table = rows.getOp(reader.op).reads[reader.read].table;
  const auto &steps = result.time.steps[reader.op];
  if (!result.time.isStreamed(reader.op))
    return {steps[0], steps[0]};
  if (table.last[row] < 0)
    return {-1, -1};
  return {steps[table.first[row]], steps[table.last[row]]};
}

SmallVector<RowLife, 0> LayOut::getLives(unsigned tensor) const {
  const RowTensor &description = rows.getTensor(tensor);
  int producer = rows.getProducer(tensor);
  SmallVector<RowLife, 0> lives(description.rows);
  for (auto [row, life] : llvm::enumerate(lives)) {
    if (producer >= 0) {
      const auto &steps = result.time.steps[producer];
      life.birth = result.time.isStreamed(producer)
                       ? steps[rows.producingStep(tensor, row)]
                       : steps[0];
    }
    life.end = life.birth;
    for (RowGraph::Reader reader : rows.getReaders(tensor))
      life.end = std::max(life.end, getUses(reader, row).second);
    if (description.isOutput)
      life.end = result.time.length;
  }
  return lives;
}

void LayOut::chooseMoves(unsigned tensor,
                         llvm::SmallVectorImpl<RowLife> &lives) const {
  for (auto [row, life] : llvm::enumerate(lives)) {
    bool isLast = row + 1 == lives.size();
    int64_t next = isLast ? result.time.length : lives[row + 1].birth;
    for (RowGraph::Reader reader : rows.getReaders(tensor))
      if (int64_t use = getUses(reader, row).first; use >= 0 && use < next)
        life.move = std::max(life.move, use);
    if (life.end == life.birth) // never read
      life.move = life.birth;
  }
}

int64_t LayOut::countSlots(llvm::ArrayRef<RowLife> lives) {
  auto fits = [&](int64_t slots) {
    SmallVector<int64_t> freeFrom(slots, -2);
    for (auto [row, life] : llvm::enumerate(lives)) {
      if (!life.isDirect() && !life.isHeld())
        continue;
      int64_t &end = freeFrom[row % slots];
      if (end >= life.placed())
        return false;
      end = 2 * life.end;
    }
    return true;
  };
  bool isUsed = llvm::any_of(lives, [](const RowLife &life) {
    return life.isDirect() || life.isHeld();
  });
  int64_t slots = 1;
  while (isUsed && !fits(slots))
    ++slots;
  return isUsed ? slots : 0;
}

void LayOut::addTensor(unsigned tensor) {
  SmallVector<RowLife, 0> lives = getLives(tensor);
  if (!isLine(tensor))
    return addWhole(tensor, lives);
  int64_t ring = countSlots(lives);
  if (layout == LineLayout::Hold) {
    SmallVector<RowLife, 0> moved = lives;
    chooseMoves(tensor, moved);
    if (int64_t slots = countSlots(moved); slots < ring) {
      lives = std::move(moved);
      ring = slots;
    }
  }
  addLine(tensor, lives, ring);
}

void LayOut::addWhole(unsigned tensor, llvm::ArrayRef<RowLife> lives) {
  int64_t rowBytes = rows.getTensor(tensor).rowBytes;
  Piece piece;
  piece.size = graph.buffers[tensor].size;
  piece.alignment = graph.buffers[tensor].alignment;
  for (auto [row, life] : llvm::enumerate(lives)) {
    int64_t start = 2 * life.birth, end = 2 * life.end;
    LiveBytes bytes{start, end, int64_t(row) * rowBytes, rowBytes};
    if (!piece.live.empty() && piece.live.back().start == start &&
        piece.live.back().end == end)
      piece.live.back().size += rowBytes;
    else
      piece.live.push_back(bytes);
    // A row of a stream has its own place from the start.
    if (int producer = rows.getProducer(tensor);
        producer >= 0 && result.time.isStreamed(producer))
      isDirect[life.birth] = true;
  }
  result.tensors[tensor].body = addPiece(std::move(piece));
}

void LayOut::addLine(unsigned tensor, llvm::ArrayRef<RowLife> lives,
                     int64_t ring) {
  int64_t rowBytes = rows.getTensor(tensor).rowBytes;
  unsigned producer = rows.getProducer(tensor);
  Piece body, newest;
  body.size = ring * rowBytes;
  newest.size = rowBytes;
  for (auto [row, life] : llvm::enumerate(lives)) {
    if (life.isDirect()) {
      isDirect[life.birth] = true;
    } else {
      int64_t end = life.isHeld() ? 2 * life.move + 1 : 2 * life.end;
      newest.live.push_back({2 * life.birth, end, 0, rowBytes});
    }
    if (life.isHeld()) {
      holds[life.move].push_back(producer);
      result.movedBytes += rowBytes;
    }
    if (life.isDirect() || life.isHeld())
      body.live.push_back({life.placed(), 2 * life.end,
                           int64_t(row) % ring * rowBytes, rowBytes});
  }
  TensorPieces &pieces = result.tensors[tensor];
  pieces.rows = std::max<int64_t>(ring, 1);
  pieces.body = addPiece(std::move(body));
  pieces.newest = addPiece(std::move(newest));
}

void LayOut::addScratch(unsigned op) {
  const auto &steps = result.time.steps[op];
  bool isStreamed = result.time.isStreamed(op);
  Piece scratch, kept;
  scratch.alignment = kept.alignment = problem.scratchAlignment;
  for (auto [index, step] : llvm::enumerate(steps)) {
    int64_t bytes =
        isStreamed ? rows.getOp(op).scratch[index] : graph.ops[op].scratchBytes;
    if (bytes == 0)
      continue;
    scratch.size = std::max(scratch.size, bytes);
    scratch.live.push_back({2 * step, 2 * step, 0, bytes});
  }
  if (isStreamed && rows.getOp(op).keptBytes > 0) {
    kept.size = rows.getOp(op).keptBytes;
    kept.live.push_back({2 * steps.front(), 2 * steps.back(), 0, kept.size});
  }
  result.scratch[op] = addPiece(std::move(scratch));
  result.kept[op] = addPiece(std::move(kept));
}

void LayOut::addEvents() {
  SmallVector<int> opAt(result.time.length, -1);
  for (auto [op, steps] : llvm::enumerate(result.time.steps))
    for (int64_t step : steps)
      opAt[step] = op;
  int64_t step = 0;
  for (const RowSegment &segment : schedule.segments) {
    auto &events = result.events.emplace_back();
    if (!segment.isStream()) {
      ++step;
      continue;
    }
    int64_t count = 0;
    for (unsigned op = segment.begin; op < segment.end; ++op)
      count += result.time.steps[op].size();
    for (int64_t end = step + count; step < end; ++step) {
      unsigned op = opAt[step];
      const TensorPieces &pieces = result.tensors[rows.getOp(op).result];
      bool direct = isDirect[step] && pieces.newest >= 0;
      events.push_back(
          {op, direct ? StreamEvent::Kind::Direct : StreamEvent::Kind::Step});
      for (unsigned held : holds[step])
        events.push_back({held, StreamEvent::Kind::Hold});
    }
  }
}

LineBuffers LayOut::run() {
  result.time = makeTimeLine(rows, schedule);
  holds.resize(result.time.length);
  isDirect.assign(result.time.length, false);
  result.tensors.resize(rows.getTensors().size());
  result.scratch.resize(rows.getNumOps());
  result.kept.resize(rows.getNumOps());
  for (unsigned tensor = 0; tensor < rows.getTensors().size(); ++tensor)
    addTensor(tensor);
  for (unsigned op = 0; op < rows.getNumOps(); ++op)
    addScratch(op);
  addEvents();
  return std::move(result);
}

LineBuffers thimble::detail::layOutRows(const StreamProblem &problem,
                                        const RowSchedule &schedule,
                                        LineLayout layout) {
  return LayOut(problem, schedule, layout).run();
}
