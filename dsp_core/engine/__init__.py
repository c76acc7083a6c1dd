"""What the audio thread runs: chain, transport, selector, monitor, telemetry. Begin with `engine.pyx`."""
