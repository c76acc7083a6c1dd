/* A window that is one wide fader: where the mouse is held, from left to right, there the gain is, from -60 to 60 dB. With POLARITY the right button
   turns that over, for good. */
#include "DistrhoUI.hpp"
#include <algorithm>

START_NAMESPACE_DISTRHO

class FaultGainUI : public UI
{
public:
    FaultGainUI() : UI(240, 120) {}

protected:
    void parameterChanged(uint32_t index, float value) override
    {
        if (index == 0)
            gain_db = value, repaint();
    }

#if POLARITY
    void stateChanged(const char *, const char *) override {}
#endif

    void onDisplay() override
    {
        const float share = (gain_db + 60.0f) / 120.0f;
        glClearColor(share, share, share, 1.0f);
        glClear(GL_COLOR_BUFFER_BIT);
    }

    bool onMouse(const MouseEvent &event) override
    {
#if POLARITY
        if (event.button == kMouseButtonRight)
            setState("polarity", "-");
#endif
        if (event.button != 1)
            return false;
        held = event.press;
        editParameter(0, held);
        if (held)
            follow(event.pos.getX());
        return true;
    }

    bool onMotion(const MotionEvent &event) override
    {
        if (held)
            follow(event.pos.getX());
        return held;
    }

    void follow(double x)
    {
        gain_db = (float)std::max(-60.0, std::min(60.0, x / getWidth() * 120.0 - 60.0));
        setParameterValue(0, gain_db);
        repaint();
    }

private:
    float gain_db = 0.0f;
    bool held = false;
};

UI *createUI() { return new FaultGainUI(); }

END_NAMESPACE_DISTRHO
