/* A thread that calls an audio callback in real time, for machines without a sound card. C++11 only, so it runs everywhere. */
#pragma once
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>
#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

typedef int (*mrt_audio_callback)(const void *, void *, unsigned long, const void *, unsigned long, void *);

struct mrt_clock {
    mrt_audio_callback callback;
    void *user;
    unsigned long frames;
    double rate;
    std::vector<float> in, out;
    float *capture = nullptr;            /* interleaved stereo, capture_frames long, filled from the first callback on */
    long long capture_frames = 0;
    std::atomic<long long> captured{0};
    std::atomic<long long> callbacks{0};
    std::atomic<long long> late{0};      /* callbacks that ended after the next was due */
    std::atomic<bool> wanted{false};
    std::thread thread;

    void keep(void)
    {
        long long at = captured.load(std::memory_order_relaxed);
        long long n = capture_frames - at < (long long)frames ? capture_frames - at : (long long)frames;
        if (capture == nullptr || n <= 0)
            return;
        std::memcpy(capture + 2 * at, out.data(), sizeof(float) * 2 * n);
        captured.store(at + n, std::memory_order_release);
    }

    void run(void)
    {
        using clock = std::chrono::steady_clock;
        const std::chrono::duration<double> period(frames / rate);
        auto start = clock::now();
        long long blocks = 0;
#if defined(__linux__)
        pthread_setname_np(pthread_self(), "mrt clock");                 /* as lists of threads have it */
        sched_param priority;
        priority.sched_priority = 60;
        pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);   /* refused without the right; then the usual priority */
#endif
        while (wanted.load(std::memory_order_acquire)) {
            callback(in.data(), out.data(), frames, nullptr, 0, user);
            keep();
            callbacks.fetch_add(1, std::memory_order_release);
            blocks++;
            auto due = start + std::chrono::duration_cast<clock::duration>(period * blocks);
            auto now = clock::now();
            if (now <= due) {
                std::this_thread::sleep_until(due);
                continue;
            }
            late.fetch_add(1, std::memory_order_relaxed);
            if (now - due > std::chrono::milliseconds(200)) {           /* the machine slept: begin counting anew */
                start = now;
                blocks = 0;
            }
        }
    }

    void begin(void)
    {
        in.assign(2 * frames, 0.0f);
        out.assign(2 * frames, 0.0f);
        wanted.store(true, std::memory_order_release);
        thread = std::thread([this] { run(); });
    }

    void end(void)
    {
        wanted.store(false, std::memory_order_release);
        if (thread.joinable())
            thread.join();
    }
};
