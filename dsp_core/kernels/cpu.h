/* Which vector units a kernel may use, found once. MRT_CPU=portable|avx2|avx512 in the environment holds it lower, for tests and benchmarks. */
#pragma once
#include <stdlib.h>
#include <string.h>

enum { MRT_CPU_PORTABLE, MRT_CPU_AVX2, MRT_CPU_AVX512 };

#if defined(__GNUC__) && defined(__x86_64__)
#define MRT_X86 1
#include <immintrin.h>

static inline int mrt_cpu_found(void)
{
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return MRT_CPU_PORTABLE;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") ? MRT_CPU_AVX512 : MRT_CPU_AVX2;
}
#else
#define MRT_X86 0
static inline int mrt_cpu_found(void) { return MRT_CPU_PORTABLE; }
#endif

/* Control thread only: reads the environment. */
static inline int mrt_cpu_level(void)
{
    const char *held = getenv("MRT_CPU");
    int found = mrt_cpu_found(), most = found;
    if (held && !strcmp(held, "portable"))
        most = MRT_CPU_PORTABLE;
    if (held && !strcmp(held, "avx2"))
        most = MRT_CPU_AVX2;
    return most < found ? most : found;
}
