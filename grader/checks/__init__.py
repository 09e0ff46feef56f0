"""The kinds of check, one file each; the file's name is the word that a rubric writes after `kind:`.

A file in this folder has

    judge(observed: Returned, expected: Array, *, option: type = default, …) -> Judgement
    impostors(expected: Array, *, option: type = default, …) -> Iterator[tuple[str, Array]]

`judge` says whether an answer agrees with the expected one. Its keyword-only parameters are the options that a
rubric may set, with their types and defaults. `impostors` gives named wrong answers that `judge` must refuse; it may
take some of the options, where they decide what is wrong.

A kind that judges a network has `INSPECTS`, "structure" or "training": whether the network that the function returns is
only inspected or also trained. Its `observed` is then a `Built`, and its `expected` a `Goal`.

A kind that judges more than numbers has `COUNTS`, "value" or "arguments": what of a question is its answer (see
`grader.model.Manner`); then `observed` and `expected` are `Structured`. With `EXPECTS = "exception"` that is expected
which the reference raises, a `Raised`. With `TELLS_EXPECTED = False` no page shows what is expected.
"""
