"""What the platform costs, measured beside a baseline in the same run."""
