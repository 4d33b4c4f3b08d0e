"""Electronic seals: a demonstration authority, sealing of PDF documents and checking of seals."""
