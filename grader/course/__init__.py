"""The staff's files: found, read, and refused with file, line, key and remedy."""
