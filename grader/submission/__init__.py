"""What was handed in: folders, files and notebooks. They are read, and never run."""
