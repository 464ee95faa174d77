"""`kezek demo`: everything on one machine, with made-up sign-ins and a clock that skips nights."""
