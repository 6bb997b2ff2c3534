"""What staff say to each other about a record: threads, mentions, matters settled."""
