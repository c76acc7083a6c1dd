/* A coefficient on its way from one control tick to the next, along a parabola, so that neither it nor its slope jumps. */
#pragma once
#include "dsp_core/kernels/fastmath.h"

typedef struct {
    double now;                  /* at the last tick; where it stands when nothing moves */
    double step, bend;           /* k frames later it is now + k (step + k bend) */
    double goal;                 /* at the next tick: half-way between the last two wishes */
    double wish;                 /* what the parameters last asked for */
} MrtMoving;

MRT_INLINE double mrt_moving_at(const MrtMoving *m, double k) { return m->now + k * (m->step + k * m->bend); }
