"""What bodies join: their databases, services and files, and the tables they publish of them."""
