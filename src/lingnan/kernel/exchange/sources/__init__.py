"""Tables that exist already, read where they stand: connecting, describing, asking, drift."""
