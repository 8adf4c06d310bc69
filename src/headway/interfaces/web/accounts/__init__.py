"""Sign-in, members, tokens: the screens about who may come in."""
