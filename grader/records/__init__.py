"""What is kept of a grading, as JSON: the record, and the data of its charts. Every report is made from it alone."""
