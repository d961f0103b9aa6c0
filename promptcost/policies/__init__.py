"""promptcost: policies."""
