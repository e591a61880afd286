# symbols.sed - turns `llvm-nm -S` into the symbol file of thimble-cycles
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Run with sed -n: functions named layer_* are layers.
s/^\([0-9a-f]* [0-9a-f]*\) [Tt] \(layer_.*\)$/L \1 \2/p
s/^\([0-9a-f]* [0-9a-f]*\) [Tt] \(invoke\)$/I \1 \2/p
