"""Who may ask for what: identities behind tokens, staff, devices, and what is kept of a person."""
