"""A worker: drives one kernel with nbclient, puts the questions, and trusts nothing that it hears."""
