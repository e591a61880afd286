#!/bin/sh
# has-tanh.sh - a module is interesting while it has a tanh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# thimble-reduce takes exit code 1 for interesting.
! grep -q thimble.tanh "$1"
