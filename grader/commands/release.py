"""`grade release LAB…`: what students are given: the notebook, and a kit with the public questions alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.commands import AbsolutePath, course_option, language_option, option
from grader.messages.languages import spoken
from grader.messages.sentences import say, typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.course.folder import Course
    from grader.model import Language

USER_ERROR = 2


def command(language: Language) -> click.Command:
    """Return the command, its help in one language."""
    help_text = say(
        "Writes what students are given for each LAB: the notebook, and a kit with which `grade LAB` asks the public "
        "questions. No reference and no hidden question is in it."
    )
    install_help = say("What students tell pip to install; default: labgrader, with what the lab needs.")
    return click.Command(
        "release",
        callback=_release,
        help=help_text.in_language(language),
        params=[
            click.Argument(["labs"], metavar="LAB...", nargs=-1, required=True),
            option(
                "--output", say("Write to this folder."), language, type=AbsolutePath(), metavar="DIR", required=True
            ),
            option("--zip as_zip", say("Also write LAB.zip with the same files."), language, is_flag=True),
            option(
                "--check", say("Write nothing: compare the folder with the course of today."), language, is_flag=True
            ),
            option("--install", install_help, language, metavar="SPEC"),
            language_option(language, say("The language of the messages.")),
            course_option(language),
        ],
    )


def _release(*, labs: Sequence[str], course: Path | None, **given: object) -> int:
    from grader.course.folder import named_course  # noqa: PLC0415 (so that `grade --help` answers at once)

    return (_check if given.pop("check") else _write)(named_course(course), labs, **given)  # type: ignore[arg-type]


def _write(
    course: Course, labs: Sequence[str], *, output: Path, as_zip: bool, install: str | None, language: Language
) -> int:
    from grader.releasing.release import make_release, write_releases  # noqa: PLC0415 (same)

    releases = [make_release(course, lab, install) for lab in labs]
    for path in write_releases(releases, output, as_zip=as_zip):
        click.echo(path)
    for release in releases:
        if not release.is_asked:
            told = say("{lab}: a person reads all of it, so students get the notebook without a kit.", lab=release.lab)
            click.echo(told.in_language(spoken(release.languages, language)))
        elif not release.has_kit:
            told = say(
                "{lab}: no question of it is public, so students get the notebook without a kit, and cannot grade it "
                "themselves. `public: true` at a question of the rubric gives that one out with its answer.",
                lab=release.lab,
            )
            click.echo(told.in_language(spoken(release.languages, language)))
    if (first := next((release for release in releases if release.has_kit), None)) is not None:
        following = say(
            "Next: try it as a student would: `cd {folder}`, then `grade {lab}`.", folder=typed(output), lab=first.lab
        )
        click.echo(following.in_language(spoken(first.languages, language)))
    return 0


def _check(
    course: Course,
    labs: Sequence[str],
    *,
    output: Path,
    as_zip: bool,  # noqa: ARG001 (what is in a zip is what lies beside it)
    install: str | None,
    language: Language,
) -> int:
    from grader.releasing.release import differences, make_release  # noqa: PLC0415 (same)

    status = 0
    for lab in labs:
        release = make_release(course, lab, install)
        differing = differences(release, output)
        sentence = (
            say(
                "{lab}: {files} in {folder} are not as the course is today. Give out a new release: "
                "`grade release {lab} --output {quoted}`.",
                lab=lab,
                files=", ".join(differing),
                folder=output,
                quoted=typed(output),
            )
            if differing
            else say("{lab}: the release is as the course is today.", lab=lab)
        )
        click.echo(sentence.in_language(spoken(release.languages, language)))
        status = USER_ERROR if differing else status
    return status
