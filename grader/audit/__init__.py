"""Is a lab fair? It is when no right answer loses a mark, and every wrong one that was tried does.

`auditing` is the story. Each topic of an audit is a module that turns what was measured into a sentence and a list of
what has to be mended: `notebooks` (stub and solution), `mistakes` (and correct variants), `impostors`, `calls`,
`reference`, `mutation`, `tolerances`, `questions`, `laws`, `contents`. Solutions that students could have written run
in kernels (`kernels`), and mutants of the reference in a process of their own (`mutant_runner`): what answers a task is
its `roots`, and for a slip that keeps every mark an input is looked for that tells it (`searching`). What a lab could
still have is `wanted`, in the order of what it would bring (`finding.NEEDS`).
"""
