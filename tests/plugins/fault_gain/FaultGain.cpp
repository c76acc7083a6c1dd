/* A gain with a delay that it reports as latency, and every fault a plugin can have, on demand and once: what the tests drive the host with. */
#include "DistrhoPlugin.hpp"
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>
#include <unistd.h>
#include <vector>

#ifndef MOST_DELAY
#define MOST_DELAY 4096
#endif

START_NAMESPACE_DISTRHO

class FaultGain : public Plugin
{
    enum { GAIN, DELAY, FAULT, PEAK, MODEL, LEVEL, COUNT };
    enum { CLEAN, WARM, HOT, MODELS };
    enum { NONE, ABORT, SEGV, HANG, NOT_A_NUMBER, EXIT, SLOW, SILENCE, JUMP, NOISE, FAULTS };
    enum { LINE = MOST_DELAY + 1, CHANNELS = DISTRHO_PLUGIN_NUM_INPUTS };

public:
    FaultGain() : Plugin(COUNT, 0, POLARITY), lines(CHANNELS, std::vector<float>(LINE))
    {
#ifdef STALLS
        while (true)             /* as one that waits for its licence */
            std::this_thread::sleep_for(std::chrono::seconds(1));
#endif
    }

protected:
    const char *getLabel() const override { return "FaultGain"; }
    const char *getMaker() const override { return DISTRHO_PLUGIN_BRAND; }
    const char *getLicense() const override { return "GPL-3.0-or-later"; }
    uint32_t getVersion() const override { return d_version(1, 2, 3); }
    int64_t getUniqueId() const override { return d_cconst('F', 'l', 't', 'G'); }

    void initParameter(uint32_t index, Parameter &p) override
    {
        p.hints = kParameterIsAutomatable;
        if (index == GAIN)
            p.name = "Gain", p.symbol = "gain", p.unit = "dB", p.ranges = ParameterRanges(0.0f, -60.0f, 60.0f);
        else if (index == DELAY)
            p.name = "Delay", p.symbol = "delay", p.unit = "samples", p.hints |= kParameterIsInteger, p.ranges = ParameterRanges(0.0f, 0.0f, MOST_DELAY);
        else if (index == FAULT)
            p.name = "Fault", p.symbol = "fault", p.hints |= kParameterIsInteger, p.ranges = ParameterRanges(0.0f, 0.0f, FAULTS - 1);
        else if (index == MODEL)
            choose(p);
        else if (index == LEVEL)
            p.name = "Output level", p.symbol = "level", p.unit = "dB", p.hints |= kParameterIsOutput, p.ranges = ParameterRanges(-60.0f, -60.0f, 0.0f);
        else
            p.name = "Peak", p.symbol = "peak", p.hints = kParameterIsOutput, p.ranges = ParameterRanges(0.0f, 0.0f, 1.0f);
    }

    /* A control that hosts may not automate, as plugins have for what cannot change without a click. */
    void choose(Parameter &p)
    {
        static const char *const names[MODELS] = {"Clean", "Warm", "Hot"};
        p.name = "Model", p.symbol = "model", p.hints = kParameterIsInteger, p.ranges = ParameterRanges(CLEAN, CLEAN, HOT);
        p.enumValues.count = MODELS, p.enumValues.restrictedMode = true;
        p.enumValues.values = new ParameterEnumerationValue[MODELS];
        for (int i = 0; i < MODELS; i++)
            p.enumValues.values[i].value = (float)i, p.enumValues.values[i].label = names[i];
    }

    float getParameterValue(uint32_t index) const override
    {
        return index == GAIN ? gain_db : index == DELAY ? (float)delay : index == PEAK ? peak : index == MODEL ? (float)model : 0.0f;
    }

    void setParameterValue(uint32_t index, float value) override
    {
        if (index == GAIN)
            gain_db = value;
        else if (index == DELAY)
            setLatency(delay = (uint32_t)lrintf(value));
        else if (index == FAULT)
            fault = (int)lrintf(value);
        else if (index == MODEL)
            model = (int)lrintf(value);
    }

#if POLARITY
    /* What only the plugin's own window sets, and no parameter shows. */
    void initState(uint32_t, State &state) override { state.key = "polarity", state.defaultValue = "+"; }
    void setState(const char *, const char *value) override { sign = value[0] == '-' ? -1.0f : 1.0f; }
#endif

    void activate() override
    {
        for (auto &line : lines)
            std::fill(line.begin(), line.end(), 0.0f);
        at = 0;
        setLatency(delay);
    }

    void misbehave()
    {
        if (fault == ABORT)
            abort();
        if (fault == SEGV)
            raise_segv();
        if (fault == EXIT)
            _exit(7);
        while (fault == HANG)
            nothing = nothing + 1;
        if (fault == SLOW)
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }

    static void raise_segv() { *(volatile int *)8 = 1; }

    void run(const float **in, float **out, uint32_t frames) override
    {
        misbehave();
        const float gain = sign * (gain_db == 0.0f ? 1.0f : powf(10.0f, gain_db / 20.0f));
        float most = 0.0f;
        for (uint32_t i = 0; i < frames; i++) {
            for (int c = 0; c < CHANNELS; c++) {
                lines[c][at] = in[c][i];
                const float y = gain * charged(lines[c][(at + LINE - delay) % LINE]);
                out[c][i] = fault == NOT_A_NUMBER ? NAN : fault == SILENCE ? 0.0f : fault == JUMP ? 1000.0f * y : fault == NOISE ? y + 1e-3f * noise() : y;
                most = std::max(most, std::fabs(out[c][i]));
            }
            at = (at + 1) % LINE;
        }
        peak = most;
    }

    /* As a capacitor that no reset empties: how loud it was moves the gain for a second, and silence stays silence. */
    float charged(float x)
    {
#ifdef CHARGE
        charge += 2e-5f * (std::fabs(x) - charge);
        return x * (1.0f + charge);
#else
        return x;
#endif
    }

    float noise()
    {
        static uint32_t seed = (uint32_t)std::chrono::steady_clock::now().time_since_epoch().count();
        return (float)((seed = seed * 1664525u + 1013904223u) >> 8) / 8388608.0f - 1.0f;
    }

private:
    std::vector<std::vector<float>> lines;
    float gain_db = 0.0f, sign = 1.0f, peak = 0.0f, charge = 0.0f;
    uint32_t delay = 0, at = 0;
    int model = CLEAN;
    volatile int fault = NONE, nothing = 0;
};

Plugin *createPlugin() { return new FaultGain(); }

END_NAMESPACE_DISTRHO
