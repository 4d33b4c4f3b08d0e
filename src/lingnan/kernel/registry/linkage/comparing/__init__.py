"""Which rows of a file that an official brings are which records of a register."""
