"""What Shipdesk claims about its speed, runnable: `make bench`."""
