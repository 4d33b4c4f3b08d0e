"""Authority that is lent: a post's acts done by somebody else, for named days, and seen by all."""
