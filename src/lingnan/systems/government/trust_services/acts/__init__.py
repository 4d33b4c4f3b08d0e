"""What people do at the certification authority."""
