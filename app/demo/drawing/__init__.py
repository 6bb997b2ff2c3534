"""Pictures drawn by rule: a canvas, motifs on it, scenes made of motifs."""
