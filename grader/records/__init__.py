"""What a grading leaves behind, as JSON: the record with the data of its charts. Every report is made from it alone."""
