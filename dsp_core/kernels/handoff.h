/* The memory that an engine shares with the worker of a foreign plugin: a ring of numbered blocks, posted by one side, answered by
   the other. C++11.

   Nobody ever waits in here but in mrt_handoff_sleep_*, which the audio thread does not call. The engine never believes a length
   that stands in this memory, because a plugin gone wild may write anywhere. */
#pragma once
#include <atomic>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <thread>
#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#endif

struct mrt_posted_block {
    std::atomic<uint64_t> answered;          /* its number + 1 once the answer is there */
    uint32_t frames, channels;
    uint32_t fresh;                          /* nothing of the sound before belongs to it */
    uint32_t cost_us;                        /* what the plugin took for it */
};

struct mrt_handoff {
    enum { BLOCKS = 64 };                            /* also the number of the first block, so that those before it have numbers too */
    uint32_t magic, block_frames;
    alignas(64) std::atomic<uint64_t> posted;        /* blocks the engine has posted */
    std::atomic<uint32_t> post_bell;                 /* futex words */
    std::atomic<uint32_t> worker_sleeps;
    alignas(64) std::atomic<uint64_t> answered;      /* blocks the worker is through with */
    std::atomic<uint32_t> answer_bell;
    std::atomic<uint32_t> engine_sleeps;
    alignas(64) std::atomic<uint32_t> gone;          /* the worker has died */
    mrt_posted_block block[BLOCKS];
};

enum { MRT_HANDOFF_MAGIC = 0x4d525448 };

static size_t mrt_handoff_head(void) { return (sizeof(mrt_handoff) + 63) / 64 * 64; }
static size_t mrt_handoff_block_bytes(uint32_t block_frames) { return 2 * sizeof(float) * (size_t)block_frames; }
static size_t mrt_handoff_bytes(uint32_t block_frames)
{
    return mrt_handoff_head() + 2 * mrt_handoff::BLOCKS * mrt_handoff_block_bytes(block_frames);
}

/* Offset of the sound of a block, two planes one behind the other; direction 0 to the plugin, 1 back. */
static size_t mrt_handoff_at(uint32_t block_frames, uint64_t number, int direction)
{
    size_t place = 2 * (size_t)(number % mrt_handoff::BLOCKS) + (size_t)direction;
    return mrt_handoff_head() + place * mrt_handoff_block_bytes(block_frames);
}

static float *mrt_handoff_sound(mrt_handoff *h, uint32_t block_frames, uint64_t number, int direction)
{
    return (float *)((char *)h + mrt_handoff_at(block_frames, number, direction));
}

/* Every page is written to, so that none is missing when the audio thread comes to it. */
static void mrt_handoff_begin(mrt_handoff *h, uint32_t block_frames)
{
    memset((char *)h + mrt_handoff_head(), 0, mrt_handoff_bytes(block_frames) - mrt_handoff_head());
    new (h) mrt_handoff();
    h->magic = MRT_HANDOFF_MAGIC;
    h->block_frames = block_frames;
    h->posted = mrt_handoff::BLOCKS, h->answered = mrt_handoff::BLOCKS;
}

static bool mrt_handoff_fits(const mrt_handoff *h, uint32_t block_frames)
{
    return h->magic == MRT_HANDOFF_MAGIC && h->block_frames == block_frames;
}

/* Engine: the sound of this number stands there; hand it over. */
static void mrt_handoff_post(mrt_handoff *h, uint64_t number, uint32_t frames, uint32_t channels, uint32_t fresh)
{
    mrt_posted_block *b = &h->block[number % mrt_handoff::BLOCKS];
    b->frames = frames, b->channels = channels, b->fresh = fresh;
    h->posted.store(number + 1, std::memory_order_release);
}

static bool mrt_handoff_is_answered(const mrt_handoff *h, uint64_t number)
{
    return h->block[number % mrt_handoff::BLOCKS].answered.load(std::memory_order_acquire) == number + 1;
}

static uint64_t mrt_handoff_posted(const mrt_handoff *h) { return h->posted.load(std::memory_order_acquire); }
static uint64_t mrt_handoff_answered(const mrt_handoff *h) { return h->answered.load(std::memory_order_acquire); }
static const mrt_posted_block *mrt_handoff_block(const mrt_handoff *h, uint64_t number) { return &h->block[number % mrt_handoff::BLOCKS]; }

#if defined(__linux__)
static void mrt_futex_wait(std::atomic<uint32_t> *word, uint32_t seen, long us)
{
    struct timespec most = { us / 1000000, us % 1000000 * 1000 };
    syscall(SYS_futex, (uint32_t *)word, FUTEX_WAIT, seen, &most, nullptr, 0);
}
static void mrt_futex_wake(std::atomic<uint32_t> *word) { syscall(SYS_futex, (uint32_t *)word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0); }
#else
static void mrt_futex_wait(std::atomic<uint32_t> *, uint32_t, long us)
{
    std::this_thread::sleep_for(std::chrono::microseconds(us < 100 ? us : 100));
}
static void mrt_futex_wake(std::atomic<uint32_t> *) {}
#endif

/* Whoever may make a system call: tell the worker at once. One that is not told looks for itself every so often. */
static void mrt_handoff_ring_worker(mrt_handoff *h)
{
    h->post_bell.fetch_add(1, std::memory_order_seq_cst);
    if (h->worker_sleeps.load(std::memory_order_seq_cst))
        mrt_futex_wake(&h->post_bell);
}

/* Worker: sleep until block `number` is posted, at most `us` at a time; true when it is. */
static bool mrt_handoff_sleep_for_post(mrt_handoff *h, uint64_t number, long us)
{
    uint32_t seen = h->post_bell.load(std::memory_order_acquire);
    if (h->posted.load(std::memory_order_acquire) > number)
        return true;
    h->worker_sleeps.store(1, std::memory_order_seq_cst);
    if (h->posted.load(std::memory_order_seq_cst) <= number)
        mrt_futex_wait(&h->post_bell, seen, us);
    h->worker_sleeps.store(0, std::memory_order_relaxed);
    return h->posted.load(std::memory_order_acquire) > number;
}

/* Worker: the answer of this number stands there. */
static void mrt_handoff_answer(mrt_handoff *h, uint64_t number, uint32_t cost_us)
{
    mrt_posted_block *b = &h->block[number % mrt_handoff::BLOCKS];
    b->cost_us = cost_us;
    b->answered.store(number + 1, std::memory_order_release);
    h->answered.store(number + 1, std::memory_order_release);
    h->answer_bell.fetch_add(1, std::memory_order_seq_cst);
    if (h->engine_sleeps.load(std::memory_order_seq_cst))
        mrt_futex_wake(&h->answer_bell);
}

/* Whoever may wait, and several may at once: until the bell of the answers rings, at most `us`. `seen`: the bell before what one looked at. */
static void mrt_handoff_nap(mrt_handoff *h, uint64_t number, uint32_t seen, long us)
{
    h->engine_sleeps.fetch_add(1, std::memory_order_seq_cst);
    if (!mrt_handoff_is_answered(h, number))
        mrt_futex_wait(&h->answer_bell, seen, us);
    h->engine_sleeps.fetch_sub(1, std::memory_order_seq_cst);
}

/* Relay: the same once, for this answer. */
static void mrt_handoff_nap_for_answer(mrt_handoff *h, uint64_t number, long us)
{
    mrt_handoff_nap(h, number, h->answer_bell.load(std::memory_order_acquire), us);
}

/* Offline engine: wait until a block is answered; false when the worker has died or `most_us` are over. */
static bool mrt_handoff_sleep_for_answer(mrt_handoff *h, uint64_t number, long long most_us)
{
    using clock = std::chrono::steady_clock;
    auto end = clock::now() + std::chrono::microseconds(most_us);
    for (int look = 0; look < 200; look++)
        if (mrt_handoff_is_answered(h, number))
            return true;
    while (!mrt_handoff_is_answered(h, number)) {
        uint32_t seen = h->answer_bell.load(std::memory_order_acquire);
        if (h->gone.load(std::memory_order_acquire) || clock::now() > end)
            return mrt_handoff_is_answered(h, number);
        mrt_handoff_nap(h, number, seen, 20000);
    }
    return true;
}

/* Host, when the worker has died or a fresh one has come: whoever waits for an answer looks again. */
static void mrt_handoff_tell_gone(mrt_handoff *h, bool gone)
{
    h->gone.store(gone, std::memory_order_release);
    h->answer_bell.fetch_add(1, std::memory_order_seq_cst);
    mrt_futex_wake(&h->answer_bell);
}
