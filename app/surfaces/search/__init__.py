"""Search over the fields that say SEARCH: by word in the reader's languages, by part of a word, by a typo."""
