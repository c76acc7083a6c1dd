#pragma once
#define DISTRHO_PLUGIN_BRAND "Mastering RT tests"
#define DISTRHO_PLUGIN_NAME "Fault Gain"
#define DISTRHO_PLUGIN_URI "urn:mastering-rt:fault-gain"
#define DISTRHO_PLUGIN_BRAND_ID MrtT
#define DISTRHO_PLUGIN_UNIQUE_ID FltG
#ifndef WINDOW
#define WINDOW 0
#endif
#define DISTRHO_PLUGIN_HAS_UI WINDOW
#define DISTRHO_UI_FILE_BROWSER 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#ifndef MONO
#define MONO 0
#endif
#define DISTRHO_PLUGIN_NUM_INPUTS (MONO ? 1 : 2)
#define DISTRHO_PLUGIN_NUM_OUTPUTS (MONO ? 1 : 2)
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools"
