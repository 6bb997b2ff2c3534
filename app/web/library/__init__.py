"""The screens of the picture library: its list, a picture's page, alternative texts, twins, the picker."""
