"""`kezek bench simulation`: branch-days a second of the model, beside other libraries' models."""
