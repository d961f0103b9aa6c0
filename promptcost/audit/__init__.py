"""promptcost: audit."""
