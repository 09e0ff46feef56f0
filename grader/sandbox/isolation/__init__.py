"""The wall around a kernel: what it is made of on each system, the probes that try it, and the level they measure."""
