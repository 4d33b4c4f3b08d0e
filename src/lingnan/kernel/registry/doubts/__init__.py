"""Doubts about what a register says, and how they are answered."""
