/* Memory for the audio thread: zeroed and present, so that the first touch there is no page fault; from a cache line's begin where
   the system has such memory that free() takes back, since vectors across two lines cost twice. */
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MRT_SMALLEST_PAGE = 4096, MRT_CACHE_LINE = 64 };

static inline void *mrt_present(size_t count, size_t size)
{
#if defined(__unix__) || defined(__APPLE__)
    void *aligned = NULL;
    const size_t bytes = count * size;
    if ((size > 0 && count > SIZE_MAX / size) || posix_memalign(&aligned, MRT_CACHE_LINE, bytes > 0 ? bytes : 1))
        return NULL;
    return memset(aligned, 0, bytes);
#else
    volatile char *memory = (volatile char *)calloc(count, size);
    for (size_t at = 0; memory && at < count * size; at += MRT_SMALLEST_PAGE)
        memory[at] = 0;
    return (void *)memory;
#endif
}
