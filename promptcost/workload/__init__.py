"""A team's traffic: the workload file, its arrival processes, and the requests they make.

Submodules: `load` reads a workload file, `spec` is what it says, `arrivals` draws when who calls,
`stream` turns that into requests as chains of prefixes, `uncertainty` draws uncertain inputs.
"""
