"""What the grader says: its sentences in every language, and values as people read them."""
