"""The commands beside grading itself, one file each; the file's name is the word that the user types: `grade WORD`.

A file in this folder has

    command(language: Language) -> click.Command

whose help is in that language, and whose callback returns the exit status. What it needs it imports when it is
called, so that `grade --help` answers at once. No logic: words in, a room of the house asked, sentences out.
"""
