"""What people look at: the gateway that pushes the queue as it is, and the pages."""
