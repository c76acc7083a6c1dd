"""What is wrong with a sound file: each fault with its time, its size, how much it matters, and what to do about it."""
