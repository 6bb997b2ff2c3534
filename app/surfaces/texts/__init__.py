"""Single translations, each by its place: written, judged and taken back, by the workbench and the staff API."""
