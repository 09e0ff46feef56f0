"""The codec: plain values, observations and networks <-> JSON, on both sides of the wall. NumPy and Python alone."""
