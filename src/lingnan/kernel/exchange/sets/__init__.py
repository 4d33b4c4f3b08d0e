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

Where another node answers, a part is `PART_AFAR` subjects, and these are three services of the
holder's system (`messages.set_services`), each question signed as any message:

    set_open      {"use": SetUse.plain(), "count", "size", "root", "parts": [root of each],
                  "known": whether the asking node knows who they are,
                  "aim": {"zh", "en"}, what the purpose is called there, where it has a name}
                  →  {"set": its number there, "missing": [parts]}
    set_subjects  {"request", "part", "subjects": hex, "known": hex, or "" where it is not known}
                  →  the same; after the last "missing" is empty, and "manifest" has the entry
    set_answers   {"request", "part"}  →  Part.plain()

    or {"failure", "detail", "term"}

The asking node (`across`) names nobody before the manifest was let through and is written down at
home; the holder's (`received`) answers nothing before all have come and its own entry is durable.
Both bind each part by the same digest. Who are known to the asking node alone the holder keeps by
names (`named`), and finds them by its own system's.
"""
