"""The model stripped to queues whose answers are known, and held against them."""
