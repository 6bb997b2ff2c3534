"""Start everything with one command, `make run`, and stop everything with Ctrl-C.

This part runs before anything else and for as long as the program does: it imports neither Flask nor any
other part of the program but the kernel's settings, processes and own servers.
"""
