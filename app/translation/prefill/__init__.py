"""Missing texts are filled in by a tool: labelled, never over what is there, and never counted as done."""
