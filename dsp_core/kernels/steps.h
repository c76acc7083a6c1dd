/* Steps of one cycle each that wait for one another: a measure of the core's clock for benchmarks. */
#pragma once
#include <stdint.h>

enum { MRT_STEPS_IN_A_ROW = 16 };

#define MRT_FOUR(step) step step step step

/* `rows` rows of 16 steps. */
static inline uint64_t mrt_steps(uint64_t rows)
{
    uint64_t x = rows, y = rows | 1;
    for (; rows > 0; rows--) {
#if defined(__GNUC__) && defined(__x86_64__)
        __asm__ volatile(MRT_FOUR(MRT_FOUR("add %1, %0\n\t")) : "+r"(x) : "r"(y));
#elif defined(__GNUC__) && defined(__aarch64__)
        __asm__ volatile(MRT_FOUR(MRT_FOUR("add %0, %0, %1\n\t")) : "+r"(x) : "r"(y));
#else
        MRT_FOUR(MRT_FOUR(x = (x ^ y) | (rows & 1);))      /* about one cycle each */
#endif
    }
    return x;
}
