// Architecture file: the compiled Faust chain over a stereo sound; prints the processor time of compute() in seconds.
//
//     program RATE IN OUT BLOCK
//
// IN and OUT hold the left channel, then the right, as raw FAUSTFLOAT. Built by benchmarks/peers.py.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <immintrin.h>
#include <vector>

#include "faust/dsp/dsp.h"
#include "faust/gui/UI.h"
#include "faust/gui/meta.h"

<<includeIntrinsic>>
<<includeclass>>

static double seconds()
{
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

int main(int count, char **word)
{
    if (count != 5) {
        std::fprintf(stderr, "usage: RATE IN OUT BLOCK\n");
        return 2;
    }
    const int block = std::atoi(word[4]);
    std::FILE *in = std::fopen(word[2], "rb");
    if (!in)
        return 1;
    std::fseek(in, 0, SEEK_END);
    const long frames = std::ftell(in) / long(2 * sizeof(FAUSTFLOAT));
    std::rewind(in);
    std::vector<FAUSTFLOAT> sound(2 * frames), made(2 * frames);
    if (std::fread(sound.data(), sizeof(FAUSTFLOAT), 2 * frames, in) != size_t(2 * frames))
        return 1;
    std::fclose(in);

    mydsp *chain = new mydsp();
    chain->init(std::atoi(word[1]));
    _mm_setcsr(_mm_getcsr() | 0x8040);           // as hosts do: denormal numbers are zero
    const double began = seconds();
    for (long at = 0; at < frames; at += block) {
        const int n = frames - at < block ? int(frames - at) : block;
        FAUSTFLOAT *from[2] = {&sound[at], &sound[frames + at]}, *to[2] = {&made[at], &made[frames + at]};
        chain->compute(n, from, to);
    }
    std::printf("%.9f\n", seconds() - began);

    std::FILE *out = std::fopen(word[3], "wb");
    const bool written = out && std::fwrite(made.data(), sizeof(FAUSTFLOAT), 2 * frames, out) == size_t(2 * frames);
    delete chain;
    return written && std::fclose(out) == 0 ? 0 : 1;
}
