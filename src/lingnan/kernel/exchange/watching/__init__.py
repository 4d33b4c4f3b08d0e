"""What an operator should know before anybody calls: what waits, what ends, what is not as usual."""
