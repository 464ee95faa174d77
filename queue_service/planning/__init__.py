"""Plans of branch-days: computed, put in force, changed by managers, bounded by regimes."""
