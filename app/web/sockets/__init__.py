"""Socket.IO: the namespaces /public of visitors and /staff of the admin, and what guards them."""
