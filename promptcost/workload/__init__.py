"""promptcost: workload."""
