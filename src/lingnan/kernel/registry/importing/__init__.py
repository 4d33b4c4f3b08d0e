"""Taking a file of rows into a register: read, shown, checked, mended, taken in."""
