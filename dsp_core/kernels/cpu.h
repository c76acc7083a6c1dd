/* Which vector units a kernel may use. MRT_CPU=portable in the environment holds it to the baseline, for tests and benchmarks. */
#pragma once
#include <stdlib.h>
#include <string.h>

enum { MRT_CPU_PORTABLE, MRT_CPU_AVX2 };

#if defined(__GNUC__) && defined(__x86_64__)
#define MRT_X86 1
#include <immintrin.h>

static inline int mrt_cpu_found(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? MRT_CPU_AVX2 : MRT_CPU_PORTABLE;
}
#else
#define MRT_X86 0
static inline int mrt_cpu_found(void) { return MRT_CPU_PORTABLE; }
#endif

/* Control thread only: reads the environment. */
static inline int mrt_cpu_level(void)
{
    const char *held = getenv("MRT_CPU");
    return held && !strcmp(held, "portable") ? MRT_CPU_PORTABLE : mrt_cpu_found();
}
