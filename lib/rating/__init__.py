"""Published price lists, zones, packages and surcharge rules of the carriers."""
