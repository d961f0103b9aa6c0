"""What runs in the process of a prompt builder; the standard library only."""
