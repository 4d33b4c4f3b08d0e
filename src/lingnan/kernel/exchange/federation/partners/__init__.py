"""Other instances: known under their own anchors, asked and answered under arrangements, ended at
once."""
