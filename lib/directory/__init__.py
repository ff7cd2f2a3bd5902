"""What shipments refer to: contacts, groups, locations, addresses, fulfillments."""
