"""How a record looks to a reader, from its declaration, with its texts to be translated where they stand."""
