"""The screens of rooms: beside the prices stands what lengths of time come to, as they are typed."""
