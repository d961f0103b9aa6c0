"""promptcost: wire."""
