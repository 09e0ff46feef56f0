"""Is a lab fair? Then no right answer loses a mark, and every wrong one that is known is told what it did.

`auditing` is the story. Each topic of an audit is a module that turns what was measured into a sentence and what is to
be mended: `sat` (stub and solution), `mistakes` (and correct variants), `impostors`, `reference`, `mutation`,
`tolerances`, `questions`, `laws`, `contents`. What students could have written runs in `kernels`, mutants in `trials`.
"""
