/* Runs LV2 plugins in a row over a stereo sound and prints the processor time of their run() calls in seconds.

   lv2_host RATE IN OUT BLOCK URI [SYMBOL=VALUE ...] [-- URI [SYMBOL=VALUE ...]] ...

   IN and OUT hold the left channel, then the right, as raw float32. Built by benchmarks/peers.py. */
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/urid/urid.h>
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_PORTS = 1024, MOST_PLUGINS = 8, ATOM_BYTES = 65536, MOST_URIS = 4096 };

typedef struct {
    LilvInstance *instance;
    float control[MOST_PORTS];
    int in[2], out[2], atoms;
    LV2_Atom_Sequence *atom[MOST_PORTS];
    int atom_is_output[MOST_PORTS];
} Plugin;

static char *uris[MOST_URIS];
static LV2_URID known = 0;

static LV2_URID map_uri(LV2_URID_Map_Handle handle, const char *uri)
{
    (void)handle;
    for (LV2_URID i = 0; i < known; i++)
        if (!strcmp(uris[i], uri))
            return i + 1;
    if (known == MOST_URIS)
        return 0;
    uris[known] = strdup(uri);
    return ++known;
}

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "%s: %s\n", what, which);
    exit(1);
}

static void set_control(Plugin *p, const LilvPlugin *plugin, LilvWorld *world, char *assignment)
{
    char *value = strchr(assignment, '=');
    if (!value)
        fail("not SYMBOL=VALUE", assignment);
    *value++ = 0;
    LilvNode *symbol = lilv_new_string(world, assignment);
    const LilvPort *port = lilv_plugin_get_port_by_symbol(plugin, symbol);
    if (!port)
        fail("the plugin has no such port", assignment);
    p->control[lilv_port_get_index(plugin, port)] = (float)atof(value);
    lilv_node_free(symbol);
}

static void connect_ports(Plugin *p, const LilvPlugin *plugin, LilvWorld *world)
{
    LilvNode *audio = lilv_new_uri(world, LILV_URI_AUDIO_PORT), *input = lilv_new_uri(world, LILV_URI_INPUT_PORT);
    LilvNode *atom = lilv_new_uri(world, LILV_URI_ATOM_PORT);
    int ins = 0, outs = 0;
    for (uint32_t i = 0; i < lilv_plugin_get_num_ports(plugin); i++) {
        const LilvPort *port = lilv_plugin_get_port_by_index(plugin, i);
        const int is_input = lilv_port_is_a(plugin, port, input);
        if (lilv_port_is_a(plugin, port, audio)) {
            if (is_input && ins < 2) p->in[ins++] = (int)i;
            if (!is_input && outs < 2) p->out[outs++] = (int)i;
        } else if (lilv_port_is_a(plugin, port, atom)) {
            LV2_Atom_Sequence *sequence = calloc(1, ATOM_BYTES);
            sequence->atom.type = map_uri(NULL, LV2_ATOM__Sequence);
            p->atom_is_output[p->atoms] = !is_input;
            p->atom[p->atoms++] = sequence;
            lilv_instance_connect_port(p->instance, i, sequence);
        } else
            lilv_instance_connect_port(p->instance, i, &p->control[i]);
    }
    if (ins != 2 || outs != 2)
        fail("not a stereo plugin", lilv_node_as_uri(lilv_plugin_get_uri(plugin)));
}

static void run_plugin(Plugin *p, float *left, float *right, int frames)
{
    float *plane[2] = {left, right};
    for (int a = 0; a < p->atoms; a++)
        p->atom[a]->atom.size = p->atom_is_output[a] ? ATOM_BYTES - sizeof(LV2_Atom) : sizeof(LV2_Atom_Sequence_Body);
    for (int c = 0; c < 2; c++) {
        lilv_instance_connect_port(p->instance, (uint32_t)p->in[c], plane[c]);
        lilv_instance_connect_port(p->instance, (uint32_t)p->out[c], plane[c]);
    }
    lilv_instance_run(p->instance, (uint32_t)frames);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int count, char **word)
{
    static Plugin chain[MOST_PLUGINS];
    if (count < 6)
        fail("usage", "lv2_host RATE IN OUT BLOCK URI [SYMBOL=VALUE ...] [-- URI ...]");
    const double rate = atof(word[1]);
    const int block = atoi(word[4]);
    FILE *file = fopen(word[2], "rb");
    if (!file)
        fail("cannot read", word[2]);
    fseek(file, 0, SEEK_END);
    const long frames = ftell(file) / (long)(2 * sizeof(float));
    float *sound = malloc((size_t)frames * 2 * sizeof(float));
    rewind(file);
    if (fread(sound, 2 * sizeof(float), (size_t)frames, file) != (size_t)frames)
        fail("cannot read", word[2]);
    fclose(file);

    LilvWorld *world = lilv_world_new();
    lilv_world_load_all(world);
    LV2_URID_Map map = {NULL, map_uri};
    const LV2_Feature map_feature = {LV2_URID__map, &map}, *features[] = {&map_feature, NULL};
    int plugins = 0;
    for (int w = 5; w < count; w++) {
        LilvNode *uri = lilv_new_uri(world, word[w]);
        const LilvPlugin *plugin = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world), uri);
        if (!plugin)
            fail("no such plugin", word[w]);
        Plugin *p = &chain[plugins++];
        p->instance = lilv_plugin_instantiate(plugin, rate, features);
        if (!p->instance)
            fail("cannot start", word[w]);
        lilv_plugin_get_port_ranges_float(plugin, NULL, NULL, p->control);
        for (w++; w < count && strcmp(word[w], "--"); w++)
            set_control(p, plugin, world, word[w]);
        connect_ports(p, plugin, world);
        lilv_instance_activate(p->instance);
    }

    _mm_setcsr(_mm_getcsr() | 0x8040);           /* as hosts do: denormal numbers are zero */
    const double began = seconds();
    for (long at = 0; at < frames; at += block) {
        const int n = frames - at < block ? (int)(frames - at) : block;
        for (int k = 0; k < plugins; k++)
            run_plugin(&chain[k], sound + at, sound + frames + at, n);
    }
    printf("%.9f\n", seconds() - began);

    FILE *out = fopen(word[3], "wb");
    if (!out || fwrite(sound, 2 * sizeof(float), (size_t)frames, out) != (size_t)frames || fclose(out))
        fail("cannot write", word[3]);
    return 0;
}
