"""Widgets for notebooks, over the kernel's Workbench; the kernel never imports this package."""

__all__: list[str] = []
