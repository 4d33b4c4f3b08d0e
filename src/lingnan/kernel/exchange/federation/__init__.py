"""Instances and their nodes: founded, joined, named in a directory, left again."""
