"""Branch-days under the service's own rules: a model of them, and crowds for a live service."""
