"""One source notebook: a solved notebook with marks, of which the stub, the reference and the questions are made."""
