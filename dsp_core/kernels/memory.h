/* Memory for the audio thread: zeroed and present, so that the first touch there is no page fault. */
#pragma once
#include <stdlib.h>

enum { MRT_SMALLEST_PAGE = 4096 };

static inline void *mrt_present(size_t count, size_t size)
{
    volatile char *memory = (volatile char *)calloc(count, size);
    for (size_t at = 0; memory && at < count * size; at += MRT_SMALLEST_PAGE)
        memory[at] = 0;
    return (void *)memory;
}
