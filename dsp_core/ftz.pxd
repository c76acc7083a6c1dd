"""Denormal numbers flushed to zero on the thread that calls; restored afterwards, so that numpy elsewhere keeps IEEE rules."""

cdef extern from *:
    """
    #if defined(__SSE2__) || defined(_M_X64)
      #include <immintrin.h>
      static inline unsigned long long mrt_flush_denormals(void) {
          unsigned int before = _mm_getcsr(); _mm_setcsr(before | 0x8040); return before; }
      static inline void mrt_restore_denormals(unsigned long long before) { _mm_setcsr((unsigned int)before); }
    #elif defined(__aarch64__)
      static inline unsigned long long mrt_flush_denormals(void) {
          unsigned long long before; __asm__ volatile("mrs %0, fpcr" : "=r"(before));
          __asm__ volatile("msr fpcr, %0" : : "r"(before | (1ull << 24))); return before; }
      static inline void mrt_restore_denormals(unsigned long long before) {
          __asm__ volatile("msr fpcr, %0" : : "r"(before)); }
    #else
      static inline unsigned long long mrt_flush_denormals(void) { return 0; }
      static inline void mrt_restore_denormals(unsigned long long before) { (void)before; }
    #endif
    """
    unsigned long long flush_denormals "mrt_flush_denormals"() noexcept nogil
    void restore_denormals "mrt_restore_denormals"(unsigned long long before) noexcept nogil
