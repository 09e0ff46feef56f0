"""The report formats, one file each, made from records alone; the file's name is the word after --format.

A file in this folder makes a file for each student, one for the whole class, or both:

    ENDING: str                                       what comes after STUDENT. in the file's name
    render(record: Record, language: Language) -> str

    CLASS_FILE: str                                   the file's name
    render_class(records: Sequence[AnyRecord], language: Language) -> str
    SHOWS_LEFT_OUT = True                             if it also takes left_out: Sequence[LeftOut] = ()

`records` are of one lab, one per student, at least one, in any order; they may be in brief, and `record` may be one in
brief where a format allows it (AnyRecord). The file of the class is made for a class; for a single submission it is
made only where the format has no other file, or says ALSO_FOR_ONE = True. A student's text must stay text in the
output: each format escapes by its own means.
"""
