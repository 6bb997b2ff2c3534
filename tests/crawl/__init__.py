"""Every staff screen there is, found and not listed: what must hold on each of them."""
