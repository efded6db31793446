"""The demo: four real samples, and the tour that walks them through the pipeline."""
