"""The sound: stages, meters and the engine that runs them on the audio thread.

Knows no files, no devices, no windows; imports libc, libcpp and the standard library only. Begin with `params`
(the table), then `stages/stage.pxd` (the contract), `stages/trim.pyx` (the smallest stage), `engine/audio_thread.pyx`.
"""
