"""C headers with what Cython cannot say: vector types, run-time dispatch, bit patterns. Each has a plain twin in the tests."""
