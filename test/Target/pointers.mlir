// pointers.mlir - a lowered model with --io=pointers
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies 16 bytes of its input behind 8 zeros in its output, an amount that is
// read from the arena, so that the library's functions are called.

module {
  llvm.func @net_invoke(%arena: !llvm.ptr, %input: !llvm.ptr,
                        %output: !llvm.ptr) {
    llvm.call @net.copy(%arena, %input, %output)
        : (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
    llvm.return
  }
  llvm.func internal @net.copy(%arena: !llvm.ptr, %input: !llvm.ptr,
                               %output: !llvm.ptr)
      attributes {passthrough = ["noinline", ["disable-tail-calls", "true"]]} {
    %eight = llvm.mlir.constant(8 : i32) : i32
    %sixteen = llvm.mlir.constant(16 : i32) : i32
    %zero = llvm.mlir.constant(0 : i8) : i8
    llvm.store volatile %eight, %arena : i32, !llvm.ptr
    %n = llvm.load volatile %arena : !llvm.ptr -> i32
    %rest = llvm.getelementptr %output[8] : (!llvm.ptr) -> !llvm.ptr, i8
    "llvm.intr.memset"(%output, %zero, %n) <{isVolatile = false}>
        : (!llvm.ptr, i8, i32) -> ()
    %twice = llvm.add %n, %n : i32
    "llvm.intr.memmove"(%rest, %input, %twice) <{isVolatile = false}>
        : (!llvm.ptr, !llvm.ptr, i32) -> ()
    llvm.return
  }
}
