"""The exports, one file each; the file's name is the word that the user types: `grade book export WORD`.

A file in this folder has

    render(sheet: Sheet, language: Language) -> str
    notes(sheet: Sheet) -> Iterator[Text]

`render` returns the file's whole text, line ends and a byte order mark included where the format wants them; `notes`
yields what the teacher should know before using the file.
"""
