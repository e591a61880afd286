#!/usr/bin/env python3
# train.py - Trains the wheel reader and writes it in floating point and in int8
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# One command, no data to fetch: `python3 train.py` (after `pip install -r requirements.txt`). It
#   1. draws the training pictures (draw.py) and cuts them into wheels,
#   2. trains a small convolutional network in floating point and writes model_f32.tflite,
#   3. quantizes it to int8, calibrated on training wheels, and writes model.tflite,
#   4. measures the int8 file on wheels drawn from another seed,
#   5. draws pictures/*.pgm and writes what the int8 model reads in them to pictures/expected.csv,
#   6. draws samples/*.npz (samples.py), which the float file is compressed with.
# Seeds are fixed and TensorFlow is told to be deterministic: with the versions of requirements.txt
# on the same kind of CPU the files come out the same byte for byte; elsewhere only as accurate.

import argparse
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.lite.tools import flatbuffer_utils

import draw
import pictures
import samples
from interpreter import Interpreter

HERE = os.path.dirname(os.path.abspath(__file__))
SEED_TRAIN, SEED_HELD_OUT = 1, 2
LAYERS_SEED, COUNTERS_SEED = 3, 5
TURNING_IN_TRAINING = 0.5  # more than on a meter: where one digit gives way to the next is the hard part

# What the model's ops are called in reports, in their order in the file.
LAYER_NAMES = ["stem", "block1_depthwise", "block1", "block2_depthwise", "block2", "block3_depthwise",
               "block3_linear", "block3", "block4_depthwise", "block4", "columns", "features",
               "classifier", "digit"]


def soft_labels(phases):
    """Targets [n, 10]: a wheel at rest is one digit; in the middle of its turn the probability
    passes from one digit to the next, so that the output tells how sure a reading is. A little goes
    to every digit, which keeps the logits in a range that eight bits resolve well."""
    lower = np.floor(phases).astype(int)
    share = np.clip((phases - lower - 0.35) / 0.3, 0.0, 1.0)
    labels = np.zeros((len(phases), 10), np.float32)
    rows = np.arange(len(phases))
    labels[rows, lower % 10] = 1.0 - share
    labels[rows, (lower + 1) % 10] += share
    return 0.98 * labels + 0.002


def wheels(count, seed, turning=draw.TURNING):
    """Wheels of `count` random pictures: uint8 [5 * count, H, W] and their phases."""
    images, phases = draw.draw(count, seed, turning)
    return draw.wheels_of(images).reshape(-1, draw.WHEEL_HEIGHT, draw.WHEEL_WIDTH), phases.reshape(-1)


def convolution(x, channels, size, stride):
    x = layers.Conv2D(channels, size, stride, padding="same", use_bias=False)(x)
    return layers.ReLU(6)(layers.BatchNormalization(momentum=0.97)(x))


def depthwise(x, stride):
    x = layers.DepthwiseConv2D(3, stride, padding="same", use_bias=False)(x)
    return layers.ReLU(6)(layers.BatchNormalization(momentum=0.97)(x))


def network():
    """Stem, four depthwise-separable blocks of which one is residual, and a classifier that keeps
    the vertical position: which digit of a half-turned wheel is the larger part depends on it."""
    inputs = layers.Input((draw.WHEEL_HEIGHT, draw.WHEEL_WIDTH, 1), batch_size=None)
    x = convolution(inputs, 16, 3, 2)  # 14 x 10
    x = convolution(depthwise(x, 1), 32, 1, 1)
    x = convolution(depthwise(x, 2), 64, 1, 1)  # 7 x 5
    y = layers.Conv2D(64, 1, padding="same", use_bias=False)(depthwise(x, 1))
    x = layers.ReLU(6)(layers.Add()([x, layers.BatchNormalization(momentum=0.97)(y)]))
    x = convolution(depthwise(x, 2), 96, 1, 1)  # 4 x 3
    x = layers.AveragePooling2D((1, 3))(x)  # 4 x 1
    x = layers.Reshape((4 * 96,))(x)
    return tf.keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def train(model, images, phases, epochs):
    batch = 128
    steps = (len(images) // batch) * epochs
    rate = tf.keras.optimizers.schedules.CosineDecay(
        0.0, steps, alpha=1e-3, warmup_target=4e-3, warmup_steps=steps // 20)
    model.compile(tf.keras.optimizers.AdamW(rate, weight_decay=1e-3), "categorical_crossentropy")
    labels = soft_labels(phases)
    data = tf.data.Dataset.from_tensor_slices((images[..., None], labels))
    data = data.shuffle(len(images), seed=LAYERS_SEED).batch(batch, drop_remainder=True)
    data = data.map(lambda x, y: (tf.cast(x, tf.float32) / 255.0, y))
    model.fit(data, epochs=epochs, verbose=2)


def converter_of(model):
    signature = tf.TensorSpec((1, draw.WHEEL_HEIGHT, draw.WHEEL_WIDTH, 1), tf.float32, name="wheel")
    function = tf.function(lambda wheel: model(wheel, training=False)).get_concrete_function(signature)
    function = convert_variables_to_constants_v2(function)
    return tf.lite.TFLiteConverter.from_concrete_functions([function])


def quantize(model, images):
    """The int8 file: weights per channel, activations and both ends per tensor. The input's scale
    is 1/255 with zero point -128, so that its int8 value is the grey value less 128."""
    wheels = images[:1500, None, :, :, None].astype(np.float32) / 255.0
    wheels[0, 0, 0, 0, 0], wheels[0, 0, 0, 1, 0] = 0.0, 1.0
    converter = converter_of(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([wheel] for wheel in wheels)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    return name_tensors(converter.convert())


def name_tensors(file):
    """Gives tensors the names of LAYER_NAMES instead of the converter's, and drops its metadata."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(file))
    graph = model.subgraphs[0]
    if len(graph.operators) != len(LAYER_NAMES):
        raise ValueError(f"{len(LAYER_NAMES)} names for {len(graph.operators)} ops")
    graph.tensors[graph.inputs[0]].name = b"wheel"
    for name, op in zip(LAYER_NAMES, graph.operators):
        parts = ("weights", "bias") if len(op.inputs) == 3 else ("shape",)
        for part, number in zip(parts, op.inputs[1:]):
            tensor = graph.tensors[number]
            if model.buffers[tensor.buffer].data is not None:
                tensor.name = f"{name}/{part}".encode()
        graph.tensors[op.outputs[0]].name = name.encode()
    model.description, model.metadata = b"meter-reader", []
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def measure(file, count):
    """Accuracy of the int8 file on held-out drawings, and what it gets wrong."""
    images, phases = wheels(count, SEED_HELD_OUT)
    reader = Interpreter(file)
    read = np.array([np.argmax(reader.probabilities(image)) for image in images])
    wrong = read != draw.digit_of(phases)
    turn = np.abs(phases - np.floor(phases + 0.5))
    turned = turn > 0.25
    between = np.abs(turn - 0.5) < 0.05
    rest = ~turned
    print(f"held-out wheels {len(images)}: int8 accuracy {100 * (1 - wrong.mean()):.2f} %")
    print(f"  near rest {rest.sum()}: {100 * (1 - wrong[rest].mean()):.2f} %, "
          f"half-turned {turned.sum()}: {100 * (1 - wrong[turned].mean()):.2f} %, "
          f"of the errors {100 * between[wrong].mean():.0f} % within 0.05 of the tie")


def measure_counters(file, count):
    """Whole readings: counters whose gears have play, half of them just passing a ten."""
    rng = np.random.default_rng(COUNTERS_SEED)
    reader = Interpreter(file)
    as_number = lambda wheels: int("".join(map(str, wheels)))
    shown_right = right = near = 0
    for i in range(count):
        value = rng.uniform(0, 10**draw.WHEELS)
        if i % 2:
            value = (value // 10 + 1) * 10 - rng.uniform(0, 1)
        scene = draw.random_scene(rng)
        scene.phases = draw.phases_of(value)
        scene.phases[:-1] = (scene.phases[:-1] + rng.normal(0, 0.05, draw.WHEELS - 1)) % 10
        expected = int(np.floor(value + 0.5)) % 10**draw.WHEELS
        shown, _, read = reader.read(draw.render(scene, rng))
        off = (as_number(read) - expected) % 10**draw.WHEELS
        shown_right += as_number(shown) == expected
        right += off == 0
        near += off in (0, 1, 10**draw.WHEELS - 1)
    print(f"held-out counters {count}: whole reading right {100 * right / count:.2f} %, "
          f"at most 1 off {100 * near / count:.2f} %, wheels taken as shown {100 * shown_right / count:.2f} %")


def main():
    parser = argparse.ArgumentParser(description="Trains the wheel reader and writes it as float and as int8.")
    parser.add_argument("--pictures", type=int, default=16000, help="training pictures, five wheels each")
    parser.add_argument("--held-out", type=int, default=4000, help="pictures to measure on")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--output", default=os.path.join(HERE, "model.tflite"))
    parser.add_argument("--float-output", default=os.path.join(HERE, "model_f32.tflite"))
    options = parser.parse_args()

    tf.keras.utils.set_random_seed(LAYERS_SEED)
    tf.config.experimental.enable_op_determinism()
    start = time.time()
    images, phases = wheels(options.pictures, SEED_TRAIN, TURNING_IN_TRAINING)
    print(f"drew {len(images)} wheels in {time.time() - start:.0f} s")
    model = network()
    print(f"parameters {model.count_params()}")
    train(model, images, phases, options.epochs)
    file = quantize(model, images)
    for path, data in ((options.output, file),
                       (options.float_output, name_tensors(converter_of(model).convert()))):
        with open(path, "wb") as output:
            output.write(data)
        print(f"wrote {path}, {len(data)} bytes, after {time.time() - start:.0f} s")
    measure(file, options.held_out)
    measure_counters(file, options.held_out // 2)
    pictures.write(os.path.join(HERE, "pictures"), file)
    samples.write(os.path.join(HERE, "samples"))


if __name__ == "__main__":
    main()
