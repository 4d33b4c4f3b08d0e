"""Emergency access (紧急查阅): opened by declaration, for an hour, told to all, and reviewed."""
