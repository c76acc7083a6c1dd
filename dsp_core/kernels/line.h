/* Posts in a row through which the blocks of a stream pass in order, and threads that go wherever a block waits. C++11.

   Post 0 fetches, posts 1 to `last` each work on what the post before has done, and all posts behind `last` read what that one has
   done. A post does one block at a time; so the result does not depend on how many threads there are, or on who does what. */
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <time.h>

struct mrt_line {
    enum { MOST_POSTS = 32, RING = 8 };      /* blocks that may be between fetching and the last reader */
    std::mutex door;
    std::condition_variable news;
    int posts = 0, last = 0, waiting = 0;
    long long blocks = 0;
    long long done[MOST_POSTS] = {};
    long long spent_ns[MOST_POSTS] = {};     /* processor time since the line was made */
    bool busy[MOST_POSTS] = {};
    std::atomic<bool> stopped{false};

    bool ready(int post) const
    {
        if (busy[post] || done[post] == blocks)
            return false;
        if (post == 0)
            return done[0] - slowest() < RING;
        return done[post <= last ? post - 1 : last] > done[post];
    }

    long long slowest(void) const
    {
        long long least = done[last];
        for (int post = last + 1; post < posts; post++)
            least = done[post] < least ? done[post] : least;
        return least;
    }
};

/* Before any thread works: `blocks` blocks, counted from 0, lie before the first post. */
static void mrt_line_begin(mrt_line *line, int posts, int last, long long blocks)
{
    line->posts = posts, line->last = last, line->blocks = blocks;
    for (int post = 0; post < posts; post++)
        line->done[post] = 0, line->busy[post] = false;
}

/* Of the posts where a block waits the one that has taken longest so far, and that block: what is slowest never waits for a hand.
   -1 when all is done or the line was stopped. */
static int mrt_line_take(mrt_line *line, long long *block)
{
    std::unique_lock<std::mutex> lock(line->door);
    while (!line->stopped.load(std::memory_order_relaxed) && line->slowest() < line->blocks) {
        int slowest = -1;
        for (int post = line->posts - 1; post >= 0; post--)
            if (line->ready(post) && (slowest < 0 || line->spent_ns[post] > line->spent_ns[slowest]))
                slowest = post;
        if (slowest >= 0) {
            line->busy[slowest] = true;
            *block = line->done[slowest];
            return slowest;
        }
        line->waiting++;
        line->news.wait(lock);
        line->waiting--;
    }
    return -1;
}

static void mrt_line_done(mrt_line *line, int post, long long worked_ns)
{
    std::lock_guard<std::mutex> lock(line->door);
    line->done[post]++;
    line->spent_ns[post] += worked_ns;
    line->busy[post] = false;
    if (line->waiting)
        line->news.notify_all();
}

static inline long long mrt_line_spent_ns(mrt_line *line, int post)
{
    std::lock_guard<std::mutex> lock(line->door);
    return line->spent_ns[post];
}

/* Any thread: nobody takes another block. */
static void mrt_line_stop(mrt_line *line)
{
    std::lock_guard<std::mutex> lock(line->door);
    line->stopped.store(true, std::memory_order_relaxed);
    line->news.notify_all();
}

static bool mrt_line_complete(mrt_line *line)
{
    std::lock_guard<std::mutex> lock(line->door);
    return line->slowest() == line->blocks;
}

/* What the calling thread has worked so far, where the system counts that; else the time. */
static long long mrt_worked_ns(void)
{
#if defined(CLOCK_THREAD_CPUTIME_ID)
    struct timespec worked;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked) == 0)
        return 1000000000ll * worked.tv_sec + worked.tv_nsec;
#endif
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
