"""Set uses: one agreement, one purpose, a million subjects, each of whom still sees it.

A set is opened once and answered in parts:

1. *Opening.* The consumer gives a `SetUse` and its own pseudonyms, in an order that stays. The
   exchange finds whom each means, keeps them with an index by subject, and writes one entry of the
   evidence: how many, under which Merkle root (RFC 9162 over the pseudonyms). Asked again under the
   same `request`, the same set answers; nothing is written twice.
2. *Parts.* A part is `PART` subjects. Before each, the agreement is asked anew. What is answered is
   bound by an entry of the evidence for the part, once, however often the part is fetched: it is
   named by set and part, so that after a crash of either side one goes on where one was.
3. *Looking.* A person finds the entry by the index (`index.looked`) and is shown that they are of
   the set by a path to its root (`index.proof`).

Between nodes these are three calls of plain values:

    open    SetUse.plain() | {"count": n, "root": hex}  →  Manifest.plain() (evidence 0: not whole)
    send    {"set": number, "part": p, "subjects": [pseudonyms]}  →  {"received": p}; after the
            last, where count and root are as said, Manifest.plain() with the entry's number
    fetch   {"set": number, "part": p}  →  Part.plain(), or {"failure", "detail", "term"}

A holder's node opens with `opening.kept` from the subjects it was sent, refuses where the root is
another one, and answers each fetch by `answering.part`.
"""
