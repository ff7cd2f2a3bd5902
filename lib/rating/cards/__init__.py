"""Rate cards: reading the team's files, comparing them with what holds, pricing by them."""
