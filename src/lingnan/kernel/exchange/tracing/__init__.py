"""One message, hop by hop: what each node wrote down of it, and whether its signatures hold."""
