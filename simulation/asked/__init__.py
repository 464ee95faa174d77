"""What planners' jobs ask for, a module for each kind of them."""
