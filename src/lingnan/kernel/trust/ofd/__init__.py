"""OFD documents under an SM2 seal, after public descriptions of GB/T 33190 and GB/T 38540."""
