"""The flow of one account, strung together in these files and nowhere else.

    pull | save | derive | score | measure | judge | plan | deliver

`reading` brings the CRM into facts, `scoring` makes facts of what was said, `measuring` makes numbers of them,
`writing` takes wishes back, `standing` looks, `cycling` does it all in one turn.
Each part takes the account's lease for as long as it changes anything, so daemons and commands exclude one another.

Nothing is imported here: a command waits only for the part that it runs (`tests/test_starting.py`).
"""
