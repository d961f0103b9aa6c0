"""promptcost: report."""
