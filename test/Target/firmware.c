/* firmware.c - bare-metal program that runs one of the test models
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Compiled as C99 and as C++17 by GCC and Clang for every float ABI. Checks the
 * result and that the stack below the call stays as painted beyond the bound.
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
#ifdef __cplusplus
}
#endif

static volatile uint32_t *stack_pointer(void) {
  uint32_t *sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  return sp;
}

static const int8_t *invoke(void) {
#ifdef TEST_POINTERS
  net_invoke(arena_memory, input, result);
  return result;
#else
  uint32_t i;
  for (i = 0; i < NET_INPUT_0_BYTES; ++i)
    net_input_0(arena_memory)[i] = input[i];
  net_invoke(arena_memory);
  return net_output_0(arena_memory);
#endif
}

/* 0, or the number of what is wrong. */
int test_run(void) {
  volatile uint32_t *top = stack_pointer(), *low = top - PAINTED_WORDS;
  volatile uint32_t *p;
  const int8_t *output;
  uint32_t i, count = 1;
  for (p = low; p < top; ++p)
    *p = PAINT;
  output = invoke();
  for (p = low; p < top && *p == PAINT; ++p) {
  }
  /* `invoke` itself takes a few words. */
  if ((uint32_t)(top - p) * 4u > NET_STACK_BYTES + 48u)
    return 2;
  for (i = 0; i < NET_OUTPUT_0_RANK; ++i)
    count *= shape[i];
  if (count != NET_OUTPUT_0_BYTES || name[0] != 'd')
    return 3;
  for (i = 0; i < NET_OUTPUT_0_BYTES; ++i)
    if (output[i] != expected[i])
      return 4;
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
    __asm__ volatile("bkpt 0xAB"
                     :
                     : "r"(operation), "r"(argument)
                     : "memory");
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
