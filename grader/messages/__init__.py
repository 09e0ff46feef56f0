"""What the grader says: its sentences in both languages, and values in the form in which people read them."""
