"""Reading and writing files: bounded, strict, atomic.  Below every reader of a user's file."""
