//===- ObjectEmitterTest.cpp - Tests of emission and inspection ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every object promises on every core, and what happens to modules that
// break the contract of lib/Target.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/ObjectEmitter.h"
#include "CompiledNet.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ELFObjectFile.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using mlir::failed;
using mlir::FailureOr;
using mlir::succeeded;
using testing::HasSubstr;
using testing::Not;

namespace {

std::unique_ptr<llvm::object::ObjectFile> open(llvm::StringRef object) {
  return llvm::cantFail(llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(object, "object")));
}

llvm::SmallVector<std::string> sectionNames(llvm::StringRef object) {
  llvm::SmallVector<std::string> names;
  std::unique_ptr<llvm::object::ObjectFile> file = open(object);
  for (const llvm::object::SectionRef &section : file->sections())
    if (section.getSize())
      names.push_back(llvm::cantFail(section.getName()).str());
  return names;
}

class EveryCore : public testing::TestWithParam<const char *> {};

INSTANTIATE_TEST_SUITE_P(Cores, EveryCore,
                         testing::ValuesIn(test::cores.begin(),
                                           test::cores.end()),
                         [](const auto &info) {
                           std::string name = info.param;
                           llvm::erase(name, '-');
                           return name;
                         });

TEST_P(EveryCore, HoldsCodeAndConstantsOfTheModelOnly) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet(GetParam());
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  for (llvm::StringRef name : sectionNames(net->object))
    EXPECT_TRUE(name.starts_with(".text.net") ||
                name.starts_with(".rel.text.net") ||
                name.starts_with(".rodata.net") ||
                name.starts_with(".rodata.cst") || name == ".ARM.attributes" ||
                name == ".symtab" || name == ".strtab" || name == ".shstrtab")
        << name.str();
}

TEST_P(EveryCore, NeedsOnlyTheRuntimeLibrary) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet(GetParam());
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  for (const std::string &name : net->report.undefinedSymbols)
    EXPECT_TRUE(getRuntimeStackBytes(name)) << name;
}

TEST_P(EveryCore, KeepsLayersAsSizedSymbols) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet(GetParam());
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  llvm::StringSet<> sized;
  auto file = open(net->object);
  for (llvm::object::ELFSymbolRef symbol :
       llvm::cast<llvm::object::ELFObjectFileBase>(*file).symbols())
    if (symbol.getSize())
      sized.insert(llvm::cantFail(symbol.getName()));
  for (const char *name : {"net_invoke", "net.sum", "net.scale",
                           "net.sum.weights", "net.kernel_dot"})
    EXPECT_TRUE(sized.contains(name)) << name;
}

TEST_P(EveryCore, CompilesToTheSameBytesAgain) {
  test::LoweredContext one, two;
  auto first = one.parseNet(GetParam()), second = two.parseNet(GetParam());
  FailureOr<CompiledModel> a = compileToObject(*first, test::describeNet(), {});
  FailureOr<CompiledModel> b =
      compileToObject(*second, test::describeNet(), {});
  ASSERT_TRUE(succeeded(a) && succeeded(b));
  EXPECT_EQ(a->object, b->object);
  EXPECT_EQ(a->header, b->header);
}

TEST_P(EveryCore, BoundsTheStackByItsPath) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet(GetParam());
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  const Report &report = net->report;
  ASSERT_GE(report.stackPath.size(), 2u);
  EXPECT_EQ(report.stackPath.front().function, "net_invoke");
  EXPECT_EQ(report.stackPath.front().bytes, report.stackBytes);
  for (size_t i = 1; i < report.stackPath.size(); ++i)
    EXPECT_LE(report.stackPath[i].bytes, report.stackPath[i - 1].bytes);
  // The layer `sum` has 16 bytes of scratch and calls its kernel.
  EXPECT_GT(report.layers[0].stackBytes, 16u);
  EXPECT_LT(report.stackBytes, 512u);
}

TEST_P(EveryCore, AddsUpTheFlash) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet(GetParam());
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  const Report &report = net->report;
  // The kernel has one user and counts as its code.
  EXPECT_THAT(report.layers[0].functions,
              testing::UnorderedElementsAre("net.sum", "net.kernel_dot"));
  EXPECT_TRUE(report.shared.empty());
  EXPECT_EQ(report.layers[0].flash.weights, 64u);
  FlashBytes sum = report.other;
  for (const LayerCost &layer : report.layers) {
    sum.code += layer.flash.code;
    sum.weights += layer.flash.weights;
  }
  EXPECT_EQ(sum.code, report.flash.code);
  EXPECT_EQ(sum.weights, report.flash.weights);
  EXPECT_LT(report.other.code, 64u);
}

/// Compiles `source` for `cpu`, expecting an error.
std::string getError(llvm::StringRef source,
                     llvm::StringRef cpu = "cortex-m4") {
  test::LoweredContext lowered;
  std::string text;
  mlir::ScopedDiagnosticHandler handler(
      &lowered.context, [&](mlir::Diagnostic &diagnostic) {
        llvm::raw_string_ostream os(text);
        os << diagnostic.getLocation() << ": " << diagnostic << '\n';
      });
  auto module = lowered.parse(source, cpu);
  if (!module)
    return "parse error: " + text;
  EXPECT_TRUE(failed(compileToObject(*module, test::describeNet(), {})));
  return text;
}

TEST(ObjectEmitter, ReportsBudgetsAtTheLayer) {
  test::LoweredContext lowered;
  std::string text;
  mlir::ScopedDiagnosticHandler handler(
      &lowered.context, [&](mlir::Diagnostic &diagnostic) {
        llvm::raw_string_ostream(text)
            << diagnostic.getLocation() << ": " << diagnostic << '\n';
      });
  auto module = lowered.parseNet("cortex-m4");
  TargetOptions options;
  options.budgets.maxFlash = 100;
  EXPECT_TRUE(failed(compileToObject(*module, test::describeNet(), options)));
  mlir::Operation *layer = module->lookupSymbol("net.sum");
  std::string place;
  llvm::raw_string_ostream(place) << layer->getLoc();
  EXPECT_THAT(text, testing::StartsWith(place));
  EXPECT_THAT(text, HasSubstr("expected at most 100 bytes of flash"));
  EXPECT_EQ(llvm::StringRef(text).count('\n'), 1u);
}

TEST(ObjectEmitter, NamesTablesOfTheOptimizerAfterTheModel) {
  test::LoweredContext lowered;
  auto module = lowered.parse(R"(
    llvm.func @net_invoke(%p: !llvm.ptr) {
      llvm.call @net.sum(%p) : (!llvm.ptr) -> ()
      llvm.return
    }
    llvm.func internal @net.sum(%p: !llvm.ptr) attributes {passthrough = ["noinline"]} {
      %x = llvm.load %p : !llvm.ptr -> i32
      %a = llvm.mlir.constant(71 : i32) : i32
      %b = llvm.mlir.constant(1042 : i32) : i32
      %c = llvm.mlir.constant(-113 : i32) : i32
      %d = llvm.mlir.constant(54321 : i32) : i32
      %e = llvm.mlir.constant(777 : i32) : i32
      %f = llvm.mlir.constant(-9 : i32) : i32
      llvm.switch %x : i32, ^end(%f : i32) [
        0: ^end(%a : i32), 1: ^end(%b : i32), 2: ^end(%c : i32),
        3: ^end(%d : i32), 4: ^end(%e : i32), 5: ^end(%b : i32)]
    ^end(%y: i32):
      llvm.store %y, %p : i32, !llvm.ptr
      llvm.return
    })",
                              "cortex-m4");
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  EXPECT_THAT(sectionNames(net->object),
              testing::Contains(".rodata.net.sum.switch.table"));
  EXPECT_EQ(net->report.layers[0].flash.weights, 24u);
}

TEST(ObjectEmitter, RefusesUnknownCores) {
  EXPECT_THAT(getError("module {}", "cortex-a53"),
              HasSubstr("unknown core 'cortex-a53'"));
}

TEST(ObjectEmitter, RefusesRecursion) {
  EXPECT_THAT(getError(R"(
    llvm.func @net_invoke(%p: !llvm.ptr, %n: i32) -> i32 attributes {passthrough = ["noinline"]} {
      %zero = llvm.mlir.constant(0 : i32) : i32
      %one = llvm.mlir.constant(1 : i32) : i32
      %done = llvm.icmp "eq" %n, %zero : i32
      llvm.cond_br %done, ^end, ^more
    ^more:
      %less = llvm.sub %n, %one : i32
      %r = llvm.call @net_invoke(%p, %less) : (!llvm.ptr, i32) -> i32
      llvm.store volatile %r, %p : i32, !llvm.ptr
      llvm.return %r : i32
    ^end:
      llvm.return %zero : i32
    })"),
              HasSubstr("loc(\"source\":2:5): expected calls with a bounded "
                        "stack, but 'net_invoke' calls itself"));
}

TEST(ObjectEmitter, RefusesMutualRecursion) {
  EXPECT_THAT(getError(R"(
    llvm.func @net_invoke(%p: !llvm.ptr) {
      llvm.call @net.a(%p) : (!llvm.ptr) -> ()
      llvm.return
    }
    llvm.func internal @net.a(%p: !llvm.ptr) attributes {passthrough = ["noinline"]} {
      %v = llvm.load volatile %p : !llvm.ptr -> i1
      llvm.cond_br %v, ^more, ^end
    ^more:
      llvm.call @net.b(%p) : (!llvm.ptr) -> ()
      llvm.store volatile %v, %p : i1, !llvm.ptr
      llvm.br ^end
    ^end:
      llvm.return
    }
    llvm.func internal @net.b(%p: !llvm.ptr) attributes {passthrough = ["noinline"]} {
      %v = llvm.load volatile %p : !llvm.ptr -> i1
      llvm.call @net.a(%p) : (!llvm.ptr) -> ()
      llvm.store volatile %v, %p : i1, !llvm.ptr
      llvm.return
    })"),
              HasSubstr("calls itself through others"));
}

TEST(ObjectEmitter, RefusesCallsThroughPointers) {
  EXPECT_THAT(getError(R"(
    llvm.func @net_invoke(%p: !llvm.ptr) {
      %f = llvm.load %p : !llvm.ptr -> !llvm.ptr
      llvm.call %f(%p) : !llvm.ptr, (!llvm.ptr) -> ()
      llvm.return
    })"),
              HasSubstr("'net_invoke' calls through a pointer"));
}

TEST(ObjectEmitter, RefusesTheMathLibrary) {
  for (const char *cpu : {"cortex-m0plus", "cortex-m55", "host"})
    EXPECT_THAT(getError(R"(
    llvm.func @net_invoke(%p: !llvm.ptr) {
      %x = llvm.load %p : !llvm.ptr -> f32
      %y = llvm.intr.exp(%x) : (f32) -> f32
      llvm.store %y, %p : f32, !llvm.ptr
      llvm.return
    })",
                         cpu),
                HasSubstr("'net_invoke' refers to 'expf'"));
}

TEST(ObjectEmitter, RefusesFramesOfUnknownSize) {
  EXPECT_THAT(getError(R"(
    llvm.func @use(!llvm.ptr)
    llvm.func @net_invoke(%p: !llvm.ptr, %n: i32) {
      %a = llvm.alloca %n x i8 : (i32) -> !llvm.ptr
      llvm.call @memset(%a, %n, %n) : (!llvm.ptr, i32, i32) -> !llvm.ptr
      %v = llvm.load volatile %a : !llvm.ptr -> i8
      llvm.return
    }
    llvm.func @memset(!llvm.ptr, i32, i32) -> !llvm.ptr)"),
              HasSubstr("expected a frame of fixed size"));
}

TEST(ObjectEmitter, RefusesWritableData) {
  EXPECT_THAT(getError(R"(
    llvm.mlir.global internal @net.counter(7 : i32) : i32
    llvm.func @net_invoke(%p: !llvm.ptr) {
      %c = llvm.mlir.addressof @net.counter : !llvm.ptr
      %v = llvm.load volatile %c : !llvm.ptr -> i32
      llvm.store volatile %v, %c : i32, !llvm.ptr
      llvm.return
    })"),
              HasSubstr("expected no writable data"));
}

/// A loop that LLVM would vectorize.
constexpr const char *floatLoop = R"(
  llvm.func @net_invoke(%p: !llvm.ptr) {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %n = llvm.mlir.constant(64 : i32) : i32
    llvm.br ^loop(%zero : i32)
  ^loop(%i: i32):
    %a = llvm.getelementptr %p[%i] : (!llvm.ptr, i32) -> !llvm.ptr, TYPE
    %x = llvm.load %a : !llvm.ptr -> TYPE
    %y = OP %x, %x : TYPE
    %z = ADD %y, %x : TYPE
    llvm.store %z, %a : TYPE, !llvm.ptr
    %next = llvm.add %i, %one : i32
    %more = llvm.icmp "slt" %next, %n : i32
    llvm.cond_br %more, ^loop(%next : i32), ^end
  ^end:
    llvm.return
  })";

std::string getAssembly(llvm::StringRef cpu, llvm::StringRef type,
                        llvm::StringRef op, llvm::StringRef add) {
  std::string source = floatLoop;
  auto replace = [&](llvm::StringRef from, llvm::StringRef to) {
    for (size_t at; (at = source.find(from)) != std::string::npos;)
      source.replace(at, from.size(), to);
  };
  replace("TYPE", type);
  replace("OP", op);
  replace("ADD", add);
  test::LoweredContext lowered;
  auto module = lowered.parse(source, cpu);
  FailureOr<EmittedCode> code =
      emitCode(*module, "net", CodeForm::assembly, {});
  EXPECT_TRUE(succeeded(code));
  return code->bytes.str().str();
}

TEST(ObjectEmitter, NeverVectorizesFloatsOnHelium) {
  for (llvm::StringRef cpu : {"cortex-m52", "cortex-m55", "cortex-m85"}) {
    std::string text = getAssembly(cpu, "f32", "llvm.fmul", "llvm.fadd");
    EXPECT_THAT(text, HasSubstr("f32\ts"));
    EXPECT_THAT(text, Not(HasSubstr("f32\tq")));
    EXPECT_THAT(text, Not(HasSubstr("vfma")));
  }
}

TEST(ObjectEmitter, VectorizesIntegersOnHelium) {
  EXPECT_THAT(getAssembly("cortex-m55", "i32", "llvm.mul", "llvm.add"),
              HasSubstr("vmul.i32\tq"));
}

TEST(ObjectEmitter, NeverContractsFloats) {
  for (const char *cpu : test::cores) {
    std::string text = getAssembly(cpu, "f32", "llvm.fmul", "llvm.fadd");
    EXPECT_THAT(text, Not(HasSubstr("vfma"))) << cpu;
    EXPECT_THAT(text, Not(HasSubstr("fmaf"))) << cpu;
  }
}

TEST(ObjectEmitter, CompilesForTheHost) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet("host");
  FailureOr<CompiledModel> net =
      compileToObject(*module, test::describeNet(), {});
  ASSERT_TRUE(succeeded(net));
  EXPECT_GT(net->report.flash.code, 0u);
}

TEST(ObjectEmitter, EmitsText) {
  test::LoweredContext lowered;
  auto module = lowered.parseNet("cortex-m4");
  FailureOr<EmittedCode> ir = emitCode(*module, "net", CodeForm::llvmIR, {});
  ASSERT_TRUE(succeeded(ir));
  EXPECT_THAT(ir->bytes.str().str(), HasSubstr("define void @net_invoke(ptr"));
  EXPECT_THAT(ir->bytes.str().str(),
              HasSubstr("target triple = \"thumbv7em-unknown-none-eabi\""));
}

} // namespace
