"""A counter of time that needs no system call: the processor's own where there is one."""
from libc.stdint cimport uint64_t

cdef extern from *:
    """
    #include <chrono>
    #if defined(__x86_64__) || defined(_M_X64)
      #if defined(_MSC_VER)
        #include <intrin.h>
      #else
        #include <x86intrin.h>
      #endif
      static inline unsigned long long mrt_ticks(void) { return __rdtsc(); }
    #elif defined(__aarch64__)
      static inline unsigned long long mrt_ticks(void) {
          unsigned long long t; __asm__ volatile("mrs %0, cntvct_el0" : "=r"(t)); return t; }
    #else
      static inline unsigned long long mrt_ticks(void) { return std::chrono::steady_clock::now().time_since_epoch().count(); }
    #endif
    static inline double mrt_seconds(void) {
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
    """
    uint64_t ticks_now "mrt_ticks"() noexcept nogil
    double seconds_now "mrt_seconds"() noexcept nogil
