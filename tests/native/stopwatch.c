/* Times one audio callback: its own processor time by the thread's clock, and when it began and ended by the wall. */
#define _GNU_SOURCE
#include <string.h>
#include <time.h>

#define PUBLIC __attribute__((visibility("default")))

typedef int (*audio_callback)(const void *, void *, unsigned long, const void *, unsigned long, void *);
struct beat { audio_callback callback; void *user; };

PUBLIC long stopwatch_room, stopwatch_count, stopwatch_flagged;
PUBLIC long *stopwatch_cpu_ns, *stopwatch_start_ns, *stopwatch_end_ns;

static long now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int timed(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, struct beat *beat)
{
    long at = stopwatch_count, start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_THREAD_CPUTIME_ID);
    if (beat->callback)
        beat->callback(in, out, frames, time, flags, beat->user);
    else
        memcpy(out, in, 2 * frames * sizeof(float));
    if (at < stopwatch_room) {
        stopwatch_cpu_ns[at] = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
        stopwatch_start_ns[at] = start;
        stopwatch_end_ns[at] = now(CLOCK_MONOTONIC);
        stopwatch_count = at + 1;
    }
    stopwatch_flagged += (flags & 15) != 0;
    return 0;
}

PUBLIC int stopwatch_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    return timed(in, out, frames, time, flags, user);
}

/* The least a callback can do: the same measurement around a copy of one block. */
PUBLIC int copy_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    static float silence[2 * 8192];
    struct beat none = {0, 0};
    (void)user;
    return timed(in ? in : silence, out, frames, time, flags, &none);
}
