//===- Timing.h - Instruction timings of the Cortex-M cores -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table per distinct timing, written in <Core>.def and read by everything
// that speaks of cycles: the compiler's static cost model, the scheduler of
// thumb kernels and the cycle-counting emulator plugin. All figures are core
// cycles with memory free of wait states and no interrupts. Nothing here needs
// LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGETINFO_TIMING_TIMING_H
#define THIMBLE_TARGETINFO_TIMING_TIMING_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace thimble::timing {

/// Instructions that every supported core times alike.
enum class InstructionClass : uint8_t {
#define THIMBLE_INSTRUCTION_CLASS(Name, Key, Unit) Name,
#include "thimble/TargetInfo/Timing/InstructionClasses.def"
};

/// What an instruction occupies on a core that overlaps instructions.
enum class ExecutionUnit : uint8_t {
  Integer,
  Multiplier,
  Load,
  Store,
  Branch,
  Float,
  VectorInteger,
  VectorMultiplier,
  VectorMemory,
};
inline constexpr size_t numExecutionUnits = 9;

/// Name of a class in reports, indexed by InstructionClass.
inline constexpr std::string_view instructionClassNames[] = {
#define THIMBLE_INSTRUCTION_CLASS(Name, Key, Unit) Key,
#include "thimble/TargetInfo/Timing/InstructionClasses.def"
};
inline constexpr size_t numInstructionClasses =
    sizeof(instructionClassNames) / sizeof(instructionClassNames[0]);

/// Unit of a class, indexed by InstructionClass.
inline constexpr ExecutionUnit instructionClassUnits[] = {
#define THIMBLE_INSTRUCTION_CLASS(Name, Key, Unit) ExecutionUnit::Unit,
#include "thimble/TargetInfo/Timing/InstructionClasses.def"
};

/// Cycles of one class. An instruction that transfers n registers and writes
/// the PC takes cycles + n * perRegister + refill. On a core with
/// `overlapsExecution` set, that sum (without refill) is how long the unit is
/// occupied, and `latency` is when the result can be used.
struct ClassTiming {
  uint8_t cycles = 1;
  uint8_t perRegister = 0;
  uint8_t refill = 0;
  uint8_t latency = 1;
};

/// The timing of one core. The rules after the classes are cycles saved or
/// added between one instruction and the next of a basic block.
struct CoreTiming {
  std::array<ClassTiming, numInstructionClasses> classes{};

  /// Cycles saved by a load, or by a store with register offset, directly
  /// behind a Load whose result is not part of its address.
  uint8_t pipelinedLoadSaving = 0;
  /// Cycles added to a load or store whose address is produced by the data
  /// processing instruction directly before it.
  uint8_t addressStall = 0;
  /// Cycles added to an instruction that uses the result of the floating-point
  /// arithmetic directly before it; the addend of a multiply-accumulate is
  /// needed late enough to be free.
  uint8_t floatResultStall = 0;

  /// Set on cores whose instructions overlap: their blocks are timed by
  /// in-order issue on units with latencies instead of by the rules above.
  bool overlapsExecution = false;
  /// Instructions issued per cycle, with `overlapsExecution`.
  uint8_t issueWidth = 1;
  /// Instances of each unit, with `overlapsExecution`.
  std::array<uint8_t, numExecutionUnits> unitCount{1, 1, 1, 1, 1, 1, 1, 1, 1};

  constexpr const ClassTiming &operator[](InstructionClass cls) const {
    return classes[static_cast<size_t>(cls)];
  }
};

// How a <Core>.def becomes a table; later lines overrule earlier ones.
#define THIMBLE_TIMING(Class, Cycles, PerRegister, Refill)                     \
  table.classes[static_cast<size_t>(InstructionClass::Class)] = {              \
      Cycles, PerRegister, Refill, 1};
#define THIMBLE_TIMING_LATENCY(Class, Latency)                                 \
  table.classes[static_cast<size_t>(InstructionClass::Class)].latency = Latency;
#define THIMBLE_TIMING_RULE(Rule, Value) table.Rule = Value;
#define THIMBLE_TIMING_UNITS(Unit, Count)                                      \
  table.unitCount[static_cast<size_t>(ExecutionUnit::Unit)] = Count;

constexpr CoreTiming makeCortexM0Plus() {
  CoreTiming table;
#include "thimble/TargetInfo/Timing/CortexM0Plus.def"
  return table;
}
constexpr CoreTiming makeCortexM3() {
  CoreTiming table;
#include "thimble/TargetInfo/Timing/CortexM3.def"
  return table;
}
constexpr CoreTiming makeCortexM4() {
  CoreTiming table;
#include "thimble/TargetInfo/Timing/CortexM4.def"
  return table;
}
constexpr CoreTiming makeCortexM7() {
  CoreTiming table;
#include "thimble/TargetInfo/Timing/CortexM7.def"
  return table;
}
constexpr CoreTiming makeCortexM55() {
  CoreTiming table;
#include "thimble/TargetInfo/Timing/CortexM55.def"
  return table;
}

#undef THIMBLE_TIMING
#undef THIMBLE_TIMING_LATENCY
#undef THIMBLE_TIMING_RULE
#undef THIMBLE_TIMING_UNITS

inline constexpr CoreTiming timingCortexM0Plus = makeCortexM0Plus();
inline constexpr CoreTiming timingCortexM3 = makeCortexM3();
inline constexpr CoreTiming timingCortexM4 = makeCortexM4();
inline constexpr CoreTiming timingCortexM7 = makeCortexM7();
inline constexpr CoreTiming timingCortexM55 = makeCortexM55();

/// A CPU by the name LLVM gives it. `isEstimate` says that the table is not
/// the one the core's vendor published for it.
struct CpuTiming {
  std::string_view cpu;
  const CoreTiming *timing;
  bool isEstimate;
};

inline constexpr CpuTiming cpuTimings[] = {
#define THIMBLE_CPU_TIMING(Cpu, Table, IsEstimate)                             \
  {Cpu, &timing##Table, IsEstimate},
#include "thimble/TargetInfo/Timing/Cpus.def"
};

/// The timing of the CPU that LLVM calls `cpu`, or nothing if there is none.
inline std::optional<CpuTiming> lookupCpuTiming(std::string_view cpu) {
  for (const CpuTiming &entry : cpuTimings)
    if (entry.cpu == cpu)
      return entry;
  return std::nullopt;
}

} // namespace thimble::timing

#endif // THIMBLE_TARGETINFO_TIMING_TIMING_H
