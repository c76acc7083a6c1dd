"""Native parts of what happens between the chain and the file: finding and taking off peaks, dither. Never on the audio thread."""
