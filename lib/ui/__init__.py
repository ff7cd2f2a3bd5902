"""What the pages share: the shell around them, their forms, charts, tables and messages."""
