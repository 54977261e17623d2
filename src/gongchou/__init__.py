"""Gongchou (公抽): random inspections drawn so that anyone can draw them again."""

__version__ = "0.1.0"
