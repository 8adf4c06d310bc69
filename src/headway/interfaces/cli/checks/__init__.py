"""`headway check …`: is this data, is this model as it should be? Read from files."""
