"""The pages of the certification authority."""
