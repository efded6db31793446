"""Reports: an executed notebook and the one HTML file made from it."""
