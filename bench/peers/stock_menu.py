"""What the menu of the stock Flask-AppBuilder offers: as much as ours, so that both pages carry the same frame."""

SHOWN = (
    ("Packages", "Catalog"),
    ("Themes", "Catalog"),
    ("Festivals", "Catalog"),
    ("Pictures", "Catalog"),
    ("Reviews", "Business"),
    ("Bookings", "Bookings"),
)
"""Entries with a view behind them, and their groups."""

LINKS = {
    "Catalog": ("Translations", "Glossary", "Interface", "Languages", "Translate"),
    "Business": ("Inbox", "Canned answers", "Members", "Reports"),
    "Bookings": (
        *("Series", "Waiting list", "Calendar feeds", "Payments", "Refunds"),
        *("Calendar", "Free times", "Day sheet"),
    ),
    "Venues": (
        *("Venues", "Rooms", "Closures", "Cancellation policies", "Companies", "Badges"),
        *("Equipment", "Types of equipment", "Cities", "Countries", "Simulator"),
    ),
    "System": ("Mails", "Jobs"),
}
"""The other entries, by group; users and roles stand in the stock menu of their own accord."""
