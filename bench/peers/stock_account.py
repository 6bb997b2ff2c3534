"""The account with which the stock Flask-AppBuilder is signed in to."""

USER = "bench"
PASSWORD = "bench-of-the-stock-one"
