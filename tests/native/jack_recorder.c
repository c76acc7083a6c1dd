/* Records what two JACK ports put out, sample for sample: jack_recorder LEFT_PORT RIGHT_PORT FRAMES FILE [freewheel]
 *
 * With freewheel the server waits for every client and runs as fast as they can, so that a busy machine loses no period.
 *
 * Waits for the ports to appear, connects, prints "recording", and writes FRAMES interleaved float32 frames to FILE, from
 * the first sound on. The library is loaded at run time, so that no header is needed to build this. Exit status 3: no server; 8: it
 * sounded before anybody listened. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void client_t;
typedef void port_t;
typedef unsigned int frames_t;

static void *library;
static port_t *ports[2];
static float *memory;
static long wanted;
static volatile long got, silent;
static volatile int going;
static void *(*get_buffer)(port_t *, frames_t);

static void *find(const char *name)
{
    void *f = dlsym(library, name);
    if (!f) {
        fprintf(stderr, "libjack has no %s\n", name);
        exit(3);
    }
    return f;
}

static int process(frames_t frames, void *unused)
{
    (void)unused;
    const float *left = get_buffer(ports[0], frames), *right = get_buffer(ports[1], frames);
    frames_t i = 0;
    for (; going && !got && i < frames && left[i] == 0 && right[i] == 0; i++)
        silent++;
    for (; going && i < frames && got < wanted; i++, got++) {
        memory[2 * got] = left[i];
        memory[2 * got + 1] = right[i];
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 5 || !(library = dlopen("libjack.so.0", RTLD_NOW)))
        return 3;
    client_t *(*open)(const char *, int, int *, ...) = (client_t *(*)(const char *, int, int *, ...))find("jack_client_open");
    int (*set_process)(client_t *, int (*)(frames_t, void *), void *) = (int (*)(client_t *, int (*)(frames_t, void *), void *))find("jack_set_process_callback");
    port_t *(*register_port)(client_t *, const char *, const char *, unsigned long, unsigned long) =
        (port_t *(*)(client_t *, const char *, const char *, unsigned long, unsigned long))find("jack_port_register");
    int (*activate)(client_t *) = (int (*)(client_t *))find("jack_activate");
    int (*join)(client_t *, const char *, const char *) = (int (*)(client_t *, const char *, const char *))find("jack_connect");
    port_t *(*by_name)(client_t *, const char *) = (port_t *(*)(client_t *, const char *))find("jack_port_by_name");
    get_buffer = (void *(*)(port_t *, frames_t))find("jack_port_get_buffer");
    int status = 0;
    client_t *client = open("recorder", 1 /* do not start a server */, &status);
    if (!client)
        return 3;
    wanted = atol(argv[3]);
    memory = calloc(2 * wanted, sizeof(float));
    set_process(client, process, NULL);
    ports[0] = register_port(client, "in_1", "32 bit float mono audio", 1, 0);
    ports[1] = register_port(client, "in_2", "32 bit float mono audio", 1, 0);
    activate(client);
    for (int tries = 0; !(by_name(client, argv[1]) && by_name(client, argv[2])); tries++) {
        if (tries > 6000)
            return 4;
        usleep(10000);
    }
    if (join(client, argv[1], "recorder:in_1") || join(client, argv[2], "recorder:in_2"))
        return 5;
    int (*freewheel)(client_t *, int) = (int (*)(client_t *, int))find("jack_set_freewheel");
    going = 1;
    if (argc > 5 && freewheel(client, 1))
        return 7;
    puts("recording");
    fflush(stdout);
    while (got < wanted)
        usleep(5000);
    if (argc > 5)
        freewheel(client, 0);
    ((int (*)(client_t *))find("jack_client_close"))(client);       /* a synchronous server waits for clients that vanish */
    if (!silent)
        return 8;
    FILE *out = fopen(argv[4], "wb");
    if (!out || fwrite(memory, 2 * sizeof(float), wanted, out) != (size_t)wanted || fclose(out))
        return 6;
    return 0;
}
