"""What may drift, each change by itself: the proof must notice every one."""
