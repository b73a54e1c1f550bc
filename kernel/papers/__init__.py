"""Facts → printed papers, in plain Python: wording, numerals, fitting, outlines. Knows no model and no web."""
