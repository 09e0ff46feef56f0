"""The only rooms that touch student code.

    this process  --questions-->  worker  --cells, one question at a time-->  kernel (inside)
    (the key)     <--observations--       <--allegations--

`runner` starts the worker and speaks with it; the worker process holds questions and no answers, drives a kernel
with nbclient (`engine`, `kernel`) and is the only process that a kernel's messages reach; `inside` is what runs
beside the student's code. Nothing here sees the reference, the key, the checks or the reports.
"""
