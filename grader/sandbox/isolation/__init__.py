"""The wall around a kernel: what it is made of on each system, what is tried against it, and the level measured."""
