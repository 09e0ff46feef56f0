"""The MNIST that `mnist.load_data()` gives a notebook while it is graded; none is shipped or downloaded."""
