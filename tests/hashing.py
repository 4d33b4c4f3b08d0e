"""How the suite hides passwords: as a node does, and with a thousandth of the work.

That a node takes the whole of it: tests/signin/test_passwords.py.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Quick(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 8, 1
