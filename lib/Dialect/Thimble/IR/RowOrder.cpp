//===- RowOrder.cpp - In which order a stream runs row steps --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text, events and runs of them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/RowOrder.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Support/PeriodicRuns.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace thimble;

using Item = RowOrder::Item;

/// Longer pieces are not looked for when events are folded.
static constexpr unsigned maxPeriod = 512;

namespace {
class OrderParser {
public:
  OrderParser(StringRef text, function_ref<InFlightDiagnostic()> emitError)
      : text(text), emitError(emitError) {}

  /// Items up to the end of the text or, in a run, to its parenthesis; counts
  /// their events.
  FailureOr<std::vector<Item>> parseItems(unsigned depth, int64_t &events);

private:
  FailureOr<Item> parseItem(unsigned depth, int64_t &events);
  FailureOr<Item> parseRun(int64_t count, unsigned depth, int64_t &events);
  InFlightDiagnostic fail(const Twine &expected) {
    return emitError() << "expected " << expected << " at character " << at
                       << " of the order \"" << text << "\"";
  }
  bool consume(char c) {
    bool found = at < text.size() && text[at] == c;
    at += found;
    return found;
  }

  StringRef text;
  function_ref<InFlightDiagnostic()> emitError;
  size_t at = 0;
};
} // namespace

FailureOr<Item> OrderParser::parseRun(int64_t count, unsigned depth,
                                      int64_t &events) {
  if (count < 1)
    return fail("a run that is repeated at least once");
  if (depth == RowOrder::maxDepth)
    return fail("runs nested at most " + Twine(RowOrder::maxDepth) + " deep");
  Item run;
  run.count = count;
  int64_t bodyEvents = 0;
  FailureOr<std::vector<Item>> body = parseItems(depth + 1, bodyEvents);
  if (failed(body))
    return failure();
  if (body->empty())
    return fail("an event");
  if (!consume(')'))
    return fail("')'");
  if (bodyEvents > RowOrder::maxEvents / count)
    return fail("at most " + Twine(RowOrder::maxEvents) + " events");
  events += bodyEvents * count;
  run.body = std::move(*body);
  return run;
}

FailureOr<Item> OrderParser::parseItem(unsigned depth, int64_t &events) {
  Item item;
  if (consume('i')) {
    item.event.source = RowEvent::fedInput;
  } else {
    size_t begin = at;
    while (at < text.size() && llvm::isDigit(text[at]))
      ++at;
    int32_t number;
    if (text.slice(begin, at).getAsInteger(10, number))
      return fail("the number of a kernel, 'i' or a run n(...)");
    if (consume('('))
      return parseRun(number, depth, events);
    item.event.source = number;
  }
  if (consume('!'))
    item.event.kind = RowEvent::Kind::InPlace;
  else if (consume('+'))
    item.event.kind = RowEvent::Kind::Hold;
  ++events;
  return item;
}

FailureOr<std::vector<Item>> OrderParser::parseItems(unsigned depth,
                                                     int64_t &events) {
  std::vector<Item> items;
  while (true) {
    size_t before = at;
    while (consume(' '))
      ;
    if (at == text.size() || text[at] == ')')
      break;
    if (!items.empty() && before == at)
      return fail("a space");
    FailureOr<Item> item = parseItem(depth, events);
    if (failed(item))
      return failure();
    if (events > RowOrder::maxEvents)
      return fail("at most " + Twine(RowOrder::maxEvents) + " events");
    items.push_back(std::move(*item));
  }
  if (depth == 0 && at < text.size())
    return fail("the end");
  return items;
}

FailureOr<RowOrder>
RowOrder::parse(StringRef text, function_ref<InFlightDiagnostic()> emitError) {
  int64_t events = 0;
  FailureOr<std::vector<Item>> items =
      OrderParser(text, emitError).parseItems(0, events);
  if (failed(items))
    return failure();
  return RowOrder(std::move(*items));
}

static void print(llvm::raw_ostream &os, ArrayRef<Item> items) {
  llvm::interleave(
      items, os,
      [&](const Item &item) {
        if (item.isRun()) {
          os << item.count << '(';
          print(os, item.body);
          os << ')';
          return;
        }
        if (item.event.source == RowEvent::fedInput)
          os << 'i';
        else
          os << item.event.source;
        if (item.event.kind == RowEvent::Kind::InPlace)
          os << '!';
        else if (item.event.kind == RowEvent::Kind::Hold)
          os << '+';
      },
      " ");
}

std::string RowOrder::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  print(os, items);
  return text;
}

static void expandInto(ArrayRef<Item> items, std::vector<RowEvent> &events) {
  for (const Item &item : items) {
    if (!item.isRun()) {
      events.push_back(item.event);
      continue;
    }
    for (int64_t i = 0; i < item.count; ++i)
      expandInto(item.body, events);
  }
}

std::vector<RowEvent> RowOrder::expand() const {
  std::vector<RowEvent> events;
  expandInto(items, events);
  return events;
}

static std::vector<Item> foldItems(ArrayRef<RowEvent> events, unsigned depth) {
  SmallVector<int32_t> symbols;
  for (RowEvent event : events)
    symbols.push_back(event.source * 3 + int32_t(event.kind));
  PeriodicRunCost cost;
  cost.maxLength = maxPeriod;
  cost.single = 0;
  std::vector<Item> items;
  for (PeriodicRun run : findPeriodicRuns(symbols, cost)) {
    ArrayRef<RowEvent> piece = events.slice(run.begin, run.length);
    if (run.count == 1 || depth == RowOrder::maxDepth) {
      for (unsigned i = 0; i < run.count; ++i)
        for (RowEvent event : piece)
          items.push_back(Item{event, 1, {}});
      continue;
    }
    // A piece has no period of its own that would be cheaper than it is, but
    // parts of it may.
    items.push_back(Item{RowEvent(), run.count, foldItems(piece, depth + 1)});
  }
  return items;
}

RowOrder RowOrder::fold(ArrayRef<RowEvent> events) {
  return RowOrder(foldItems(events, 0));
}
