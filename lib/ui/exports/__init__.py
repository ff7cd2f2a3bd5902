"""The Exports page: what goes into a file and how it looks, its first rows, the files made, and saved recipes."""
