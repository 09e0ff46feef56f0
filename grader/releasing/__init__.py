"""What a student is given: the notebook and a kit, in which the public questions are, and no answer to any other."""
