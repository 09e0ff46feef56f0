"""A worker: drives one kernel with nbclient, puts the questions, and trusts nothing that the kernel says."""
