"""What students hand in: folders, helper files and notebooks. They are read and never run."""
