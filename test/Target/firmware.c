/* firmware.c - bare-metal program that runs one of the test models
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Compiled as C99 and as C++17 by GCC and Clang for every float ABI. Checks the
 * result, and the bound on the stack against how much of the painted stack the
 * call used beyond what a call of an empty function uses.
 * Ends the emulator by a semihosting call: exit code 0 if all is well. */

#include "net.h"

#ifdef TEST_FLOAT_ABI_HARD
/* A float in a register marks the firmware as one of the hard-float ABI. */
float test_half(float x);
float test_half(float x) { return x * 0.5f; }
#endif

#define PAINT 0xC5C5C5C5u
#define PAINTED_WORDS 512

static uint64_t arena_memory[(NET_ARENA_BYTES + 7u) / 8u];
static const int8_t input[16] = TEST_INPUT;
static const int8_t expected[NET_OUTPUT_0_BYTES] = TEST_EXPECTED;
static const uint32_t shape[NET_OUTPUT_0_RANK] = NET_OUTPUT_0_SHAPE;
static const char name[] = NET_OUTPUT_0_NAME;
#ifdef TEST_POINTERS
static int8_t result[NET_OUTPUT_0_BYTES];
#endif

#ifdef __cplusplus
extern "C" {
#endif
void test_reset(void);
int test_run(void);
#ifdef TEST_POINTERS
void test_nothing(void *, const int8_t *, int8_t *);
#else
void test_nothing(void *);
#endif
#ifdef __cplusplus
}
#endif

static volatile uint32_t *stack_pointer(void) {
  uint32_t *sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  return sp;
}

#ifdef TEST_POINTERS
typedef void (*entry)(void *, const int8_t *, int8_t *);
#else
typedef void (*entry)(void *);
#endif

__asm__(".text\n"
        ".thumb_func\n"
        "test_nothing:\n"
        "  bx lr\n");

static void call(volatile entry *function) {
#ifdef TEST_POINTERS
  (*function)(arena_memory, input, result);
#else
  (*function)(arena_memory);
#endif
}

/* How many bytes of stack calling `function` takes. */
static uint32_t measure(volatile entry *function) {
  volatile uint32_t *top = stack_pointer(), *low = top - PAINTED_WORDS;
  volatile uint32_t *p;
  for (p = low; p < top; ++p)
    *p = PAINT;
  call(function);
  for (p = low; p < top && *p == PAINT; ++p) {
  }
  return (uint32_t)(top - p) * 4u;
}

static uint32_t measure_stack(void) {
  volatile entry nothing = test_nothing, invoke = net_invoke;
  uint32_t least = measure(&nothing);
#ifndef TEST_POINTERS
  uint32_t i;
  for (i = 0; i < NET_INPUT_0_BYTES; ++i)
    net_input_0(arena_memory)[i] = input[i];
#endif
  return measure(&invoke) - least;
}

static const int8_t *get_output(void) {
#ifdef TEST_POINTERS
  return result;
#else
  return net_output_0(arena_memory);
#endif
}

/* 0, or the number of what is wrong. */
int test_run(void) {
  uint32_t i, count = 1, stack = measure_stack();
  if (stack > NET_STACK_BYTES)
    return 2;
  /* The bound holds what functions of the library might take. */
  if (stack + TEST_STACK_SLACK < NET_STACK_BYTES)
    return 3;
  for (i = 0; i < NET_OUTPUT_0_RANK; ++i)
    count *= shape[i];
  if (count != NET_OUTPUT_0_BYTES || name[0] != 'd')
    return 4;
  for (i = 0; i < NET_OUTPUT_0_BYTES; ++i)
    if (get_output()[i] != expected[i])
      return 5;
  return 0;
}

static void leave(int code) {
  /* SYS_EXIT_EXTENDED with ADP_Stopped_ApplicationExit. */
  uint32_t block[2];
  block[0] = 0x20026u;
  block[1] = (uint32_t)code;
  {
    register uint32_t operation __asm__("r0") = 0x20u;
    register uint32_t *argument __asm__("r1") = block;
    __asm__ volatile("bkpt 0xAB" : : "r"(operation), "r"(argument) : "memory");
  }
}

void test_reset(void) {
#ifdef TEST_FPU
  *(volatile uint32_t *)0xE000ED88u |= 0xF00000u; /* CPACR: CP10, CP11 */
  __asm__ volatile("dsb\n\tisb");
#endif
  leave(test_run());
  for (;;) {
  }
}

typedef void (*vector)(void);
extern uint32_t test_stack_top[];
__attribute__((section(".vectors"), used)) static const struct {
  uint32_t *stack_top;
  vector reset;
} vectors = {test_stack_top, test_reset};
