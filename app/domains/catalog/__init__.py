"""What the business sells and celebrates: packages, themes and festivals; not who books them."""
