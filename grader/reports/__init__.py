"""The report formats, one file each, made from the record alone; the file's name is the word after --format.

A file in this folder has

    ENDING: str                                       what comes after STUDENT. in the file's name
    render(record: Record, language: Language) -> str
"""
