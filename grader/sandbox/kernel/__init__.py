"""A kernel: what stands beside the student's code. All that is imported here may be read by the student."""
