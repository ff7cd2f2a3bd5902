"""The address book: contacts, groups and locations, a tab each."""
