"""Simulations that planners ask for: jobs in the database that workers take."""
