"""Time-stamps: that something existed at a moment, said by a key that says nothing else."""
