"""Evidence bundles: entries of the log that somebody outside can check (ASiC-E, XAdES B-T)."""
