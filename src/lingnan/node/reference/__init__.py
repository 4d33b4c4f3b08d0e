"""The generated reference: every declaration that a system may make, in `docs/reference/`.

Made from the declarations' own code and from what the installed systems declare; only the keys of
the files of matters stand in a table here (`keys.py`), for the code that reads them has none.
"""
