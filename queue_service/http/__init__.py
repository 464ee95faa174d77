"""The HTTP contract: parse, call a use case, map the refusal to a problem."""
