/* Which vector units a kernel may use. MRT_CPU=portable in the environment holds it to the baseline, MRT_CPU=avx2 to AVX2, for tests
   and benchmarks. */
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

/* 512 bits, on processors that do not slow down for them: those came with VBMI2 (Ice Lake, Zen 4). */
static inline int mrt_cpu_wide_found(void)
{
    __builtin_cpu_init();
    return mrt_cpu_found() >= MRT_CPU_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
}
#else
#define MRT_X86 0
static inline int mrt_cpu_found(void) { return MRT_CPU_PORTABLE; }
static inline int mrt_cpu_wide_found(void) { return 0; }
#endif

/* Control thread only: reads the environment. */
static inline int mrt_cpu_level(void)
{
    const char *held = getenv("MRT_CPU");
    return held && !strcmp(held, "portable") ? MRT_CPU_PORTABLE : mrt_cpu_found();
}

/* Whether a kernel may use 512 bits beside what its level says. Control thread only. */
static inline int mrt_cpu_wide(void) { return !getenv("MRT_CPU") && mrt_cpu_wide_found(); }
