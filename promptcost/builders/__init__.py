"""Prompt builders written in Python: found, called in a process of their own, and answered for.

Running somebody's code is never the default.  The process of a builder has a frozen clock, seeded
random numbers, no network, little memory and little time: a safety net against accidents, not a
sandbox against malice.  `child` holds what runs in that process.
"""
