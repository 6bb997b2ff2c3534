"""What is done with strange bytes; it runs in a process of its own, with Pillow and nothing of the program."""
