"""The staff's files: found and read, or refused with file, line, key and remedy."""
