"""The only rooms that touch student code; a folder in here is a process.

    grader     --questions-->     worker  --cells, questions-->  kernel
    (the key)  <--observations--          <--untrusted--
               forkserver: forks workers and kernels

`runner` takes a submission and returns what was seen, `pool` runs many side by side, `protocol` has every message.
The worker holds questions and no answers, drives a kernel with nbclient and is the only process that a kernel's
messages reach; `kernel` is what runs beside the student's code. Nothing here sees the reference, the key, the checks
or the reports.
"""
