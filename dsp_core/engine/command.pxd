"""What the control thread can tell the audio thread."""
from libc.stdint cimport int64_t

cdef enum:
    PLAY = 1                     # from where the transport stands
    STOP = 2
    SEEK = 3                     # a = song frame, b = number of the seek
    LOOP = 4                     # a = first frame, b = frame after the last; b = 0 takes the loop off
    SELECT = 5                   # a = source to be heard, b = 1: through silence
    MATCH = 6                    # a = source; x = its gain in dB, largest change in dB per second
    MONITOR = 7                  # x = 2 x 2 matrix
    INPUT = 8                    # a = 1: the device's input in place of the song
    LISTEN = 9                   # a = address of the stage whose delta can be heard, or 0
    LANDS = 10                   # a = 1: a start waits for a chain that was run up to its place
    TAP = 11                     # a = place of the stage behind which the meters listen too, or -1; b = bits of the words they watch
    LEVEL = 20                   # a = 1: a delta is heard without its gain
    WANT = 21                    # a = other chain, b = 1: a comparison wants it
    DECK_GO = 22                 # a = deck, b = frame
    DECK_LOOP = 23               # a = deck; x = from, to
    DECK_LOCK = 24               # a = deck, b = 1: locked to the song; x = frame at the song's frame 0

cdef struct Command:
    int what
    int64_t a, b
    double x[4]
