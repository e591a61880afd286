# __init__.py - What tests and generators need, and the compiler does not
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What tests and generators need, and the compiler does not.

``pip install --pre thimble[test]`` brings the packages along.
"""
