"""Is a lab fair? It is when no right answer loses a mark, and every known mistake is explained as what it is.

`auditing` is the story. Each topic of an audit is a module that turns what was measured into a sentence and a list of
what has to be mended: `notebooks` (stub and solution), `mistakes` (and correct variants), `impostors`, `calls`,
`reference`, `mutation`, `tolerances`, `questions`, `laws`, `contents`. Solutions that students could have written run
in kernels (`kernels`), and mutants of the reference in a process of their own (`mutant_runner`).
"""
