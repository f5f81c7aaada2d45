"""The job on AWS: plan a run, generate its slices, concatenate their parts.

Each state of the state machine has its handler in the file of its name; the other files hold what
the handlers share.
"""
