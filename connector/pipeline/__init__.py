"""The flow of one account, strung together here and nowhere else.

    pull | save | derive | measure | judge | plan | deliver

`reading` brings the CRM into facts, `measuring` makes numbers of them, `writing` takes wishes back, `standing` looks on.
Each part takes the account's lease for as long as it changes anything, so daemons and commands exclude one another.
"""
