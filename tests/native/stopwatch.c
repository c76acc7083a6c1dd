/* Times one audio callback: its own processor time by the thread's clock, and when it began and ended by the wall; keeps what it puts out
 * where there is room for it. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define PUBLIC __attribute__((visibility("default")))

typedef int (*audio_callback)(const void *, void *, unsigned long, const void *, unsigned long, void *);
struct beat { audio_callback callback; void *user; };

PUBLIC long stopwatch_room, stopwatch_count, stopwatch_flagged, stopwatch_spins;
PUBLIC long *stopwatch_cpu_ns, *stopwatch_start_ns, *stopwatch_end_ns, *stopwatch_faults;
PUBLIC long *stopwatch_waits;                     /* how often it gave its processor away, or NULL */
PUBLIC long stopwatch_sound_room, stopwatch_sound_count;      /* frames of stereo */
PUBLIC float *stopwatch_sound;
static volatile unsigned long spun;

static long now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static struct rusage used(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage;
}

static long page_faults(struct rusage usage) { return usage.ru_minflt + usage.ru_majflt; }

static void keep(const float *out, long frames)
{
    if (frames > stopwatch_sound_room - stopwatch_sound_count)
        return;
    memcpy(stopwatch_sound + 2 * stopwatch_sound_count, out, 2 * frames * sizeof(float));
    stopwatch_sound_count += frames;
}

static int timed(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, struct beat *beat)
{
    struct rusage before = used(), after;
    long at = stopwatch_count, start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_THREAD_CPUTIME_ID);
    unsigned long x = 1;
    if (beat->callback)
        beat->callback(in, out, frames, time, flags, beat->user);
    else
        memcpy(out, in, 2 * frames * sizeof(float));
    for (long i = 0; i < stopwatch_spins; i++)
        x = x * 6364136223846793005UL + 1442695040888963407UL;
    spun = x;
    if (at < stopwatch_room) {
        stopwatch_cpu_ns[at] = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
        stopwatch_start_ns[at] = start;
        stopwatch_end_ns[at] = now(CLOCK_MONOTONIC);
        after = used();
        stopwatch_faults[at] = page_faults(after) - page_faults(before);
        if (stopwatch_waits)
            stopwatch_waits[at] = after.ru_nvcsw - before.ru_nvcsw;
        stopwatch_count = at + 1;
    }
    keep(out, (long)frames);
    stopwatch_flagged += (flags & 15) != 0;
    return 0;
}

PUBLIC int stopwatch_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    return timed(in, out, frames, time, flags, user);
}

/* The least a callback can do: the same measurement around a copy of one block, and `stopwatch_spins` steps that touch no memory,
 * so that it can be made as long as another one. */
PUBLIC int copy_callback(const void *in, void *out, unsigned long frames, const void *time, unsigned long flags, void *user)
{
    static float silence[2 * 8192];
    struct beat none = {0, 0};
    (void)user;
    return timed(in ? in : silence, out, frames, time, flags, &none);
}
