# dense_net.py - prints a float network of three matrix products
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""32 inputs, twice 32 channels with ReLU, 4 classes with softmax; the weights
are drawn, the same each time."""

import random

draw = random.Random(2)


def dense(index, inputs, outputs, activation):
    def numbers(count, size):
        return [f"{draw.gauss(0, size):.6f}" for _ in range(count)]

    rows = (f"[{', '.join(numbers(inputs, inputs**-0.5))}]" for _ in range(outputs))
    weight, bias = f"tensor<{outputs}x{inputs}xf32>", f"tensor<{outputs}xf32>"
    print(f"  %w{index} = thimble.constant dense<[{', '.join(rows)}]> : {weight} : {weight}")
    print(f"  %b{index} = thimble.constant dense<[{', '.join(numbers(outputs, 0.1))}]> : {bias} : {bias}")
    print(
        f"  %{index + 1} = thimble.fully_connected %{index}, %w{index}, %b{index} "
        f'{{thimble.id = "dense_{index}", activation = #thimble.activation<{activation}>}} : '
        f"(tensor<1x{inputs}xf32>, {weight}, {bias}) -> tensor<1x{outputs}xf32>"
    )


print("func.func @net(%arg: tensor<1x32xf32>) -> tensor<1x4xf32> {")
print('  %0 = thimble.relu %arg {thimble.id = "relu"} : (tensor<1x32xf32>) -> tensor<1x32xf32>')
dense(0, 32, 32, "relu")
dense(1, 32, 32, "relu")
dense(2, 32, 4, "none")
print(
    '  %4 = thimble.softmax %3 {thimble.id = "softmax", beta = 20.0 : f32} : '
    "(tensor<1x4xf32>) -> tensor<1x4xf32>"
)
print("  return %4 : tensor<1x4xf32>")
print("}")
