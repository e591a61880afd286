// two_layers.mlir - a lowered model as the passes hand it to lib/Target
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In the arena: 16 input bytes at 0, 4 words of sums at 16, 4 output bytes at
// 32. The layer `sum` adds products through a kernel, `scale` multiplies by a
// fixed-point number (64-bit arithmetic) and by a float, and saturates.

module {
  llvm.mlir.global internal constant @net.sum.weights(dense<[
      1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12, 13, -14, 15, -16,
      16, -15, 14, -13, 12, -11, 10, -9, 8, -7, 6, -5, 4, -3, 2, -1,
      127, 0, -128, 0, 127, 0, -128, 0, 127, 0, -128, 0, 127, 0, -128, 0,
      1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]> : tensor<64xi8>)
      {addr_space = 0 : i32, alignment = 4 : i64} : !llvm.array<64 x i8>
  llvm.mlir.global internal constant @net.scale.multipliers(dense<[
      1518500250, 1073741824, 2147483647, -1518500250]> : tensor<4xi32>)
      {addr_space = 0 : i32} : !llvm.array<4 x i32>

  llvm.func @net_invoke(%arena: !llvm.ptr) {
    llvm.call @net.sum(%arena) : (!llvm.ptr) -> ()
    llvm.call @net.scale(%arena) : (!llvm.ptr) -> ()
    llvm.return
  }

  llvm.func internal @net.kernel_dot(%x: !llvm.ptr, %w: !llvm.ptr, %n: i32)
      -> i32 attributes {passthrough = ["noinline"]} {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    llvm.br ^loop(%zero, %zero : i32, i32)
  ^loop(%i: i32, %acc: i32):
    %more = llvm.icmp "slt" %i, %n : i32
    llvm.cond_br %more, ^body, ^exit
  ^body:
    %xp = llvm.getelementptr %x[%i] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    %wp = llvm.getelementptr %w[%i] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    %x8 = llvm.load %xp : !llvm.ptr -> i8
    %w8 = llvm.load %wp : !llvm.ptr -> i8
    %x32 = llvm.sext %x8 : i8 to i32
    %w32 = llvm.sext %w8 : i8 to i32
    %product = llvm.mul %x32, %w32 : i32
    %sum = llvm.add %acc, %product : i32
    %next = llvm.add %i, %one : i32
    llvm.br ^loop(%next, %sum : i32, i32)
  ^exit:
    llvm.return %acc : i32
  }

  llvm.func internal @net.sum(%arena: !llvm.ptr)
      attributes {passthrough = ["noinline", ["disable-tail-calls", "true"]]} {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %four = llvm.mlir.constant(4 : i32) : i32
    %sixteen = llvm.mlir.constant(16 : i32) : i32
    %table = llvm.mlir.addressof @net.sum.weights : !llvm.ptr
    %sums = llvm.getelementptr %arena[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %scratch = llvm.alloca %sixteen x i8 {alignment = 8 : i64} : (i32) -> !llvm.ptr
    "llvm.intr.memcpy"(%scratch, %arena, %sixteen) <{isVolatile = false}>
        : (!llvm.ptr, !llvm.ptr, i32) -> ()
    llvm.br ^loop(%zero : i32)
  ^loop(%c: i32):
    %more = llvm.icmp "slt" %c, %four : i32
    llvm.cond_br %more, ^body, ^exit
  ^body:
    %row = llvm.mul %c, %sixteen : i32
    %w = llvm.getelementptr %table[%row] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    %sum = llvm.call @net.kernel_dot(%scratch, %w, %sixteen)
        : (!llvm.ptr, !llvm.ptr, i32) -> i32
    %place = llvm.getelementptr %sums[%c] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    llvm.store %sum, %place : i32, !llvm.ptr
    %next = llvm.add %c, %one : i32
    llvm.br ^loop(%next : i32)
  ^exit:
    llvm.return
  }

  llvm.func internal @net.scale(%arena: !llvm.ptr)
      attributes {passthrough = ["noinline", ["disable-tail-calls", "true"]]} {
    %zero = llvm.mlir.constant(0 : i32) : i32
    %one = llvm.mlir.constant(1 : i32) : i32
    %four = llvm.mlir.constant(4 : i32) : i32
    %shift = llvm.mlir.constant(35 : i64) : i64
    %half = llvm.mlir.constant(17179869184 : i64) : i64
    %low = llvm.mlir.constant(-128 : i32) : i32
    %high = llvm.mlir.constant(127 : i32) : i32
    %gain = llvm.mlir.constant(1.500000e+00 : f32) : f32
    %table = llvm.mlir.addressof @net.scale.multipliers : !llvm.ptr
    %sums = llvm.getelementptr %arena[16] : (!llvm.ptr) -> !llvm.ptr, i8
    %outputs = llvm.getelementptr %arena[32] : (!llvm.ptr) -> !llvm.ptr, i8
    llvm.br ^loop(%zero : i32)
  ^loop(%c: i32):
    %more = llvm.icmp "slt" %c, %four : i32
    llvm.cond_br %more, ^body, ^exit
  ^body:
    %xp = llvm.getelementptr %sums[%c] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    %mp = llvm.getelementptr %table[%c] : (!llvm.ptr, i32) -> !llvm.ptr, i32
    %x32 = llvm.load %xp : !llvm.ptr -> i32
    %m32 = llvm.load %mp : !llvm.ptr -> i32
    %x64 = llvm.sext %x32 : i32 to i64
    %m64 = llvm.sext %m32 : i32 to i64
    %product = llvm.mul %x64, %m64 : i64
    %nudged = llvm.add %product, %half : i64
    %shifted = llvm.ashr %nudged, %shift : i64
    %small = llvm.trunc %shifted : i64 to i32
    %real = llvm.sitofp %small : i32 to f32
    %scaled = llvm.fmul %real, %gain : f32
    %shiftedReal = llvm.fadd %scaled, %real : f32
    %whole = llvm.fptosi %shiftedReal : f32 to i32
    %least = llvm.intr.smax(%whole, %low) : (i32, i32) -> i32
    %clamped = llvm.intr.smin(%least, %high) : (i32, i32) -> i32
    %y = llvm.trunc %clamped : i32 to i8
    %yp = llvm.getelementptr %outputs[%c] : (!llvm.ptr, i32) -> !llvm.ptr, i8
    llvm.store %y, %yp : i8, !llvm.ptr
    %next = llvm.add %c, %one : i32
    llvm.br ^loop(%next : i32)
  ^exit:
    llvm.return
  }
}
