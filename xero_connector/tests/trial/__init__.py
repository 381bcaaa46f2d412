"""A trial: people do random things to random documents; whenever all is at rest, both sets of books must say the same."""
