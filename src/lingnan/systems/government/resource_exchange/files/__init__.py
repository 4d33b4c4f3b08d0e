"""Files and batches from body to body: given under an agreement, followed, received."""
