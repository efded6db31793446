"""What a run is made of and how runs differ: computes, never draws."""
