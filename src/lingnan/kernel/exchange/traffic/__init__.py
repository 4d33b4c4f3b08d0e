"""What went through this node, counted: how much, how fast, how it ended. No content, no subjects.

Counted in memory beside the message and written every few seconds. A process that is killed loses
the seconds that were not written yet, of these figures alone: the evidence of a message is durable
before its answer leaves, and nothing here takes part in that.
"""
